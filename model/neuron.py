"""One neuron: a weighted sum and an activation function, and which questions such a neuron can answer.

With two inputs, the neuron's sum is 0 along a straight line in the plane of its inputs: on one side of the line it
fires, on the other it does not. AND and OR can be told apart by such a line, XOR cannot (M. Minsky and S. Papert,
"Perceptrons", 1969); two neurons and a third that listens to them can do it.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from model.network import ACTIVATIONS, Activation, Floats

Point = tuple[float, float]

INPUT_PAIRS: tuple[Point, ...] = ((0, 0), (0, 1), (1, 0), (1, 1))
# What each gate makes of each of these pairs.
GATE_OUTPUTS = {
    "AND": (False, False, False, True),
    "OR": (False, True, True, True),
    "XOR": (False, True, True, False),
}


def step(z: Floats) -> Floats:
    """1 where z is above 0, else 0."""
    return np.where(z > 0, z.dtype.type(1), z.dtype.type(0))


NEURON_ACTIVATIONS = {
    "step": Activation("step", step, np.zeros_like),  # at 0, where it jumps, it has no derivative
    **{name: ACTIVATIONS[name] for name in ("sigmoid", "tanh", "relu", "leaky_relu")},
}


class Neuron(NamedTuple):
    """What a neuron has learned."""

    weights: tuple[float, ...]  # one for each input
    bias: float

    def z(self, x: Sequence[float]) -> float:
        """The weighted sum of the inputs plus the bias. Raises ValueError where there is not one input a weight.

        It is rounded to billionths: 0.1 + 0.2 - 0.3 has to be 0, and not the 0.00000000000000006 at which it fires.
        """
        z = sum((w * x_i for w, x_i in zip(self.weights, x, strict=True)), self.bias)
        return round(z, 9) + 0.0  # makes 0 of -0

    def fires(self, x: Sequence[float]) -> bool:
        """Whether the sum is above 0. Raises ValueError where there is not one input a weight."""
        return self.z(x) > 0

    def with_last_input(self, x: float) -> "Neuron":
        """The neuron that is left when the last input always is x: it is a part of the bias then."""
        return Neuron(self.weights[:-1], self.bias + self.weights[-1] * x)


# Two inputs each, 0 or 1. AND needs both to get above 0, OR needs one.
GATES = {"AND": Neuron((1.0, 1.0), -1.5), "OR": Neuron((1.0, 1.0), -0.5)}
# XOR is OR but not AND: this one listens to those two, and AND speaks against.
OR_BUT_NOT_AND = Neuron((1.0, -1.0), -0.5)


def xor_hidden_outputs(x: Point) -> Point:
    """What the hidden neurons OR and AND, with step as their activation, make of two inputs that are 0 or 1."""
    return float(GATES["OR"].fires(x)), float(GATES["AND"].fires(x))


def firing_region(neuron: Neuron, low: float, high: float) -> list[Point]:
    """Where a neuron of two inputs fires, in the square from low to high: the corners of a polygon, in order.

    It is empty where the neuron never fires there. This is one step of the algorithm of Sutherland and Hodgman (1974).
    """
    polygon: list[Point] = []
    for start, end in sides(low, high):
        if neuron.fires(start):
            polygon.append(start)
        polygon += crossing(neuron, start, end)
    return polygon


def dividing_line(neuron: Neuron, low: float, high: float) -> list[Point]:
    """Where the line z = 0 of a neuron of two inputs enters and leaves the square from low to high.

    Two points, or none where the line passes it by.
    """
    return [point for start, end in sides(low, high) for point in crossing(neuron, start, end)]


def sides(low: float, high: float) -> list[tuple[Point, Point]]:
    """The four sides of the square from low to high, each from where the one before it ends."""
    return list(pairwise([(low, low), (high, low), (high, high), (low, high), (low, low)]))


def crossing(neuron: Neuron, start: Point, end: Point) -> list[Point]:
    """The point between start and end where a neuron of two inputs begins or ceases to fire, if there is one."""
    if neuron.fires(start) == neuron.fires(end):
        return []
    z_start, z_end = neuron.z(start), neuron.z(end)
    part = z_start / (z_start - z_end)
    return [(start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1]))]
