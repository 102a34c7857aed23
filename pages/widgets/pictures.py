"""Small pictures as HTML."""

import base64
import io

import numpy as np
import numpy.typing as npt
from PIL import Image


def picture(pixels: npt.NDArray[np.uint8], description: str) -> str:
    """A greyscale picture, uint8 [H, W], as an HTML image; `description` is ours, never a visitor's text."""
    png = io.BytesIO()
    Image.fromarray(pixels).save(png, "PNG")
    return f'<img alt="{description}" src="data:image/png;base64,{base64.b64encode(png.getvalue()).decode()}">'
