"""The pages about the inside of a network, without a browser: forward propagation, and what can be broken."""

import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import model.bundled_networks
import model.network
from model import load_network
from model.mnist import as_vectors, load_mnist
from model.network import Layer, Network, softmax
from pages.widgets.networks.mnist_predictions import EXAMPLE, cached_mnist
from pages.widgets.networks.picker import cached_network
from tests.canvas_states import canvas_state, press

ROOT = Path(__file__).parents[2]
SEVEN = [(80.0, 60.0), (200, 60), (120, 230)]
MNIST = load_mnist()


def arrive(page: str = "pages/inside.py") -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()
    return app.switch_page(page).run()


@pytest.fixture
def app() -> AppTest:
    cached_network.clear()
    app = arrive()
    assert not app.exception
    return app


def draw(app: AppTest, *lines: list[tuple[float, float]]) -> None:
    app.session_state["canvas"] = canvas_state(*lines)
    app.run()
    assert not app.exception


def text(app: AppTest) -> str:
    return " ".join(str(element.value) for each in (app.markdown, app.latex, app.caption, app.info) for element in each)


def prediction(app: AppTest) -> int:
    bodies = " ".join(str(html.proto.body) for html in app.get("html"))
    found = re.search(r'data-testid="prediction">(\d)<', bodies)
    assert found
    return int(found[1])


def metric(app: AppTest, label: str) -> str:
    return next(metric.value for metric in app.metric if metric.label == label)


def test_without_a_drawing_there_is_an_example(app: AppTest) -> None:
    assert f"test image {EXAMPLE}, labelled {MNIST.y_test[EXAMPLE]}" in text(app)
    assert prediction(app) == MNIST.y_test[EXAMPLE]
    assert app.segmented_control("network_inside").value == "notebook"
    assert len(app.get("vega_lite_chart")) == 3


def test_drawing_takes_the_place_of_the_example(app: AppTest) -> None:
    draw(app, SEVEN)
    assert "**Your drawing**" in text(app)
    assert prediction(app) == 7
    press(app, "Clear")
    assert "An example" in text(app)


def test_next_mistake_opens_a_misread_image_and_drawing_leaves_it(app: AppTest) -> None:
    read = load_network("notebook").predict(as_vectors(MNIST.x_test)).argmax(axis=1)
    first, second = np.flatnonzero(read != MNIST.y_test)[:2]
    for mistake in (first, second):
        app.button("next_mistake").click().run()
        assert f"**Test image {mistake}, labelled {MNIST.y_test[mistake]}**" in text(app)
        assert prediction(app) == read[mistake]
    app.switch_page("pages/backprop.py").run()
    assert f"**Test image {second}" in text(app)
    assert app.segmented_control(f"digit_{MNIST.y_test[second]}").value == MNIST.y_test[second]
    draw(app, SEVEN)
    assert "**Your drawing**" in text(app)
    app.button("next_mistake").click().run()
    app.button("back").click().run()
    assert "**Your drawing**" in text(app)


def test_neuron_selected_by_number_shows_its_sum(app: AppTest) -> None:
    draw(app, SEVEN)
    app.number_input("neuron").set_value(3).run()
    vector = as_vectors(app.session_state["drawing_history_canvas"].pixels)[0]
    network = load_network("notebook")
    first, second, _ = network.forward(vector)
    assert f"= {first.z[3]:.2f}" in text(app)
    assert f"({first.z[3]:.2f}) = {first.a[3]:.2f}" in text(app)
    app.segmented_control("layer").set_value(1).run()
    assert app.number_input("neuron").value == 3
    assert f"= {second.z[3]:.2f}" in text(app)
    products = network.layers[1].weights[:, 3] * first.a
    strongest = int(np.abs(products).argmax())
    assert list(app.table[0].value.iloc[0, :2]) == [str(strongest), f"{first.a[strongest]:.2f}"]
    app.segmented_control("layer").set_value(2).run()
    assert "softmax" in text(app)


def test_neuron_selected_by_click_shows_in_the_fields(app: AppTest) -> None:
    app.session_state["layer_1"] = {"selection": {"click": [{"neuron": 60, "clicks": 0}]}}
    app.session_state["selected_neuron"] = (1, 60)
    app.run()
    assert app.number_input("neuron").value == 60
    assert app.segmented_control("layer").value == 1
    app.segmented_control("layer").set_value(2).run()
    assert app.number_input("neuron").value == 9  # the last one that there is


def test_node_link_view_shows_nodes_and_lines(app: AppTest) -> None:
    app.segmented_control("view").set_value("Nodes and lines").run()
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == 1
    assert "strongest connections" in text(app)


def test_temperature_changes_the_shares_but_not_the_answer(app: AppTest) -> None:
    z = load_network("notebook").forward(as_vectors(MNIST.x_test[EXAMPLE])[0])[-1].z
    assert list(app.table[0].value.iloc[6, :3]) == ["6", f"{z[6]:.2f}", f"{z[6]:.2f}"]
    share = str(app.table[0].value.iloc[6, 4])
    app.slider("temperature").set_value(10.0).run()
    assert list(app.table[0].value.iloc[6, :3]) == ["6", f"{z[6]:.2f}", f"{z[6] / 10:.2f}"]
    assert share == "10.2%"
    assert str(app.table[0].value.iloc[6, 4]) == f"{softmax(z / np.float32(10))[6]:.1%}"
    assert prediction(app) == MNIST.y_test[EXAMPLE]


def test_ablation_changes_the_accuracy_and_reset_restores_it(app: AppTest) -> None:
    whole = metric(app, "Test images read right")
    assert whole == "97.45%"
    assert app.button("reset_ablation").disabled
    app.slider("pruned").set_value(95).run()
    assert metric(app, "Test images read right") != whole
    app.slider("noise").set_value(100).run()
    app.toggle("no_biases").set_value(True).run()
    app.slider("bias_shift").set_value(5.0).run()
    app.slider("weight_scale").set_value(-1.0).run()
    app.toggle("off").set_value(True).run()
    assert not app.exception
    assert len(app.multiselect("switched_off").value) == 1
    app.number_input("neuron").set_value(10).run()
    assert app.slider("bias_shift").value == 0
    app.toggle("off").set_value(True).run()
    assert len(app.multiselect("switched_off").value) == 2
    first, second = app.session_state["switched_off"]
    app.multiselect("switched_off").set_value([second]).run()
    assert len(app.multiselect("switched_off").value) == 1
    app.button("reset_ablation").click().run()
    assert metric(app, "Test images read right") == whole
    assert not app.multiselect
    assert not app.toggle("off").value
    assert app.slider("pruned").value == 0
    assert app.button("reset_ablation").disabled
    assert first != second


def test_neuron_that_is_off_passes_on_0_and_keeps_its_sum(app: AppTest) -> None:
    neuron = int(app.number_input("neuron").value or 0)
    first = load_network("notebook").forward(as_vectors(MNIST.x_test[EXAMPLE])[0])[0]
    assert "33 of 64 fire" in text(app)
    app.toggle("off").set_value(True).run()
    assert "32 of 64 fire" in text(app)
    assert f"({first.z[neuron]:.2f}) = {first.a[neuron]:.2f}" in text(app)
    assert "This neuron is switched off" in text(app)


def test_switching_off_more_neurons_lowers_the_accuracy(app: AppTest) -> None:
    before = prediction(app)
    accuracies = []
    for neuron in range(0, 64, 4):
        app.number_input("neuron").set_value(neuron).run()
        app.toggle("off").set_value(True).run()
        accuracies.append(float(metric(app, "Test images read right").rstrip("%")))
    assert not app.exception
    assert accuracies[-1] < accuracies[0] <= 98
    assert f"Unbroken: {before} (" in text(app)


def test_each_network_keeps_its_own_ablation(app: AppTest) -> None:
    app.number_input("neuron").set_value(63).run()
    app.toggle("off").set_value(True).run()
    app.segmented_control("network_inside").set_value("robust").run()
    assert not app.exception
    assert not app.toggle("off").value
    assert metric(app, "Test images read right") == "99.53%"
    app.number_input("neuron").set_value(1023).run()
    app.segmented_control("network_inside").set_value("notebook").run()
    assert app.number_input("neuron").value == 63
    assert app.toggle("off").value


def random_network(*sizes: int, activation: str = "tanh", spread: float = 0.05) -> Network:
    random = np.random.default_rng(0)
    layers = [
        Layer(
            random.normal(0, spread, (before, after)).astype(np.float32),
            random.normal(0, 0.05, after).astype(np.float32),
            activation,
        )
        for before, after in zip((784, *sizes), (*sizes, 10), strict=True)
    ]
    return Network([*layers[:-1], layers[-1]._replace(activation="softmax")])


@pytest.mark.parametrize("page", ["pages/inside.py", "pages/backprop.py"])
@pytest.mark.parametrize(
    "network",
    [
        random_network(),
        random_network(1),
        random_network(5, 3, 7, 2),
        random_network(spread=1e34),
        *(random_network(20, activation=name) for name in model.network.ACTIVATIONS),
    ],
    ids=lambda network: "-".join(f"{layer.biases.size}{layer.activation}" for layer in network.layers),
)
def test_uploaded_network_can_be_looked_into(page: str, network: Network) -> None:
    app = arrive(page)
    app.session_state["uploads"] = {"Uploaded 1": network}
    app.run()
    app.segmented_control("network_inside").set_value("Uploaded 1").run()
    assert not app.exception
    draw(app, SEVEN)
    if page == "pages/inside.py":
        app.segmented_control("view").set_value("Nodes and lines").run()
        app.slider("temperature").set_value(0.1).run()
        app.slider("noise").set_value(300).run()
        app.slider("weight_scale").set_value(3.0).run()
        app.slider("pruned").set_value(100).run()
    else:
        app.button("take_10").click().run()
        app.select_slider("descent_rate").set_value(1.0).run()
        app.button("take_100").click().run()
    assert not app.exception
    app.segmented_control("network_inside").set_value("notebook").run()
    assert not app.exception


def test_overflowing_ablation_is_not_applied_and_says_so(app: AppTest) -> None:
    app.session_state["uploads"] = {"Uploaded 1": random_network(spread=1e35)}
    app.run()
    app.segmented_control("network_inside").set_value("Uploaded 1").run()
    assert not app.error
    app.slider("noise").set_value(300).run()
    app.slider("weight_scale").set_value(3.0).run()
    assert not app.exception
    assert ["too large to compute" in error.value for error in app.error] == [True]
    app.button("reset_ablation").click().run()
    assert not app.error


@pytest.mark.parametrize("page", ["pages/inside.py", "pages/backprop.py"])
def test_damaged_network_gets_a_sentence(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model.bundled_networks, "BUNDLED", tmp_path)
    cached_network.clear()
    app = arrive(page)
    assert not app.exception
    assert ["git checkout -- model/notebook" in error.value for error in app.error] == [True]
    monkeypatch.undo()
    app.run()
    assert prediction(app) == MNIST.y_test[EXAMPLE]


@pytest.mark.parametrize("page", ["pages/inside.py", "pages/backprop.py"])
def test_drawing_can_be_looked_at_without_mnist(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "pages.widgets.networks.mnist_predictions.load_mnist", lambda: load_mnist(tmp_path / "mnist.npz")
    )
    cached_mnist.clear()
    app = arrive(page)
    assert not app.exception
    assert "The file mnist.npz is missing" in app.error[0].value
    assert "Nothing is drawn yet" in app.info[0].value
    draw(app, SEVEN)
    assert prediction(app) == 7
    monkeypatch.undo()
    cached_mnist.clear()
