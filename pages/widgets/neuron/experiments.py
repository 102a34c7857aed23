"""What to try on the page One neuron."""

from functools import partial

import streamlit as st

from model.neuron import GATES
from pages.widgets.digit.experiment_row import Experiment
from pages.widgets.neuron.gates import GATE_KEY
from pages.widgets.neuron.neuron import set_neuron


def make_gate(gate: str, compare_with: str) -> None:
    """Give the neuron the weights of a gate, and two inputs that are 1. The third input has no say: its weight is 0."""
    (w1, w2), bias = GATES[gate]
    set_neuron({"x1": 1.0, "x2": 1.0, "w1": w1, "w2": w2, "w3": 0.0, "bias": bias}, "step")
    st.session_state[GATE_KEY] = compare_with


def make_stuck() -> None:
    """Make all that speaks for firing as large as it gets."""
    set_neuron(dict.fromkeys(("x1", "x2", "x3"), 1.0) | dict.fromkeys(("w1", "w2", "w3", "bias"), 3.0), "sigmoid")


TABLE = "[the gate's table](#a-neuron-as-a-gate)"
EXPERIMENTS = {
    "Make it AND": Experiment(
        partial(make_gate, "AND", "AND"),
        "It fires only if both inputs are 1: 1 + 1 − 1.5 is above 0. Set $x_1$ to 0: the sum falls to −0.5, and it is "
        f"silent. All four cases are in {TABLE}. With which bias is one input enough?",
    ),
    "Make it OR": Experiment(
        partial(make_gate, "OR", "OR"),
        "One input that is 1 is enough. Only the bias differs from AND's: it is −0.5. Set both inputs to 0: the neuron "
        f"is silent. Then move the bias, and see in {TABLE} how the line moves.",
    ),
    "Try XOR": Experiment(
        partial(make_gate, "OR", "XOR"),
        f"It should fire if one input is 1, but not both. As an OR it gets 3 of 4 right in {TABLE}. Move its weights "
        "and its bias: can you get 4 of 4? [Below](#what-one-neuron-cannot-do) you see why, or why not.",
    ),
    "Sure, and stuck": Experiment(
        make_stuck,
        "The sum is 12, so sigmoid puts out 1.000 and its derivative is 0.000: a small change to a weight changes "
        "nothing, and training stands still. Choose ReLU [below](#the-activation-function): what is its derivative?",
    ),
}
