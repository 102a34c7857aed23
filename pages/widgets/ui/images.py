"""Small pictures as HTML."""

import base64
import io

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageColor

from pages.widgets.ui.palette import NEGATIVE, POSITIVE, ZERO


def image_html(pixels: npt.NDArray[np.uint8], description: str) -> str:
    """Return a greyscale picture, uint8 [H, W], as an HTML image. description: our own text, never a visitor's."""
    return as_html(Image.fromarray(pixels), description)


def as_html(image: Image.Image, description: str) -> str:
    """Return a picture as an HTML image."""
    return f'<img alt="{description}" src="{data_url(image)}">'


def data_url(image: Image.Image, kind: str = "PNG") -> str:
    """Return a picture as a data URL. kind: PNG, or JPEG for photographs."""
    file = io.BytesIO()
    image.save(file, kind)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(file.getvalue()).decode()}"


# From the most negative weight (blue) over zero (white) to the most positive (red)
ENDS = [ImageColor.getrgb(colour) for colour in (NEGATIVE, ZERO, POSITIVE)]
WEIGHT_COLOURS = [
    tuple(round(np.interp(shade, (0, 128, 255), channel)) for channel in zip(*ENDS, strict=True))
    for shade in range(256)
]


def mosaic(shades: npt.NDArray[np.uint8], columns: int, description: str) -> str:
    """Return weights, uint8 [neurons, 28, 28] with 128 for zero, as one coloured HTML image of small pictures."""
    neurons, height, width = shades.shape
    rows = -(-neurons // columns)
    tiles = np.full((rows * columns, height + 1, width + 1), 128, np.uint8)
    tiles[:neurons, :height, :width] = shades
    return signed_image_html(
        tiles.reshape(rows, columns, height + 1, width + 1).swapaxes(1, 2).reshape(rows * (height + 1), -1), description
    )


def signed_image_html(shades: npt.NDArray[np.uint8], description: str) -> str:
    """Return signed numbers, uint8 [H, W] with 128 for zero, as a coloured HTML image."""
    image = Image.fromarray(shades, "P")
    image.putpalette(bytes(value for colour in WEIGHT_COLOURS for value in colour))
    return as_html(image, description)
