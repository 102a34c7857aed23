"""The rule that reads a drawing as the digit with the nearest average."""

from typing import NamedTuple

import streamlit as st

from model.averages import average_digits, nearest_average_network
from model.network import Floats, Network
from pages.widgets.networks.mnist_predictions import cached_mnist


class AverageRule(NamedTuple):
    """The rule that reads a drawing as the digit with the nearest average."""

    averages: Floats  # [10, 784]
    network: Network  # the same rule as a layer


@st.cache_resource(show_spinner=False)
def average_rule() -> AverageRule:
    """Return the rule, computed from MNIST once for all visitors. Raises MnistError."""
    mnist = cached_mnist()
    averages = average_digits(mnist.x_train, mnist.y_train)
    averages.setflags(write=False)
    return AverageRule(averages, nearest_average_network(averages))
