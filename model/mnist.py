"""MNIST: 70,000 handwritten digits, bundled with the app (see assets/README.md for source and licence)."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

ASSETS = Path(__file__).parent.parent / "assets"

CHUNK = 1_000  # images
SHAPES = {"x_train": (60_000, 28, 28), "y_train": (60_000,), "x_test": (10_000, 28, 28), "y_test": (10_000,)}


class Mnist(NamedTuple):
    """The images (uint8, 0 is background, 255 is ink) and their labels (uint8, 0 to 9)."""

    x_train: npt.NDArray[np.uint8]  # [60000, 28, 28]
    y_train: npt.NDArray[np.uint8]  # [60000]
    x_test: npt.NDArray[np.uint8]  # [10000, 28, 28]
    y_test: npt.NDArray[np.uint8]  # [10000]


class MnistError(Exception):
    """The data set cannot be read. The message tells the visitor in one sentence what happened and what to do."""


def load_mnist(path: Path = ASSETS / "mnist.npz") -> Mnist:
    """Read the data set from a file laid out as `keras.datasets.mnist` stores it.

    Raises MnistError if the file is missing, damaged, or not MNIST.
    """
    remedy = "restore it with `git checkout -- assets/mnist.npz`, or download Inkling again."
    try:
        with np.load(path) as arrays:
            mnist = Mnist(*(arrays[name] for name in Mnist._fields))
    except FileNotFoundError as error:
        raise MnistError(f"The file {path.name} is missing: {remedy}") from error
    except Exception as error:  # NumPy, zipfile and zlib raise a dozen kinds for damaged files
        raise MnistError(f"The file {path.name} is damaged: {remedy}") from error
    if any(a.dtype != np.uint8 or a.shape != SHAPES[n] for n, a in mnist._asdict().items()):
        raise MnistError(f"The file {path.name} does not hold MNIST: {remedy}")
    if any(set(np.unique(labels)) != set(range(10)) for labels in (mnist.y_train, mnist.y_test)):
        raise MnistError(f"The labels in the file {path.name} are not those of MNIST: {remedy}")
    return mnist


def as_vectors(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Flatten and normalise as the lesson does: uint8 [N, 28, 28] in 0..255 -> float32 [N, 784] in 0..1."""
    return images.reshape(-1, 784).astype(np.float32) / np.float32(255)


def in_chunks(rows: npt.NDArray[np.uint8]) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield images or labels a thousand at a time.

    A thousand images as float32 fit into a processor's cache. All 10,000 test images would take 31 MB and two to five
    times as long, and all training images 188 MB.
    """
    return (rows[i : i + CHUNK] for i in range(0, len(rows), CHUNK))
