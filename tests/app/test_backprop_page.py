"""Loss, gradients and steps, without a browser."""

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model import load_network
from model.mnist import as_vectors
from pages.widgets.networks.mnist_predictions import EXAMPLE
from tests.app.test_inside_page import MNIST, SEVEN, arrive, draw, metric, prediction, random_network, text

X, LABEL = as_vectors(MNIST.x_test[EXAMPLE])[0], int(MNIST.y_test[EXAMPLE])


@pytest.fixture
def app() -> AppTest:
    app = arrive("pages/backprop.py")
    assert not app.exception
    return app


def loss(app: AppTest) -> float:
    return float(next(metric.value for metric in app.metric if metric.label.startswith("Loss after")))


def target_of(app: AppTest) -> Any:
    """The widget with the target."""
    return next(each for each in app.segmented_control if each.label == "It should be")


def test_target_of_the_example_is_its_label(app: AppTest) -> None:
    assert target_of(app).value == LABEL
    network = load_network("notebook")
    assert f"= {network.loss(X, LABEL):.3g}" in text(app)
    assert loss(app) == pytest.approx(network.loss(X, LABEL), rel=0.01)


def test_another_target_costs_more(app: AppTest) -> None:
    before = loss(app)
    target_of(app).set_value(3).run()
    assert loss(app) == pytest.approx(load_network("notebook").loss(X, 3), rel=0.01)
    assert loss(app) > before


def test_target_of_a_drawing_is_the_answer_until_the_visitor_chooses(app: AppTest) -> None:
    draw(app, SEVEN)
    assert target_of(app).value == prediction(app) == 7
    target_of(app).set_value(1).run()
    draw(app, SEVEN, [(100.0, 140.0), (180, 140)])
    assert target_of(app).value == 1
    draw(app, [(140.0, 40.0), (140, 240)])
    assert target_of(app).value == prediction(app)


def test_quotient_agrees_with_the_derivative(app: AppTest) -> None:
    for layer, neuron in ((0, 52), (0, 3), (1, 20)):
        app.segmented_control("layer").set_value(layer).run()
        app.number_input("neuron").set_value(neuron).run()
        formula = next(latex.value for latex in app.latex if "L(w + h)" in latex.value)
        quotient, derivative = (row.split("&=")[1].split(r"\end")[0] for row in formula.split(r"\\")[2:])
        assert quotient.split(r"\cdot")[0].strip(" {}")[:5] == derivative.split(r"\cdot")[0].strip(" {}")[:5]
        assert "it agrees" in text(app)


def test_steps_learn_this_digit_and_reset_forgets_it(app: AppTest) -> None:
    for _ in range(2):
        app.button("next_mistake").click().run()
    before, accuracy = loss(app), metric(app, "Test images read right")
    assert app.button("forget").disabled
    app.button("take_1").click().run()
    assert 0 < loss(app) < before
    app.button("take_10").click().run()
    app.select_slider("descent_rate").set_value(0.1).run()
    app.button("take_100").click().run()
    assert not app.exception
    assert "Loss after 111 steps" in [metric.label for metric in app.metric]
    assert prediction(app) == target_of(app).value
    assert float(metric(app, "Test images read right")[:-1]) < float(accuracy[:-1])
    assert f"Before: {accuracy}" in text(app)
    app.button("forget").click().run()
    assert loss(app) == before
    assert metric(app, "Test images read right") == accuracy
    assert prediction(app) != target_of(app).value


def test_learning_stays_for_another_drawing_and_ends_with_another_network(app: AppTest) -> None:
    target_of(app).set_value(3).run()
    app.button("take_10").click().run()
    learnt = metric(app, "Test images read right")
    draw(app, SEVEN)
    assert metric(app, "Test images read right") == learnt
    app.button("take_1").click().run()
    assert "Loss after 11 steps" in [metric.label for metric in app.metric]
    app.segmented_control("network_inside").set_value("robust").run()
    assert "Loss after 0 steps" in [metric.label for metric in app.metric]
    app.button("take_10").click().run()
    assert not app.exception


def test_learning_leaves_the_shared_network_unchanged(app: AppTest) -> None:
    app.select_slider("descent_rate").set_value(1.0).run()
    app.button("take_100").click().run()
    other = arrive("pages/backprop.py")
    assert metric(other, "Test images read right") == "97.45%"
    assert np.isfinite(loss(other))


def test_network_without_a_hidden_layer_says_so(app: AppTest) -> None:
    app.session_state["uploads"] = {"Uploaded 1": random_network()}
    app.run()
    app.segmented_control("network_inside").set_value("Uploaded 1").run()
    assert "has no hidden layer" in text(app)
    assert not app.exception
