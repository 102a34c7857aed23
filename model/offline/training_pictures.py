"""The robust network's training pictures: MNIST deformed, pen digits deformed, digits by code; and what is no digit.

Made on all cores, because a million of them take minutes; the same seed gives the same pictures on any number of cores.
"""

import multiprocessing
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model.augmentation import deform_picture, deform_strokes, draw_training_picture
from model.offline.drawn_digits import draw_digit, restyle
from model.offline.non_digits import draw_non_digit
from model.pen_digits import PenDigit

CHUNK = 2000
NO_DIGIT = 10  # the label of nonsense
# How many of the pen digits get a slash, a flag, a foot or a bar, where they can take one.
RESTYLED = 0.35

Bytes = npt.NDArray[np.uint8]


class Pictures(NamedTuple):
    """Pictures with their labels."""

    x: Bytes  # [N, 784], 0 is background, 255 is ink
    y: Bytes  # [N], 0 to 9, or NO_DIGIT


class Material(NamedTuple):
    """What the pictures are made of."""

    images: Bytes  # [N, 28, 28], of MNIST
    labels: Bytes  # [N]
    digits: list[PenDigit]


class Counts(NamedTuple):
    """How many pictures of each kind."""

    mnist: int
    pen_digits: int
    styles: int
    nonsense: int = 0


def make_pictures(
    material: Material, counts: Counts, seed: int, progress: Callable[[int], None] = lambda done: None
) -> Pictures:
    """Pictures of all kinds, one kind after the other. `progress` is told how many are done.

    Raises ValueError where pen digits are asked for and there are none.
    """
    if counts.pen_digits and not material.digits:
        raise ValueError("There are no pen digits to make pictures of.")
    chunks = [
        (kind, min(CHUNK, count - start))
        for kind, count in counts._asdict().items()
        for start in range(0, count, CHUNK)
    ]
    seeds = np.random.SeedSequence(seed).spawn(len(chunks))
    x = np.empty((sum(counts), 784), np.uint8)
    y = np.empty(sum(counts), np.uint8)
    done = 0
    # Spawned, not forked: TensorFlow's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(mp_context=context, initializer=_receive, initargs=(material,)) as executor:
        for chunk in executor.map(_make, *zip(*chunks, strict=True), seeds):
            end = done + len(chunk.y)
            x[done:end], y[done:end] = chunk
            progress(done := end)
    return Pictures(x, y)


def make_picture(
    kind: str, material: Material, weights: npt.NDArray[np.float64], random: np.random.Generator
) -> tuple[Bytes, int]:
    """A picture, uint8 [28, 28], and its label. kind: a field of Counts; weights: how often to take each pen digit."""
    if kind == "mnist":
        i = random.integers(len(material.images))
        return deform_picture(material.images[i], random), int(material.labels[i])
    if kind == "styles":
        label, strokes = draw_digit(random)
    elif kind == "nonsense":
        label, strokes = NO_DIGIT, draw_non_digit(random)
    else:
        digit = material.digits[random.choice(len(weights), p=weights)]
        label, strokes = digit.label, digit.strokes
        if random.random() < RESTYLED:
            strokes = restyle(label, strokes, random)
    return draw_training_picture(deform_strokes(strokes, random), random), label


def even_weights(digits: list[PenDigit]) -> npt.NDArray[np.float64]:
    """How often to take each digit, so that a few writers of hundreds do not drown the many writers of ten.

    float64 [N], the sum is 1.
    """
    written = Counter((digit.source, digit.writer) for digit in digits)
    weights = np.array([written[digit.source, digit.writer] ** -0.5 for digit in digits])
    shares: npt.NDArray[np.float64] = weights / weights.sum()
    return shares


# In each worker, set once.
_material: Material
_weights: npt.NDArray[np.float64]


def _receive(material: Material) -> None:
    global _material, _weights
    _material, _weights = material, even_weights(material.digits)


def _make(kind: str, count: int, seed: np.random.SeedSequence) -> Pictures:
    """In a worker: `count` pictures of one kind."""
    random = np.random.default_rng(seed)
    pictures = [make_picture(kind, _material, _weights, random) for _ in range(count)]
    return Pictures(
        np.stack([picture for picture, _ in pictures]).reshape(count, 784),
        np.array([label for _, label in pictures], np.uint8),
    )
