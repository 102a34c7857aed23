"""The nearest average digit: a rule for reading digits that a person can write down, without any training."""

import numpy as np
import numpy.typing as npt

from model.mnist import as_vectors
from model.network import Floats, Layer, Network

CHUNK = 1_000  # images: all of them as float32 would take 188 MB


def average_digits(images: npt.NDArray[np.uint8], labels: npt.NDArray[np.uint8]) -> Floats:
    """The average of all images of each digit, 0 to 9: float32 [10, 784] in 0..1.

    images: uint8 [N, 28, 28], 0 is background, 255 is ink; labels: uint8 [N]; every digit is among them.
    """
    averages = np.stack([images[labels == digit].mean(axis=0) for digit in range(10)])
    return (averages.reshape(10, -1) / 255).astype(np.float32)


def distances(averages: Floats, x: Floats) -> Floats:
    """How far x, float32 [784] in 0..1, is from each average, float32 [10, 784]: float32 [10].

    The Euclidean distance in 784 dimensions: the root of the sum of all pixels' squared differences. 0 is the average
    itself, 28 (the root of 784) as far as two pictures can be apart.
    """
    far: Floats = np.linalg.norm(x - averages, axis=1)
    return far


def distances_to_own_average(averages: Floats, images: npt.NDArray[np.uint8], labels: npt.NDArray[np.uint8]) -> Floats:
    """How far each image is from the average of its own digit: float32 [N]. The closest are the most typical ones.

    averages: float32 [10, 784] in 0..1; images: uint8 [N, 28, 28]; labels: uint8 [N].
    """
    far = np.empty(len(images), np.float32)
    for i in range(0, len(images), CHUNK):
        chunk = slice(i, i + CHUNK)
        far[chunk] = np.linalg.norm(as_vectors(images[chunk]) - averages[labels[chunk]], axis=1)
    return far


def nearest_average_network(averages: Floats) -> Network:
    """The rule as a network of one linear layer: its largest output is the digit whose average, float32 [10, 784], is
    the nearest.

    For an average m, |x - m|² = |x|² - 2 (m·x - |m|²/2). |x|² is the same for all ten, so the nearest average is the
    one with the largest m·x - |m|²/2: the weights are m, the bias is -|m|²/2.
    """
    return Network([Layer(averages.T.copy(), -(averages**2).sum(axis=1) / 2, "linear")])
