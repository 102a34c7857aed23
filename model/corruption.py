"""The test images turned, shifted, noisy, or written with another pen: what does a network still read?

All images are corrupted in the same way and at once, in milliseconds. `augmentation.py` bends each training picture in
a way of its own, which takes a hundred times as long.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model.mnist import in_chunks
from model.preprocessing import SIDE

Images = npt.NDArray[np.uint8]  # [N, 28, 28], 0 is background, 255 is ink
Noise = npt.NDArray[np.float32]  # [N, 28, 28], normally distributed

SEED = 0


class Corruption(NamedTuple):
    """What happens to each image, in this order: pen, rotation and shift, noise."""

    pen: float = 0  # pixels by which each line gets wider on all sides; below 0 it gets thinner
    rotation: float = 0  # degrees clockwise, about the middle
    right: float = 0  # pixels; below 0 to the left
    down: float = 0  # pixels; below 0 upward
    noise: float = 0  # standard deviation, as a share of full ink


def corrupt(images: Images, corruption: Corruption) -> Images:
    """Return the images, corrupted: uint8 [N, 28, 28] -> uint8 [N, 28, 28]. What leaves the frame is lost.

    The noise is the same each time.
    """
    if corruption == Corruption() or not len(images):
        return images
    chunks = list(in_chunks(images))
    noise = make_noise(len(chunks[0])) if corruption.noise else None
    return np.concatenate([corrupt_chunk(chunk, corruption, noise) for chunk in chunks])


def corrupt_chunk(images: Images, corruption: Corruption, noise: Noise | None) -> Images:
    """Corrupt a thousand images or fewer. noise: for as many images or more."""
    if corruption.pen:
        images = widen_lines(images, corruption.pen)
    if corruption.rotation or corruption.right or corruption.down:
        images = rotate_and_shift(images, corruption.rotation, corruption.right, corruption.down)
    if noise is not None:
        images = add_noise(images, corruption.noise, noise)
    return images


def widen_lines(images: Images, pixels: float) -> Images:
    """Make lines wider by this many pixels on all sides, or thinner where that is negative.

    Each pixel becomes the lightest or the darkest of the 3x3 around it (greyscale dilation and erosion). A part of a
    pixel mixes the images before and after.
    """
    extreme = np.maximum if pixels > 0 else np.minimum
    whole, part = divmod(abs(pixels), 1)
    for _ in range(int(whole)):
        images = extreme_of_neighbours(images, extreme)
    if not part:
        return images
    further = extreme_of_neighbours(images, extreme)
    between: Images = np.rint(images * np.float32(1 - part) + further * np.float32(part)).astype(np.uint8)
    return between


def extreme_of_neighbours(images: Images, extreme: np.ufunc) -> Images:
    """Return the maximum or the minimum of each pixel and its eight neighbours. Beyond the edge is background."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    rows = extreme(extreme(padded[:, :-2], padded[:, 1:-1]), padded[:, 2:])
    extremes: Images = extreme(extreme(rows[:, :, :-2], rows[:, :, 1:-1]), rows[:, :, 2:])
    return extremes


def rotate_and_shift(images: Images, rotation: float, right: float, down: float) -> Images:
    """Turn images clockwise by `rotation` degrees, then shift them by pixels, with bilinear interpolation."""
    source_row, source_column = source_positions(rotation, right, down)
    top, left = np.floor(source_row).astype(int), np.floor(source_column).astype(int)
    # Each row of `pixels` holds one pixel of all images, contiguously, so indexing copies long rows.
    pixels = images.reshape(len(images), -1).T.astype(np.float32, order="C")
    moved = np.zeros_like(pixels)
    for row, column in ((top, left), (top, left + 1), (top + 1, left), (top + 1, left + 1)):
        inside = (row >= 0) & (row < SIDE) & (column >= 0) & (column < SIDE)
        share = inside * (1 - np.abs(source_row - row)) * (1 - np.abs(source_column - column))
        if share.any():
            moved += pixels[np.where(inside, row * SIDE + column, 0)] * share[:, None].astype(np.float32)
    return np.ascontiguousarray(np.rint(moved).astype(np.uint8).T).reshape(images.shape)


def source_positions(rotation: float, right: float, down: float) -> tuple[npt.NDArray[np.float64], ...]:
    """Return the row and the column that each of the 784 pixels comes from: float64 [784] each."""
    middle = (SIDE - 1) / 2
    row, column = (np.indices((SIDE, SIDE)) - middle).reshape(2, -1)
    row, column = row - down, column - right
    angle = np.deg2rad(rotation)
    sine, cosine = np.sin(angle), np.cos(angle)
    # Without rounding, a quarter turn would miss the outermost pixels by the last digit.
    return tuple(np.round(each + middle, 9) for each in (cosine * row - sine * column, sine * row + cosine * column))


def add_noise(images: Images, share: float, noise: Noise) -> Images:
    """Add noise to all pixels. share: its standard deviation, where 1 is full ink."""
    noisy = images + noise[: len(images)] * np.float32(255 * share)
    clipped: Images = np.rint(np.clip(noisy, 0, 255)).astype(np.uint8)
    return clipped


def make_noise(images: int) -> Noise:
    """Return noise for this many images, a thousand at most: every thousand gets the same noise."""
    return np.random.default_rng(SEED).standard_normal((images, SIDE, SIDE), np.float32)
