"""One neuron: a weighted sum and an activation function, and which questions such a neuron can answer.

With two inputs, the neuron's sum is 0 along a straight line in the plane of its inputs. The neuron fires on one side of
the line and not on the other. Such a line can separate the cases of AND and of OR, but not those of XOR (M. Minsky and
S. Papert, "Perceptrons", 1969). Two neurons and a third that takes their outputs can compute XOR.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from model.network import ACTIVATIONS, Activation, Floats

Point = tuple[float, float]

INPUT_PAIRS: tuple[Point, ...] = ((0, 0), (0, 1), (1, 0), (1, 1))
# What each gate puts out for each of these pairs
GATE_OUTPUTS = {
    "AND": (False, False, False, True),
    "OR": (False, True, True, True),
    "XOR": (False, True, True, False),
}


def step(z: Floats) -> Floats:
    """Return 1 where z is above 0, and 0 elsewhere."""
    return np.where(z > 0, z.dtype.type(1), z.dtype.type(0))


NEURON_ACTIVATIONS = {
    "step": Activation("step", step, np.zeros_like),  # at 0, where it jumps, it has no derivative
    **{name: ACTIVATIONS[name] for name in ("sigmoid", "tanh", "relu", "leaky_relu")},
}


class Neuron(NamedTuple):
    """One neuron's weights and bias."""

    weights: tuple[float, ...]  # one for each input
    bias: float

    def z(self, x: Sequence[float]) -> float:
        """Return the weighted sum of the inputs plus the bias. Raises ValueError unless each weight has an input.

        The sum is rounded to billionths: 0.1 + 0.2 - 0.3 has to be 0, and not 0.00000000000000006, at which the neuron
        would fire.
        """
        z = sum((w * x_i for w, x_i in zip(self.weights, x, strict=True)), self.bias)
        return round(z, 9) + 0.0  # makes 0 of -0

    def fires(self, x: Sequence[float]) -> bool:
        """Return whether the sum is above 0. Raises ValueError unless each weight has an input."""
        return self.z(x) > 0

    def with_last_input(self, x: float) -> "Neuron":
        """Return a neuron without the last input, for the case that it is always x: it becomes part of the bias."""
        return Neuron(self.weights[:-1], self.bias + self.weights[-1] * x)


# Each has two inputs, 0 or 1. AND needs both to get above 0, OR needs one.
GATES = {"AND": Neuron((1.0, 1.0), -1.5), "OR": Neuron((1.0, 1.0), -0.5)}
# XOR is OR but not AND: this neuron takes the outputs of those two, and AND counts against.
OR_BUT_NOT_AND = Neuron((1.0, -1.0), -0.5)


def xor_hidden_outputs(x: Point) -> Point:
    """Return what the hidden neurons OR and AND, with step as their activation, put out for two inputs of 0 or 1."""
    return float(GATES["OR"].fires(x)), float(GATES["AND"].fires(x))


def firing_region(neuron: Neuron, low: float, high: float) -> list[Point]:
    """Return where a neuron of two inputs fires, in the square from low to high: the corners of a polygon, in order.

    The list is empty if it never fires there. This is one step of the algorithm of Sutherland and Hodgman (1974).
    """
    polygon: list[Point] = []
    for start, end in sides(low, high):
        if neuron.fires(start):
            polygon.append(start)
        polygon += crossing(neuron, start, end)
    return polygon


def dividing_line(neuron: Neuron, low: float, high: float) -> list[Point]:
    """Return where the line z = 0 of a neuron of two inputs enters and leaves the square from low to high.

    There are two points, or none if the line misses the square.
    """
    return [point for start, end in sides(low, high) for point in crossing(neuron, start, end)]


def sides(low: float, high: float) -> list[tuple[Point, Point]]:
    """Return the four sides of the square from low to high, each starting where the one before it ends."""
    return list(pairwise([(low, low), (high, low), (high, high), (low, high), (low, low)]))


def crossing(neuron: Neuron, start: Point, end: Point) -> list[Point]:
    """Return the point between start and end where a neuron of two inputs starts or stops firing, if there is one."""
    if neuron.fires(start) == neuron.fires(end):
        return []
    z_start, z_end = neuron.z(start), neuron.z(end)
    part = z_start / (z_start - z_end)
    return [(start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1]))]
