"""One neuron: its sum, its activation functions, and the gates that it can compute."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.neuron import (
    GATE_OUTPUTS,
    GATES,
    INPUT_PAIRS,
    NEURON_ACTIVATIONS,
    OR_BUT_NOT_AND,
    Neuron,
    Point,
    dividing_line,
    firing_region,
    step,
    xor_hidden_outputs,
)

TENTHS = st.integers(-30, 30).map(lambda tenths: tenths / 10)  # as on the page's sliders
NEURONS = st.builds(lambda w1, w2, bias: Neuron((w1, w2), bias), TENTHS, TENTHS, TENTHS)


def right_answers(neuron: Neuron, gate: str) -> int:
    return sum(neuron.fires(pair) == wanted for pair, wanted in zip(INPUT_PAIRS, GATE_OUTPUTS[gate], strict=True))


def area(polygon: list[Point]) -> float:
    return sum((x1 * y2 - x2 * y1) / 2 for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1], strict=True))


def test_z_is_the_weighted_sum_plus_the_bias() -> None:
    neuron = Neuron((2.0, -1.0, 1.0), -0.5)
    assert neuron.z((0.5, 0.8, 1.0)) == 0.7
    assert neuron.fires((0.5, 0.8, 1.0))
    assert not neuron.fires((0, 1, 0))
    with pytest.raises(ValueError, match="shorter"):
        neuron.z((1, 1))


def test_rounding_errors_do_not_make_a_neuron_fire() -> None:
    neuron = Neuron((0.1, 0.2), -0.3)
    assert 0.1 + 0.2 - 0.3 > 0, "this is what z must avoid"
    assert str(neuron.z((1, 1))) == "0.0"
    assert not neuron.fires((1, 1))
    assert str(Neuron((-1.0,), 0.0).z((0,))) == "0.0", "not -0.0"


def test_step_jumps_just_above_0() -> None:
    assert step(np.array([-1.0, -0.0, 0.0, 1e-9, 2.0])).tolist() == [0, 0, 0, 1, 1]


@pytest.mark.parametrize("name", NEURON_ACTIVATIONS)
@given(z=st.floats(-12, 12).filter(lambda z: abs(z) > 1e-3))
def test_each_derivative_matches_the_slope(name: str, z: float) -> None:
    _, function, derivative = NEURON_ACTIVATIONS[name]
    h = 1e-5
    below, above = function(np.array([z - h, z + h]))
    assert float(derivative(np.array(z))) == pytest.approx((above - below) / (2 * h), abs=1e-7)


@given(neuron=st.builds(Neuron, st.tuples(TENTHS, TENTHS, TENTHS), TENTHS), x3=TENTHS)
def test_a_constant_input_becomes_part_of_the_bias(neuron: Neuron, x3: float) -> None:
    for x1, x2 in INPUT_PAIRS:
        assert neuron.with_last_input(x3).z((x1, x2)) == neuron.z((x1, x2, x3))


@pytest.mark.parametrize("gate", GATES)
def test_each_gate_gives_its_outputs(gate: str) -> None:
    assert right_answers(GATES[gate], gate) == 4
    assert GATE_OUTPUTS[gate] == tuple(bool({"AND": x1 and x2, "OR": x1 or x2}[gate]) for x1, x2 in INPUT_PAIRS)


@given(neuron=NEURONS)
def test_no_single_neuron_is_xor(neuron: Neuron) -> None:
    assert right_answers(neuron, "XOR") <= 3


def test_a_single_neuron_gets_three_cases_of_xor() -> None:
    assert right_answers(GATES["OR"], "XOR") == 3


def test_three_neurons_compute_xor() -> None:
    fires = [OR_BUT_NOT_AND.fires(xor_hidden_outputs(pair)) for pair in INPUT_PAIRS]
    assert fires == [x1 != x2 for x1, x2 in INPUT_PAIRS]
    assert GATE_OUTPUTS["XOR"] == tuple(fires)


@given(neuron=NEURONS)
def test_a_neuron_fires_inside_its_firing_region(neuron: Neuron) -> None:
    polygon = firing_region(neuron, -0.5, 1.5)
    assert all(neuron.z(corner) >= -1e-6 for corner in polygon)
    others = firing_region(Neuron(tuple(-w for w in neuron.weights), -neuron.bias), -0.5, 1.5)
    if neuron.bias or any(neuron.weights):
        assert area(polygon) + area(others) == pytest.approx(4), "the two regions cover the square"


@given(neuron=NEURONS)
def test_z_is_0_on_the_dividing_line(neuron: Neuron) -> None:
    line = dividing_line(neuron, -0.5, 1.5)
    corners = {neuron.fires(corner) for corner in product((-0.5, 1.5), repeat=2)}
    assert len(line) == (2 if len(corners) == 2 else 0)
    assert [neuron.z(point) for point in line] == pytest.approx([0] * len(line), abs=1e-8)
