"""The nearest average digit: a rule for reading digits that a person can write down, without any training."""

import numpy as np
import numpy.typing as npt

from model.mnist import as_vectors, in_chunks
from model.network import Floats, Layer, Network


def average_digits(images: npt.NDArray[np.uint8], labels: npt.NDArray[np.uint8]) -> Floats:
    """Return the average image of each digit, 0 to 9: float32 [10, 784] in 0..1.

    images: uint8 [N, 28, 28], 0 is background, 255 is ink; labels: uint8 [N], in which every digit occurs.
    """
    averages = np.stack([images[labels == digit].mean(axis=0) for digit in range(10)])
    return (averages.reshape(10, -1) / 255).astype(np.float32)


def distances(averages: Floats, x: Floats) -> Floats:
    """Return how far x, float32 [784] in 0..1, is from each average, float32 [10, 784]: float32 [10].

    This is the Euclidean distance in 784 dimensions: the root of the sum of all pixels' squared differences. It is 0
    for the average itself, and 28 (the root of 784) for the two pictures that differ most.
    """
    far: Floats = np.linalg.norm(x - averages, axis=1)
    return far


def distances_to_own_average(averages: Floats, images: npt.NDArray[np.uint8], labels: npt.NDArray[np.uint8]) -> Floats:
    """Return how far each image is from the average of its own digit: float32 [N]. The closest are the most typical.

    averages: float32 [10, 784] in 0..1; images: uint8 [N, 28, 28]; labels: uint8 [N].
    """
    chunks = zip(in_chunks(images), in_chunks(labels), strict=True)
    return np.concatenate([np.linalg.norm(as_vectors(chunk) - averages[own], axis=1) for chunk, own in chunks])


def nearest_average_network(averages: Floats) -> Network:
    """Return the rule as a network of one linear layer, whose largest output is the digit with the nearest average.

    averages: float32 [10, 784]. For an average m, |x - m|² = |x|² - 2 (m·x - |m|²/2). |x|² is the same for all ten, so
    the nearest average has the largest m·x - |m|²/2: the weights are m, the bias is -|m|²/2.
    """
    return Network([Layer(averages.T.copy(), -(averages**2).sum(axis=1) / 2, "linear")])
