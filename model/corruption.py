"""The test images turned, shifted, noisy, or written with another pen: what does a network still read?

All images are spoiled alike and at once, in milliseconds. `augmentation.py` bends each training picture in a way of
its own, which takes a hundred times as long.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model.preprocessing import SIDE

Images = npt.NDArray[np.uint8]  # [N, 28, 28], 0 is background, 255 is ink
Noise = npt.NDArray[np.float32]  # [N, 28, 28], normally distributed

CHUNK = 1_000  # images: what fits into a processor's cache is done in half the time
SEED = 0


class Corruption(NamedTuple):
    """What is done to each image, in this order: the pen, then rotation and shift, then noise."""

    pen: float = 0  # pixels that each line gets wider on all sides; below 0 thinner
    rotation: float = 0  # degrees clockwise, about the middle
    right: float = 0  # pixels; below 0 to the left
    down: float = 0  # pixels; below 0 upward
    noise: float = 0  # the standard deviation, as a share of full ink


def corrupt(images: Images, how: Corruption) -> Images:
    """The images, uint8 [N, 28, 28], spoiled: uint8 [N, 28, 28]. The same each time; what leaves the frame is lost."""
    if how == Corruption() or not len(images):
        return images
    chunks = [images[i : i + CHUNK] for i in range(0, len(images), CHUNK)]
    noise = make_noise(len(chunks[0])) if how.noise else None
    return np.concatenate([corrupt_chunk(chunk, how, noise) for chunk in chunks])


def corrupt_chunk(images: Images, how: Corruption, noise: Noise | None) -> Images:
    """The same for a thousand images or fewer; noise: for as many."""
    if how.pen:
        images = change_pen(images, how.pen)
    if how.rotation or how.right or how.down:
        images = move(images, how.rotation, how.right, how.down)
    if noise is not None:
        images = add_noise(images, how.noise, noise)
    return images


def change_pen(images: Images, pixels: float) -> Images:
    """Lines wider by so many pixels on all sides, or thinner: each pixel becomes the lightest or the darkest of the 3x3
    around it (greyscale dilation and erosion); for a part of a pixel, something in between.
    """
    whole, part = divmod(abs(pixels), 1)
    for _ in range(int(whole)):
        images = extreme_of_nine(images, np.maximum if pixels > 0 else np.minimum)
    if not part:
        return images
    further = extreme_of_nine(images, np.maximum if pixels > 0 else np.minimum)
    between: Images = np.rint(images * np.float32(1 - part) + further * np.float32(part)).astype(np.uint8)
    return between


def extreme_of_nine(images: Images, extreme: np.ufunc) -> Images:
    """The maximum or the minimum of each pixel and its eight neighbours; beyond the edge is background."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    rows = extreme(extreme(padded[:, :-2], padded[:, 1:-1]), padded[:, 2:])
    of_nine: Images = extreme(extreme(rows[:, :, :-2], rows[:, :, 1:-1]), rows[:, :, 2:])
    return of_nine


def move(images: Images, rotation: float, right: float, down: float) -> Images:
    """The images turned clockwise by so many degrees, then shifted by so many pixels.

    Each pixel takes the mean of the four around the place that it comes from, the closer the more (bilinear).
    """
    source_row, source_column = come_from(rotation, right, down)
    top, left = np.floor(source_row).astype(int), np.floor(source_column).astype(int)
    # A row of `pixels` is one pixel of all images and lies in one piece, so that taking many of them copies long rows.
    pixels = images.reshape(len(images), -1).T.astype(np.float32, order="C")
    moved = np.zeros_like(pixels)
    for row, column in ((top, left), (top, left + 1), (top + 1, left), (top + 1, left + 1)):
        inside = (row >= 0) & (row < SIDE) & (column >= 0) & (column < SIDE)
        share = inside * (1 - np.abs(source_row - row)) * (1 - np.abs(source_column - column))
        if share.any():
            moved += pixels[np.where(inside, row * SIDE + column, 0)] * share[:, None].astype(np.float32)
    return np.ascontiguousarray(np.rint(moved).astype(np.uint8).T).reshape(images.shape)


def come_from(rotation: float, right: float, down: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The row and the column that each of the 784 pixels comes from, float64 [784] each."""
    middle = (SIDE - 1) / 2
    row, column = (np.indices((SIDE, SIDE)) - middle).reshape(2, -1)
    row, column = row - down, column - right
    angle = np.deg2rad(rotation)
    sine, cosine = np.sin(angle), np.cos(angle)
    # Rounded, or a quarter turn would take from a place that is next to the edge by the last digit.
    return tuple(np.round(each + middle, 9) for each in (cosine * row - sine * column, sine * row + cosine * column))


def add_noise(images: Images, share: float, noise: Noise) -> Images:
    """Normally distributed numbers added to all pixels; share: their standard deviation, 1 is full ink."""
    noisy = images + noise[: len(images)] * np.float32(255 * share)
    spoiled: Images = np.rint(np.clip(noisy, 0, 255)).astype(np.uint8)
    return spoiled


def make_noise(images: int) -> Noise:
    """Noise for so many images, a thousand at most; the next thousand gets the same."""
    return np.random.default_rng(SEED).standard_normal((images, SIDE, SIDE), np.float32)
