"""Check a gradient: nudge one weight and see what the loss does."""

import math
from typing import NamedTuple

import numpy.typing as npt

from model.network import Network

NUDGE = 1e-4  # small against the weights, and large against what float64 rounds off


class GradientCheck(NamedTuple):
    """The derivative of the loss by one weight, found in two ways."""

    higher: float  # the loss with the weight nudged up
    lower: float  # the loss with the weight nudged down
    quotient: float  # the difference of the two losses, divided by that of the two weights
    derivative: float  # what backpropagation says

    @property
    def agrees(self) -> bool:
        """Return whether quotient and derivative are the same to a thousandth."""
        return math.isclose(self.quotient, self.derivative, rel_tol=1e-3)


def check_gradient(
    network: Network, x: npt.ArrayLike, digit: int, layer: int, weight: tuple[int, int]
) -> GradientCheck:
    """Compare backpropagation's derivative by one weight with the central difference quotient.

    x: float32 [784]; digit: its right answer; weight: (input, neuron) in that layer. The quotient is
    (L(w + h) - L(w - h)) / 2h, in float64: in float32, rounding alone changes it by 1% or swallows it.
    """
    exact = network.as_float64()

    def loss_at(nudge: float) -> float:
        weights = exact.layers[layer].weights.copy()
        weights[weight] += nudge
        layers = list(exact.layers)
        layers[layer] = layers[layer]._replace(weights=weights)
        return Network(layers).loss(x, digit)

    higher, lower = loss_at(NUDGE), loss_at(-NUDGE)
    derivative = float(exact.gradients(x, digit)[layer].weights[weight])
    return GradientCheck(higher, lower, (higher - lower) / (2 * NUDGE), derivative)
