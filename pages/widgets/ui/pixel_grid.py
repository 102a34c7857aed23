"""An image's 784 numbers as HTML."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from model.preprocessing import SIDE
from pages.widgets.ui.images import image_html

MIDDLE = 117  # on this shade, black and white text have the same contrast

Pixels = npt.NDArray[np.uint8]  # [28, 28], 0 is background, 255 is ink


def number_grid(pixels: Pixels, as_text: Callable[[int], str]) -> str:
    """Return the numbers as text on squares as dark as their pixels, as HTML."""
    squares = (
        f'<span style="background: rgb({shade}, {shade}, {shade})" class="{text_on(shade)}">{as_text(shade)}</span>'
        for shade in pixels.reshape(SIDE * SIDE).tolist()
    )
    return f'<div class="numbers" tabindex="0" role="img" aria-label="784 numbers">{"".join(squares)}</div>'


def text_on(shade: int) -> str:
    """Return the style sheet's class for text on this shade: black or white by contrast, and grey for zeros."""
    return "nothing" if shade == 0 else "bright" if shade > MIDDLE else "dark"


def as_share(shade: int) -> str:
    """Return a pixel's number divided by 255, short: ".53"."""
    return "0" if shade == 0 else f"{shade / 255:.2f}".lstrip("0")


def strip(pixels: Pixels) -> str:
    """Return the numbers as one long row of pixels, with the row that each comes from below, as HTML."""
    rows = "".join(f"<li>{row}</li>" for row in range(SIDE))
    image = image_html(pixels.reshape(1, SIDE * SIDE), "The 784 pixels in one row")
    return (
        f'<div class="strip" tabindex="0">{image}<ol aria-label="The row that the pixels come from">{rows}</ol></div>'
    )
