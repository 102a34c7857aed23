"""The page about one neuron, without a browser."""

import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from model import load_network
from model.neuron import INPUT_PAIRS, NEURON_ACTIVATIONS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def app() -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120)
    app.switch_page("pages/neuron.py").run()
    assert not app.exception
    return app


def text_of(app: AppTest) -> str:
    return " ".join(markdown.value for markdown in app.markdown)


def formulas_of(app: AppTest) -> str:
    return " ".join(latex.value for latex in app.latex)


def press(app: AppTest, gate: str) -> None:
    next(button for button in app.button if button.label == f"Make it {gate}").click().run()
    assert not app.exception


def compare_with(app: AppTest, gate: str) -> None:
    app.segmented_control(key="gate").set_value(gate).run()
    assert not app.exception


def numbers(app: AppTest) -> list[Any]:
    return [app.slider(key=f"neuron_{name}").value for name in ("w1", "w2", "w3", "bias")]


def test_neuron_fires_on_arrival(app: AppTest) -> None:
    assert r"2.0 \cdot 0.5 + (-1.0) \cdot 0.8 \\ &\quad + 1.0 \cdot 1.0 + (-0.5) \\&= 0.70" in formulas_of(app)
    assert app.segmented_control(key="activation_of_neuron").value == "sigmoid"
    assert app.metric[0].value == "0.668"
    assert "It **fires**" in text_of(app)
    assert len(app.get("vega_lite_chart")) == 3


def test_slider_moves_the_sum_and_the_output(app: AppTest) -> None:
    app.slider(key="neuron_w1").set_value(-3.0).run()
    assert not app.exception
    assert r"(-3.0) \cdot 0.5" in formulas_of(app)
    assert r"&= -1.80 \end" in formulas_of(app)
    assert app.metric[0].value == "0.142"
    assert "It does **not fire**" in text_of(app)


@pytest.mark.parametrize(
    ("activation", "above", "below"),
    [
        ("step", "1.000", "0.000"),
        ("sigmoid", "0.668", "0.142"),
        ("tanh", "0.604", "-0.947"),
        ("relu", "0.700", "0.000"),
        ("leaky_relu", "0.700", "-0.360"),
    ],
)
def test_every_activation_says_what_it_does(app: AppTest, activation: str, above: str, below: str) -> None:
    assert app.segmented_control(key="activation_of_neuron").options == [
        "step",
        "sigmoid",
        "tanh",
        "ReLU",
        "leaky ReLU",
    ]
    app.segmented_control(key="activation_of_neuron").set_value(activation).run()
    assert not app.exception
    assert app.metric[0].value == above
    assert "derivative is" in text_of(app)
    app.slider(key="neuron_w1").set_value(-3.0).run()
    assert not app.exception
    assert app.metric[0].value == below


@pytest.mark.parametrize("activation", NEURON_ACTIVATIONS)
@pytest.mark.parametrize("end", [-3.0, 0.0, 3.0])
def test_formulas_hold_at_the_ends_of_the_sliders(app: AppTest, activation: str, end: float) -> None:
    app.segmented_control(key="activation_of_neuron").set_value(activation)
    for name in ("w1", "w2", "w3", "bias"):
        app.slider(key=f"neuron_{name}").set_value(end)
    app.slider(key="neuron_x1").set_value(0.0).run()
    assert not app.exception
    assert not re.search(r"(?<!e\^\{)-0\.0+(?!\d)", formulas_of(app)), "0 has no sign"


@pytest.mark.parametrize(("gate", "bias"), [("AND", -1.5), ("OR", -0.5)])
def test_experiment_makes_the_neuron_a_gate(app: AppTest, gate: str, bias: float) -> None:
    press(app, gate)
    assert numbers(app) == [1, 1, 0, bias]
    assert app.segmented_control(key="activation_of_neuron").value == "step"
    assert "**4 of 4** right" in text_of(app)
    table = app.table[0].value
    assert list(zip(table["x₁"], table["x₂"], strict=True)) == list(INPUT_PAIRS)
    assert list(table["fires"]) == list(table[gate])
    assert set(table["right"]) == {"yes"}


def test_neither_gate_is_xor(app: AppTest) -> None:
    press(app, "AND")
    compare_with(app, "XOR")
    assert any(each.value == "**1 of 4** right." for each in app.markdown)
    press(app, "OR")
    assert "**4 of 4** right" in text_of(app), "the comparison follows the button"
    compare_with(app, "XOR")
    assert any(each.value == "**3 of 4** right." for each in app.markdown), "whether it can be more is the puzzle"


def test_third_input_shifts_the_line(app: AppTest) -> None:
    press(app, "AND")
    app.slider(key="neuron_w3").set_value(1.0).run()
    assert "**2 of 4** right" in text_of(app), "x₃ is 1, so its weight adds 1 to each sum: OR"
    assert r"+ 1.0 \cdot 1.0 + (-1.5) &= 0" in formulas_of(app)


def test_three_neurons_are_xor(app: AppTest) -> None:
    table = app.table[1].value
    assert list(table["OR"]) == [0, 1, 1, 1]
    assert list(table["AND"]) == [0, 0, 0, 1]
    assert list(table["fires"]) == list(table["XOR"]) == [0, 1, 1, 0]


def test_neuron_survives_a_change_of_page(app: AppTest) -> None:
    press(app, "OR")
    app.slider(key="neuron_x1").set_value(0.3).run()
    compare_with(app, "XOR")
    app.switch_page("pages/draw.py").run()
    assert not app.exception
    app.switch_page("pages/neuron.py").run()
    assert not app.exception
    assert numbers(app) == [1, 1, 0, -0.5]
    assert app.slider(key="neuron_x1").value == 0.3
    assert app.segmented_control(key="activation_of_neuron").value == "step"
    assert app.segmented_control(key="gate").value == "XOR"


def test_page_says_how_many_weights_simple_has(app: AppTest) -> None:
    count = sum(layer.weights.size + layer.biases.size for layer in load_network("notebook").layers)
    assert f"{count:,} of *Simple*" in text_of(app)
