"""The page Test set, without a browser."""

import json
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

import model.bundled_networks
from model import load_network
from model.bundled_networks import BUNDLED_NAMES
from model.evaluate import answered_curve, evaluate, predict_images
from model.mnist import MnistError, load_mnist
from model.network import Layer, Network
from pages.widgets.networks import mnist_predictions
from pages.widgets.networks.picker import LABELS, cached_network
from pages.widgets.test_set import pen_digit_results

ROOT = Path(__file__).parents[2]
MNIST = load_mnist()


@cache
def probabilities_of(name: str) -> np.ndarray:
    """A bundled network's probabilities for the test images, float32 [10000, 10]."""
    return predict_images(load_network(name), MNIST.x_test)


def read_by(name: str) -> np.ndarray:
    read: np.ndarray = probabilities_of(name).argmax(axis=1)
    return read


@pytest.fixture(scope="module", params=BUNDLED_NAMES)
def figures(request: pytest.FixtureRequest) -> dict[str, Any]:
    return evaluate(request.param)


def arrive() -> AppTest:
    cached_network.clear()  # another test may have put other files in place
    mnist_predictions.cached_mnist.clear()
    pen_digit_results.pen_digit_figures.clear()
    return AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run().switch_page("pages/test_set.py")


@pytest.fixture
def app() -> AppTest:
    app = arrive().run()
    assert not app.exception
    return app


def choose(app: AppTest, key: str, value: Any) -> None:
    app.segmented_control(key).set_value(value).run()
    assert not app.exception


def metrics(app: AppTest, label: str) -> list[str]:
    return [metric.value for metric in app.metric if metric.label.startswith(label)]


def text(app: AppTest) -> str:
    return " ".join(str(element.value) for each in (app.markdown, app.caption, app.info) for element in each)


def card(app: AppTest) -> str:
    """The text about the selected image, without HTML."""
    body = next(html.proto.body for html in app.get("html") if 'class="test-image"' in html.proto.body)
    return re.sub(r"<[^>]*>", "", body)


def probabilities(app: AppTest) -> list[float]:
    body = next(html.proto.body for html in app.get("html") if 'class="test-image"' in html.proto.body)
    return [float(p) for p in re.findall(r'data-probability="([^"]*)"', body)]


def thumbnails(app: AppTest) -> list[Button]:
    """The buttons with pictures of test images."""
    return [button for button in app.button if (button.key or "").startswith("picture_")]


def images(app: AppTest) -> list[int]:
    """The numbers of the test images on the buttons."""
    return [int((button.key or "").removeprefix("picture_")) for button in thumbnails(app)]


def selected(app: AppTest) -> list[int]:
    """The number of the test image that is marked as selected, if it is among them."""
    return [
        image
        for image, button in zip(images(app), thumbnails(app), strict=True)
        if ":primary-background[" in button.label
    ]


def test_page_shows_the_figures_of_evaluate(app: AppTest, figures: dict[str, Any]) -> None:
    name, on_mnist = figures["network"], figures["mnist"]
    choose(app, "network_test", name)
    assert metrics(app, "Accuracy") == [f"{on_mnist['accuracy']:.2%}"]
    assert metrics(app, "Loss") == [f"{on_mnist['loss']:.4f}"]
    counts = np.array(on_mnist["confusion"])
    assert metrics(app, "Mistakes") == [str(10_000 - counts.trace())]
    table = app.table[0].value
    for digit, of_digit in on_mnist["per_digit"].items():
        row = table[table["Digit"] == int(digit)].iloc[0]
        assert row["Count"] == of_digit["count"]
        assert row["Precision"] == f"{of_digit['precision']:.2%}"
        assert row["Recall"] == f"{of_digit['recall']:.2%}"
    for label, read in ((9, 4), (7, 7)):
        app.selectbox("cell_label").set_value(label).run()
        app.selectbox("cell_read").set_value(read).run()
        count = counts[label, read]
        assert f"**: {count:,} of the images labelled {label} are read as {read}, " in text(app)
        assert len(thumbnails(app)) == min(count, 20)
    choose(app, "test_part", "Confidence")
    assert metrics(app, "Calibration error") == [f"{on_mnist['calibration_error']:.2%}"]


def test_page_begins_with_the_most_frequent_mistake_of_simple(app: AppTest) -> None:
    assert app.segmented_control("network_test").value == "notebook"
    assert (app.selectbox("cell_label").value, app.selectbox("cell_read").value) == (5, 3)
    in_cell = np.flatnonzero((MNIST.y_test == 5) & (read_by("notebook") == 3)).tolist()
    assert len(in_cell) == 17
    assert images(app) == in_cell
    assert selected(app) == [app.number_input("test_image_number").value] == [in_cell[0]]
    assert f"Test image {in_cell[0]}, labelled 5" in card(app)
    assert "reads 3" in card(app)
    assert "wrong" in card(app)


def test_buttons_step_through_the_images_of_a_cell(app: AppTest) -> None:
    first, second, *_, last = np.flatnonzero((MNIST.y_test == 5) & (read_by("notebook") == 3)).tolist()
    assert app.button("previous_image").disabled
    app.button("next_image").click().run()
    assert app.number_input("test_image_number").value == second
    app.button("previous_image").click().run()
    assert app.number_input("test_image_number").value == first
    app.button(f"picture_{last}").click().run()
    assert selected(app) == [last]
    assert f"Test image {last}, labelled 5" in card(app)
    assert app.button("next_image").disabled
    np.testing.assert_allclose(probabilities(app), probabilities_of("notebook")[last], atol=1e-6)


def test_clicked_cell_is_selected(app: AppTest) -> None:
    app.session_state["test_image"] = 4
    app.session_state["matrix_0"] = {"selection": {"click": [{"label": 9, "read": 7, "clicks": 0}]}}
    app.session_state["cell"] = (9, 7)
    app.run()
    assert not app.exception
    assert (app.selectbox("cell_label").value, app.selectbox("cell_read").value) == (9, 7)
    assert "Test image 4, labelled 4" in card(app)
    assert selected(app) == []
    app.button("next_image").click().run()
    assert selected(app) == [np.flatnonzero((MNIST.y_test == 9) & (read_by("notebook") == 7))[0]]


def test_many_images_are_shown_page_by_page(app: AppTest) -> None:
    app.selectbox("cell_label").set_value(1).run()
    app.selectbox("cell_read").set_value(1).run()
    ones = np.flatnonzero((MNIST.y_test == 1) & (read_by("notebook") == 1))
    app.number_input("sheet").set_value(2).run()
    assert app.number_input("test_image_number").value == ones[20]
    app.button("previous_image").click().run()
    assert app.number_input("sheet").value == 1
    assert selected(app) == [ones[19]]


def test_number_overrules_an_outdated_page(app: AppTest) -> None:
    """A quick visitor enters the next number before the browser has heard of the page that the last one set."""
    app.selectbox("cell_label").set_value(8).run()
    app.selectbox("cell_read").set_value(8).run()
    on_second_page = int(np.flatnonzero((MNIST.y_test == 8) & (read_by("notebook") == 8))[25])
    app.number_input("test_image_number").set_value(on_second_page).run()
    assert app.number_input("sheet").value == 2
    app.number_input("sheet").set_value(1)
    app.number_input("test_image_number").set_value(on_second_page + 1).run()
    assert f"Test image {on_second_page + 1}, labelled" in card(app)


def test_click_overrules_an_outdated_number(app: AppTest) -> None:
    """A quick visitor clicks again before the browser has heard of the number that the first click set."""
    second = images(app)[1]
    app.number_input("test_image_number").set_value(17)
    app.button("next_image").click().run()
    assert app.number_input("test_image_number").value == second
    app.number_input("test_image_number").set_value(17).run()
    assert app.number_input("test_image_number").value == 17


def test_empty_cell_says_so_and_keeps_the_image(app: AppTest) -> None:
    app.selectbox("cell_label").set_value(0).run()
    before = app.number_input("test_image_number").value
    app.selectbox("cell_read").set_value(1).run()
    assert not app.exception
    assert "**: 0 of the images labelled 0 are read as 1" in text(app)
    assert not thumbnails(app)
    assert app.number_input("test_image_number").value == before


@pytest.mark.parametrize("number", [0, 247, 9999])
def test_number_selects_any_image(app: AppTest, number: int) -> None:
    app.number_input("test_image_number").set_value(number).run()
    label, read = MNIST.y_test[number], read_by("notebook")[number]
    assert f"Test image {number}, labelled {label}" in card(app)
    assert f"reads {read}, " in card(app)
    assert ("wrong" in card(app)) == (label != read)
    np.testing.assert_allclose(probabilities(app), probabilities_of("notebook")[number], atol=1e-6)
    choose(app, "test_part", "Mistakes")
    assert app.number_input("test_image_number").value == number


def test_numbers_are_limited_to_the_test_images(app: AppTest) -> None:
    number = app.number_input("test_image_number")
    assert (number.min, number.max) == (0, 9999)


def test_most_confident_mistakes_are_shown_first(app: AppTest) -> None:
    choose(app, "test_part", "Mistakes")
    choose(app, "network_beside", "robust")
    for name, other in (("notebook", "robust"), ("robust", "notebook")):
        choose(app, "viewed_network_choice", LABELS[name])
        wrong = np.flatnonzero(read_by(name) != MNIST.y_test)
        surest = wrong[np.argsort(-probabilities_of(name).max(axis=1)[wrong], kind="stable")][:20]
        assert images(app) == surest.tolist()
        labels = [button.label for button in thumbnails(app)]
        for image, on_it in zip(surest, labels, strict=True):
            assert f" {MNIST.y_test[image]} → {read_by(name)[image]}, " in on_it.replace(":primary-background[", "")
        right = read_by(other)[surest] == MNIST.y_test[surest]
        for image, on_it in zip(surest, labels, strict=True):
            assert f", {LABELS[other]}: {read_by(other)[image]}" in on_it
            assert "✓" not in on_it, "no mistake looks right"
        assert f"**{LABELS[other]}**: {right.sum()} of these 20 read right" in text(app)
    app.button(f"picture_{surest[3]}").click().run()
    assert f"Test image {surest[3]}, labelled" in card(app)


def test_two_networks_are_compared(app: AppTest) -> None:
    choose(app, "network_beside", "robust")
    assert metrics(app, "Accuracy") == ["97.45%", "99.53%"]
    assert [metric.delta for metric in app.metric] == [
        "",
        "",
        "",
        "+2.08 points, better",
        "-0.1203, better",
        "-208, better",
    ]
    assert len(app.get("vega_lite_chart")) == 2
    assert len(app.table) == 4  # two of digits, two of pen digits
    assert "Simplereads 3, 91.7% sure: wrong" in card(app)
    assert "Robustreads 5, 57.4% sure: right" in card(app)
    choose(app, "viewed_network_choice", "Robust")
    assert "**Robust**: 5 of the images labelled 7 are read as 1, wrong." in text(app)
    choose(app, "test_part", "Confidence")
    assert metrics(app, "Calibration error") == ["1.79%", "0.99%"]
    assert len(app.get("vega_lite_chart")) == 4
    choose(app, "network_test", "robust")  # the second one is now the first
    assert app.segmented_control("network_beside").value == "None"
    assert metrics(app, "Accuracy") == ["99.53%"]


@pytest.mark.parametrize("threshold", [0.0, 50.0, 90.0, 99.9])
def test_threshold_counts_the_answers_left(app: AppTest, threshold: float) -> None:
    choose(app, "test_part", "Confidence")
    app.slider("threshold").set_value(threshold).run()
    curve = answered_curve(probabilities_of("notebook"), MNIST.y_test)
    answered, right = (int(curve[column][round(threshold * 10)]) for column in ("answered", "right"))
    assert f"{answered:,} of 10,000 answered ({answered / 10_000:.2%}), **{right / answered:.2%}** of those" in text(
        app
    )


@pytest.mark.parametrize(
    ("button", "heading"), [("open_inside", "Inside the network"), ("open_backprop", "Loss and learning")]
)
def test_image_opens_on_another_page_with_the_same_network(app: AppTest, button: str, heading: str) -> None:
    choose(app, "network_test", "robust")
    app.number_input("test_image_number").set_value(247).run()
    app.button(button).click().run()
    assert not app.exception
    assert app.title[0].value == heading
    assert "**Test image 247, labelled 4**" in text(app)
    assert app.segmented_control("network_inside").value == "robust"


def random_network(spread: float = 0.05) -> Network:
    random = np.random.default_rng(0)
    weights = [random.normal(0, spread, shape).astype(np.float32) for shape in ((784, 5), (5, 10))]
    return Network(
        [Layer(weights[0], np.zeros(5, np.float32), "relu"), Layer(weights[1], np.zeros(10, np.float32), "softmax")]
    )


@pytest.mark.parametrize(
    "network",
    [random_network(), random_network(1e-9), random_network(1e15)],
    ids=["random", "never sure", "always sure"],
)
def test_uploaded_network_is_shown_in_every_part(app: AppTest, network: Network) -> None:
    app.session_state["uploads"] = {"Uploaded 1": network}
    app.run()
    choose(app, "network_test", "Uploaded 1")
    for part in ("Mistakes", "Confidence", "Confusion"):
        choose(app, "test_part", part)
    choose(app, "network_beside", "notebook")
    accuracy = np.mean(predict_images(network, MNIST.x_test).argmax(axis=1) == MNIST.y_test)
    assert metrics(app, "Accuracy") == [f"{accuracy:.2%}", "97.45%"]
    choose(app, "test_part", "Confidence")
    app.slider("threshold").set_value(99.9).run()
    assert not app.exception
    assert "Networks that you trained or uploaded have no such figures." in text(app)
    app.session_state["uploads"] = {}
    app.run()
    assert not app.exception
    assert app.segmented_control("network_test").value == "notebook"


def test_network_without_mistakes_says_so(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    right = np.eye(10, dtype=np.float32)[MNIST.y_test]
    monkeypatch.setattr(mnist_predictions, "predict_images", lambda network, images: right)
    app.session_state["uploads"] = {"Uploaded 1": random_network()}
    app.run()
    choose(app, "network_test", "Uploaded 1")
    assert metrics(app, "Accuracy") == ["100.00%"]
    choose(app, "test_part", "Mistakes")
    assert "Uploaded 1 reads all test images right." in text(app)
    choose(app, "test_part", "Confidence")
    assert metrics(app, "Calibration error") == ["0.00%"]


def test_missing_mnist_leaves_the_pen_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise MnistError("The file mnist.npz is missing.")

    app = arrive()
    monkeypatch.setattr(mnist_predictions, "load_mnist", missing)
    app.run()
    assert not app.exception
    assert [error.value for error in app.error] == ["The file mnist.npz is missing."]
    assert "measured elsewhere" in text(app)


def test_unreadable_network_leaves_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(model.bundled_networks.BUNDLED / "robust", tmp_path / "robust")
    shutil.copytree(model.bundled_networks.BUNDLED / "notebook", tmp_path / "notebook")
    (tmp_path / "notebook" / "network.keras").write_bytes(b"damaged")
    monkeypatch.setattr(model.bundled_networks, "BUNDLED", tmp_path)
    app = arrive().run()
    assert not app.exception
    assert ["git checkout -- model/notebook" in error.value for error in app.error] == [True]
    assert "measured elsewhere" in text(app)
    choose(app, "network_beside", "robust")
    assert metrics(app, "Accuracy") == ["99.53%"]


def test_pen_digit_figures_come_from_the_cards(app: AppTest) -> None:
    table = app.table[-2].value.set_index("Network")
    sources = app.table[-1].value.set_index("Source")
    for name in BUNDLED_NAMES:
        figures = json.loads((model.bundled_networks.BUNDLED / name / "card.json").read_text(encoding="utf-8"))[
            "pen digits"
        ]
        row = table.loc[LABELS[name]]
        assert row["Read right"] == f"{figures['accuracy']:.2%}"
        assert row["Only resized"] == f"{figures['only_resized']:.2%}"
        assert row["Calibration error"] == f"{figures['calibration_error']:.2%}"
        assert figures["command"] in app.code[0].value
        for source, of_source in figures["per_source"].items():
            assert sources.loc[source, "Digits"] == of_source["count"]
            assert sources.loc[source, LABELS[name]] == f"{of_source['accuracy']:.2%}"
    assert f"{figures['count']} digits" in text(app)
    assert "the digits are not part of this app" in text(app)


@pytest.mark.parametrize("damage", [None, "", "[]", '{"pen digits": 7}', '{"pen digits": {"count": 851}}'])
def test_unreadable_card_leaves_the_other(damage: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(model.bundled_networks.BUNDLED, tmp_path / "model", ignore=shutil.ignore_patterns("*.py", "linear"))
    card_path = tmp_path / "model" / "robust" / "card.json"
    if damage is None:
        card_path.unlink()
    else:
        card_path.write_text(damage, encoding="utf-8")
    monkeypatch.setattr(model.bundled_networks, "BUNDLED", tmp_path / "model")
    app = arrive().run()
    assert not app.exception
    assert ["git checkout -- model/robust" in error.value for error in app.error] == [True]
    assert list(app.table[-2].value["Network"]) == ["Simple"]
    assert metrics(app, "Accuracy") == ["97.45%"]


def test_cards_without_pen_digits_say_how_to_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(model.bundled_networks.BUNDLED, tmp_path / "model", ignore=shutil.ignore_patterns("*.py", "linear"))
    for name in BUNDLED_NAMES:
        (tmp_path / "model" / name / "card.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(model.bundled_networks, "BUNDLED", tmp_path / "model")
    app = arrive().run()
    assert not app.exception
    assert not app.error
    for name in BUNDLED_NAMES:
        assert f"python -m model.evaluate {name} --pen-digits FILE --keep" in text(app)
