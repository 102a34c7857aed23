"""MNIST, and what networks read in its test images."""

import logging

import numpy as np
import numpy.typing as npt
import streamlit as st

from model.evaluate import predict_images
from model.mnist import Mnist, MnistError, load_mnist
from model.network import Floats, Network
from pages.widgets.networks.network_cache import NetworkCache

EXAMPLE = 8  # a test image that the notebook's network reads right without being quite sure

log = logging.getLogger(__name__)

probabilities: NetworkCache[Floats] = NetworkCache()


@st.cache_resource(show_spinner=False)
def cached_mnist() -> Mnist:
    """Return the data set, which all visitors share, read-only. Raises MnistError."""
    mnist = load_mnist()
    for array in mnist:
        array.setflags(write=False)
    return mnist


def read_mnist() -> Mnist | None:
    """Return the data set; None, with an error on the page, if it cannot be read."""
    try:
        return cached_mnist()
    except MnistError as error:
        log.exception("MNIST cannot be read.")
        st.error(str(error))
        return None


def probabilities_of(network: Network, mnist: Mnist) -> Floats:
    """Return the network's probabilities for each test image, float32 [10000, 10], read-only."""

    def compute() -> Floats:
        computed = predict_images(network, mnist.x_test)
        computed.setflags(write=False)
        return computed

    return probabilities.get(network, compute)


def answers_of(network: Network, mnist: Mnist) -> npt.NDArray[np.integer]:
    """Return the digit that the network reads in each test image, int [10000]."""
    read: npt.NDArray[np.integer] = probabilities_of(network, mnist).argmax(axis=1)
    return read


def accuracy_of(network: Network, mnist: Mnist) -> float:
    """Return the share of test images that the network reads right."""
    return float(np.mean(answers_of(network, mnist) == mnist.y_test))


def mistake_after(network: Network, mnist: Mnist, image: int) -> int | None:
    """Return the number of the next test image that the network misreads, starting over after the last one; None if it
    misreads none.
    """
    mistakes = np.flatnonzero(answers_of(network, mnist) != mnist.y_test)
    if not len(mistakes):
        return None
    return int(mistakes[np.searchsorted(mistakes, image, side="right") % len(mistakes)])
