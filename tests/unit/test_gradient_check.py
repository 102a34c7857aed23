"""The difference quotient agrees with backpropagation."""

import pytest

from model import load_network
from model.bundled_networks import BUNDLED_NAMES
from model.gradient_check import check_gradient
from model.mnist import as_vectors, load_mnist

IMAGE = as_vectors(load_mnist().x_test[8:9])[0]


@pytest.mark.parametrize("name", BUNDLED_NAMES)
def test_difference_quotient_agrees_with_backpropagation(name: str) -> None:
    network = load_network(name)
    for layer, weight in ((0, (425, 52)), (1, (52, 20)), (2, (20, 6))):
        check = check_gradient(network, IMAGE, 5, layer, weight)
        assert check.quotient == pytest.approx(check.derivative, rel=1e-4, abs=1e-9)
        assert (check.higher > check.lower) == (check.derivative > 0)
