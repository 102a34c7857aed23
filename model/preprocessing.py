"""From a picture of a drawing to the 784 numbers that MNIST's makers would have made of it.

A network only reads pictures that look like those it was trained on. The recipe is on MNIST's page (Y. LeCun,
C. Cortes, C. Burges, http://yann.lecun.com/exdb/mnist/): the digit is scaled to fit a box of 20x20 pixels with its
aspect kept, and set into 28x28 so that its centre of mass lies in the middle.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops

from model.mnist import as_vectors

SIDE = 28
BOX = 20
# MNIST's centres of mass lie at pixel 14 (mean 14.00, within half a pixel), not at 13.5 between the two middle ones.
MIDDLE = 14
# Fainter ink (of 255) counts as paper: compression and anti-aliasing leave it behind.
FAINTEST_INK = 13
INK_TABLE = [255 * (level >= FAINTEST_INK) for level in range(256)]

Bytes = npt.NDArray[np.uint8]


class Steps(NamedTuple):
    """The picture after each step, uint8 with 0 for background and 255 for ink."""

    ink: Bytes  # [H, W]: as large as the drawing
    crop: Bytes  # [h, w]: the smallest rectangle that holds all ink
    box: Bytes  # [20, w] or [h, 20]: the longer side is 20 pixels
    centred: Bytes  # [28, 28]: what the network sees


def preprocess(rgba: Bytes) -> npt.NDArray[np.float32] | None:
    """Return the vector for the network: uint8 [H, W, 4] -> float32 [784] in 0..1, or None for a blank picture.

    Raises ValueError if rgba is not such an array.
    """
    steps = preprocessing_steps(rgba)
    return None if steps is None else as_vectors(steps.centred)[0]


def preprocessing_steps(rgba: Bytes) -> Steps | None:
    """Do the same as `preprocess`, but return the picture after each step, or None for a blank picture."""
    if rgba.dtype != np.uint8 or rgba.ndim != 3 or rgba.shape[2] != 4 or rgba.size == 0:
        raise ValueError(f"A picture is uint8 [height, width, 4], this is {rgba.dtype} {list(rgba.shape)}.")
    return steps_from_ink(find_ink(rgba))


def steps_from_ink(ink: Image.Image) -> Steps | None:
    """Apply the recipe to a greyscale picture of any size (mode L, 0 is background). Returns None if it has no ink."""
    rectangle = ink.point(INK_TABLE).getbbox()
    if rectangle is None:
        return None
    crop = ink.crop(rectangle)
    box = fit_to_box(crop)
    return Steps(np.asarray(ink), np.asarray(crop), box, centre_in_image(box))


def find_ink(rgba: Bytes) -> Image.Image:
    """Return how much ink is on each pixel, as a greyscale picture: 0 is background.

    The background is the median of the border. If it is transparent, opaque pixels are ink. Otherwise ink is whatever
    differs from the background's colour, in the channel where it differs most, so that ink of any colour counts on
    paper of any colour.
    """
    border = np.concatenate([rgba[0], rgba[-1], rgba[:, 0], rgba[:, -1]])
    background = np.median(border, axis=0).astype(np.uint8)
    # Only the part that differs from the background can hold ink. Most drawings leave most of the picture empty.
    different = np.ascontiguousarray(rgba).view(np.uint32)[..., 0] != background.view(np.uint32)
    rows, columns = (np.flatnonzero(different.any(axis=axis)) for axis in (1, 0))
    ink = Image.new("L", (rgba.shape[1], rgba.shape[0]))
    if len(rows):
        top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
        ink.paste(difference_from(Image.fromarray(rgba[top:bottom, left:right]), background), (int(left), int(top)))
    return ink


def difference_from(picture: Image.Image, background: Bytes) -> Image.Image:
    """Return how far each pixel of an RGBA picture is from the background, uint8 [4]: a greyscale picture."""
    if background[3] < 128:
        return ImageChops.difference(picture.getchannel("A"), Image.new("L", picture.size, int(background[3])))
    paper = Image.new("RGBA", picture.size, (*background[:3].tolist(), 255))
    if picture.getchannel("A").getextrema() != (255, 255):
        picture = Image.alpha_composite(paper, picture)
    red, green, blue, _ = ImageChops.difference(picture, paper).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def fit_to_box(crop: Image.Image) -> Bytes:
    """Scale so that the longer side is 20 pixels, each the mean of what it covers, and the strongest becomes 255."""
    scale = BOX / max(crop.size)
    width, height = (max(1, round(side * scale)) for side in crop.size)
    # Floats, because thin ink on a large picture has means far below 1.
    means = np.asarray(crop.convert("F").resize((width, height), Image.Resampling.BOX))
    stretched: Bytes = np.rint(means * (255 / means.max())).astype(np.uint8)
    return stretched


def centre_in_image(box: Bytes) -> Bytes:
    """Set the box into 28x28 with its centre of mass at the middle, moved by whole pixels as in MNIST.

    A box that would reach over the edge, because its ink is very one-sided, stops at the edge: no ink is cut off.
    """
    mass = box.astype(np.float64)
    picture = np.zeros((SIDE, SIDE), np.uint8)
    corner = []
    for axis, length in enumerate(box.shape):
        middle = mass.sum(axis=1 - axis) @ np.arange(length) / mass.sum()
        corner.append(int(np.clip(round(MIDDLE - middle), 0, SIDE - length)))
    top, left = corner
    picture[top : top + box.shape[0], left : left + box.shape[1]] = box
    return picture
