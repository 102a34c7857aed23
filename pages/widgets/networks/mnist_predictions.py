"""MNIST's test images, and what networks read in them."""

import logging

import numpy as np
import numpy.typing as npt
import streamlit as st

from model.evaluate import predict_images
from model.mnist import Mnist, MnistError, load_mnist
from model.network import Floats, Network
from pages.widgets.networks.network_cache import NetworkCache

EXAMPLE = 8  # one that the notebook's network reads right and is not quite sure of

log = logging.getLogger(__name__)

# What each network gives for the test images
probabilities: NetworkCache[Floats] = NetworkCache()


@st.cache_resource(show_spinner=False)
def cached_mnist() -> Mnist:
    """The data set, shared by all visitors and read-only. Raises MnistError."""
    mnist = load_mnist()
    for array in mnist:
        array.setflags(write=False)
    return mnist


def read_mnist() -> Mnist | None:
    """The data set; None, with the reason on the page, where it cannot be read."""
    try:
        return cached_mnist()
    except MnistError as error:
        log.exception("MNIST cannot be read.")
        st.error(str(error))
        return None


def probabilities_of(network: Network, mnist: Mnist) -> Floats:
    """What the network gives for each test image, float32 [10000, 10], read-only."""

    def compute() -> Floats:
        computed = predict_images(network, mnist.x_test)
        computed.setflags(write=False)
        return computed

    return probabilities.get(network, compute)


def answers_of(network: Network, mnist: Mnist) -> npt.NDArray[np.integer]:
    """The digit that the network reads in each test image, int [10000]."""
    read: npt.NDArray[np.integer] = probabilities_of(network, mnist).argmax(axis=1)
    return read


def accuracy_of(network: Network, mnist: Mnist) -> float:
    """The share of test images that the network reads right."""
    return float(np.mean(answers_of(network, mnist) == mnist.y_test))


def mistake_after(network: Network, mnist: Mnist, image: int) -> int | None:
    """The number of the next test image that the network reads wrong, from the first again after the last one; None
    where it reads all of them right.
    """
    mistakes = np.flatnonzero(answers_of(network, mnist) != mnist.y_test)
    if not len(mistakes):
        return None
    return int(mistakes[np.searchsorted(mistakes, image, side="right") % len(mistakes)])
