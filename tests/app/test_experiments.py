"""The experiments of “Try this” on every page, without a browser, and the claims of their texts."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model import load_network, preprocess
from model.averages import average_digits, distances, distances_to_own_average
from model.bundled_networks import KNOWN_NAMES
from model.evaluate import accuracy
from model.files.strokes import Stroke
from model.gradient_descent import Learner
from model.mnist import as_vectors, load_mnist
from model.network import Floats
from model.pen_digits import draw as ink
from pages.widgets.answer.digit_check import are_digits
from pages.widgets.app import page_list
from pages.widgets.canvas.drawing import as_line
from pages.widgets.digit import example_drawings
from tests.app.test_inside_page import SEVEN, arrive, draw, metric, prediction, text
from tests.canvas_states import press

PAGES = [page.name for page in page_list.PAGES]
LEAST_TYPICAL = 26_882
MNIST = load_mnist()
NETWORKS = {name: load_network(name) for name in KNOWN_NAMES}
AVERAGES = average_digits(MNIST.x_train, MNIST.y_train)


def experiments(app: AppTest, page: str) -> list[str]:
    """Return the names on a page's buttons."""
    return [button.label for button in app.button if (button.key or "").startswith(f"try_{page}_")]


def try_out(app: AppTest, page: str, name: str) -> str:
    """Press the button; return what to look for."""
    app.button(f"try_{page}_{experiments(app, page).index(name)}").click().run()
    assert not app.exception
    assert not app.error
    said = look_for(app)
    assert said.startswith(f"**{name}.** ")
    return said


def look_for(app: AppTest) -> str:
    (said,) = (str(info.value) for info in app.info if info.icon == ":material/visibility:")
    return said


def names(said: str, share: str) -> bool:
    """Return whether a text names this share, which may differ by an image or two from machine to machine."""
    return any(abs(float(named) - float(share[:-1])) < 0.025 for named in re.findall(r"(\d+\.\d+)%", said))


def on_canvas(app: AppTest) -> tuple[Stroke, ...]:
    strokes: tuple[Stroke, ...] = app.session_state["drawing_history_canvas"].drawing.strokes
    return strokes


def pixels(drawing: tuple[Stroke, ...]) -> Floats:
    """Return the 784 numbers of a drawing, float32 [784]."""
    x = preprocess(ink([as_line(stroke).points for stroke in drawing], drawing[0].width))
    assert x is not None
    return x


def read(drawing: tuple[Stroke, ...]) -> dict[str, int]:
    """Return the digits that the rule and the networks read in a drawing."""
    x = pixels(drawing)
    answers = {name: int(network.predict(x).argmax()) for name, network in NETWORKS.items()}
    return {"rule": int(distances(AVERAGES, x).argmin())} | answers


def cards(app: AppTest) -> str:
    """Return the digits on the cards of the page Why deep?, in their order."""
    body = next(html.proto.body for html in app.get("html") if 'class="cards"' in html.proto.body)
    return "".join(re.findall(r'<span class="digit">(\d?)</span>', body))


def check_draw(app: AppTest, name: str, _: str) -> None:
    drawn = {
        "A 0 with a slash": example_drawings.SLASHED_ZERO,
        "A letter": example_drawings.LETTER_A,
        "Small, in a corner": example_drawings.SMALL_THREE,
        "Between 4 and 9": example_drawings.FOUR_OR_NINE,
    }
    assert on_canvas(app) == drawn[name]
    assert app.segmented_control("network").value == "robust"
    assert app.toggle("compare").value == (name == "A 0 with a slash")
    if name == "Small, in a corner":
        assert app.session_state["steps"]


def check_why(app: AppTest, name: str, _: str) -> None:
    if name == "Where they part":
        assert "**Test image 8, labelled 5**" in text(app)
        assert cards(app) == "2655"
    else:
        drawn = {
            "A slanted 5": example_drawings.SLANTED_FIVE,
            "A 9 with a long tail": example_drawings.LONG_TAILED_NINE,
        }
        assert on_canvas(app) == drawn[name]
        assert "**Test image" not in text(app)


def check_neuron(app: AppTest, name: str, _: str) -> None:
    if name == "Sure, and stuck":
        assert "&= 12.00" in text(app)
        assert app.metric[0].value == "1.000"
        assert r"\approx 0.000 \end" in text(app)
        return
    assert ("&= 0.50" if name == "Make it AND" else "&= 1.50") in text(app)
    assert ("**3 of 4** right" if name == "Try XOR" else "**4 of 4** right") in text(app)


def check_inside(app: AppTest, name: str, said: str) -> None:
    assert "**Test image 8, labelled 5**" in text(app)
    assert prediction(app) == (6 if name == "One neuron off" else 5)
    assert names(said, metric(app, "Test images read right"))
    assert "Unbroken: 97.45%" in text(app)
    if name == "One neuron off":
        assert "its frame is yellow, and the pink one around it" in said
        assert "its frame is pink. A neuron that is switched off has a yellow frame." in text(app)
    app.segmented_control("view").set_value("Nodes and lines").run()  # the visitor changes something
    if name == "Half the weights gone":
        app.slider("pruned").set_value(80).run()
        assert names(said, metric(app, "Test images read right"))
        app.segmented_control("network_inside").set_value("robust").run()
        assert names(said, metric(app, "Test images read right"))
        app.slider("weight_scale").set_value(3.0).run()  # and something of the visitor's own


def check_backprop(app: AppTest, name: str, said: str) -> None:
    is_wrong = name == "Teach it something wrong"
    (digit,) = (each.value for each in app.segmented_control if each.label == "It should be")
    assert digit == prediction(app) == (3 if is_wrong else 9)
    assert ("**Test image 8, labelled 5**" if is_wrong else "**Test image 104, labelled 9**") in text(app)
    assert names(said, metric(app, "Test images read right"))
    nothing_left = [info.value for info in app.info if "nothing left to learn" in str(info.value)]
    assert len(nothing_left) == (name == "A step too large")
    if name == "A small step":
        assert metric(app, "Loss after 1 step") in said
        assert "Before: 4.71" in text(app)
    app.button("take_10").click().run()  # the visitor changes something
    app.segmented_control("network_inside").set_value("robust").run()


def check_dataset(app: AppTest, name: str, _: str) -> None:
    if name == "The least typical 7":
        assert app.segmented_control("mnist_part").value == "Training"
        assert app.number_input("mnist_number").value == LEAST_TYPICAL
        assert app.selectbox("mnist_step").value == 7
        app.segmented_control("mnist_part").set_value("Test").run()
    elif name == "Divide by 255":
        assert app.segmented_control("numbers_as").value == "0 to 1"
        app.segmented_control("numbers_as").set_value("0 to 255").run()
    else:
        assert app.segmented_control("sample_of").value == 4
        app.segmented_control("sample_of").set_value(9).run()


def check_training(app: AppTest, name: str, _: str) -> None:
    assert app.segmented_control("part").value == "Train your own"
    assert app.slider("setting_hidden").value == {"No hidden layer": 0, "Sigmoid, five deep": 5}.get(name, 2)
    assert app.selectbox("setting_activation").value == ("sigmoid" if name == "Sigmoid, five deep" else "relu")
    rates = {"Sigmoid, five deep": 0.1, "Learning rate far too high": 1.0}
    assert app.select_slider("setting_learning_rate").value == rates.get(name, 0.001)
    assert app.select_slider("setting_images").value == (600 if name == "600 images" else 10_000)
    assert app.query_params["images"] == str(app.select_slider("setting_images").value)
    app.segmented_control("part").set_value("The bundled networks").run()


def check_test_set(app: AppTest, name: str, said: str) -> None:
    parts = {"Turn by 40 degrees": "Corruption", "5 taken for 3": "Confusion", "Sure, and wrong": "Mistakes"}
    assert app.segmented_control("test_part").value == parts.get(name, "Map")
    if name == "Turn by 40 degrees":
        assert app.slider("corruption_rotation").value == 40
        accuracies = [each.value for each in app.metric if each.label.endswith("test images read right")]
        assert len(accuracies) == 2
        assert all(names(said, share) for share in accuracies)
        app.slider("corruption_right").set_value(3).run()
    elif name == "5 taken for 3":
        assert "**Simple**: 17 of the images labelled 5 are read as 3, wrong." in text(app)
        app.selectbox("cell_label").set_value(4).run()
    elif name == "Sure, and wrong":
        assert "**Robust**: 19 of these 20 read right" in text(app)
        pictures = [button.label for button in app.button if (button.key or "").startswith("picture_")]
        assert len(pictures) == 20
        assert all("> 99.9%" in label.replace("\N{NO-BREAK SPACE}", " ") for label in pictures)
        app.segmented_control("network_test").set_value("robust").run()
    else:
        assert "same label in 99.34% of all cases" in text(app)
        app.segmented_control("map_layer").set_value(0).run()
        assert "same label in 95.58% of all cases" in text(app)


# The claims of the texts. A page that is missing here checks them in its own test.
CHECKS: dict[str, Callable[[AppTest, str, str], None]] = {
    "draw": check_draw,
    "why": check_why,
    "neuron": check_neuron,
    "inside": check_inside,
    "backprop": check_backprop,
    "dataset": check_dataset,
    "training": check_training,
    "test_set": check_test_set,
}


@pytest.mark.parametrize("page", PAGES)
def test_page_begins_with_a_short_sentence_and_two_to_four_experiments(page: str) -> None:
    app = arrive(f"pages/{page}.py")
    sentence = next(str(markdown.value) for markdown in app.markdown)
    assert sentence.count(".") == 1
    assert sentence.endswith(".")
    assert len(sentence) < 130
    assert 2 <= len(experiments(app, page)) <= 4
    assert not any(info.icon == ":material/visibility:" for info in app.info), "nothing has been tried yet"


@pytest.mark.parametrize("page", PAGES)
def test_every_experiment_shows_what_it_says_in_any_order_and_again(page: str) -> None:
    app = arrive(f"pages/{page}.py")
    for name in (*experiments(app, page), *reversed(experiments(app, page))):
        said = try_out(app, page, name)
        if page in CHECKS:
            CHECKS[page](app, name, said)
        assert not app.exception
        assert look_for(app).startswith(f"**{name}.** "), "it stays readable"


RESETS = [
    ("inside", "Half the weights gone", "reset_ablation"),
    ("backprop", "A small step", "forget"),
    ("test_set", "Turn by 40 degrees", "corruption_reset"),
]


@pytest.mark.parametrize(("page", "name", "reset"), RESETS)
def test_reset_takes_away_what_to_look_for(page: str, name: str, reset: str) -> None:
    app = arrive(f"pages/{page}.py")
    try_out(app, page, name)
    app.button(reset).click().run()
    assert not app.exception
    assert not any(info.icon == ":material/visibility:" for info in app.info)


@pytest.mark.parametrize("page", ["draw", "why"])
def test_undo_brings_the_visitors_drawing_back(page: str) -> None:
    app = arrive(f"pages/{page}.py")
    draw(app, SEVEN)
    mine = on_canvas(app)
    drawing = [name for name in experiments(app, page) if name != "Where they part"]
    for name in (drawing[0], drawing[0], drawing[1]):
        try_out(app, page, name)
    assert on_canvas(app) != mine
    for _ in range(2):
        press(app, "Undo")
    assert on_canvas(app) == mine


def test_test_image_leaves_the_drawing_on_the_canvas() -> None:
    app = arrive("pages/why.py")
    draw(app, SEVEN)
    mine = on_canvas(app)
    try_out(app, "why", "Where they part")
    assert on_canvas(app) == mine
    app.button("back").click().run()
    assert "**Your drawing**" in text(app)


def test_experiment_ends_the_whole_number() -> None:
    app = arrive("pages/draw.py")
    app.toggle("whole_number").set_value(True).run()
    try_out(app, "draw", "A letter")
    assert app.toggle("whole_number").value is False


def test_networks_read_the_example_drawings_as_the_texts_say() -> None:
    assert {name: read(example_drawings.SLASHED_ZERO)[name] for name in ("robust", "notebook")} == {
        "robust": 0,
        "notebook": 8,
    }
    assert set(read(example_drawings.SMALL_THREE).values()) == {3}
    assert read(example_drawings.SLANTED_FIVE) == {"rule": 1, "linear": 1, "notebook": 5, "robust": 5}
    nine = read(example_drawings.LONG_TAILED_NINE)
    assert nine.pop("robust") == 9
    assert 9 not in nine.values()


def test_letter_is_read_as_a_4_and_does_not_look_like_a_digit() -> None:
    x = pixels(example_drawings.LETTER_A)
    assert NETWORKS["robust"].predict(x)[4] > 0.9
    assert list(are_digits(np.stack([x, pixels(example_drawings.SMALL_THREE)]))) == [False, True]


def test_half_a_line_separates_4_and_9() -> None:
    probabilities = NETWORKS["robust"].predict(pixels(example_drawings.FOUR_OR_NINE))
    assert set(np.argsort(-probabilities)[:2]) == {4, 9}
    assert probabilities.max() < 0.75
    closed = (*example_drawings.FOUR_OR_NINE, example_drawings.stroke([(115, 55), (150, 55)]))
    assert NETWORKS["robust"].predict(pixels(closed))[9] > 0.95


def test_learning_one_image_forgets_what_the_texts_say() -> None:
    x, network = as_vectors(MNIST.x_test), NETWORKS["notebook"]
    assert network.predict(x[104]).argmax() == 5
    large, wrong = Learner(network), Learner(network)
    large.take_steps(1, x[104], 9, 0.1)
    assert np.mean(large.network.predict(x).argmax(axis=1) == 9) > 0.95, "nearly everything"
    assert round(large.network.loss(x[104], 9), 3) == 0
    wrong.take_steps(20, x[8], 3, 0.01)
    lost = [
        accuracy(network, x[MNIST.y_test == digit], MNIST.y_test[MNIST.y_test == digit])
        - accuracy(wrong.network, x[MNIST.y_test == digit], MNIST.y_test[MNIST.y_test == digit])
        for digit in range(10)
    ]
    assert np.argmax(lost) == 5, "above all other 5s"


def test_least_typical_7_is_farthest_from_the_average() -> None:
    far = distances_to_own_average(AVERAGES, MNIST.x_train, MNIST.y_train)
    assert MNIST.y_train[LEAST_TYPICAL] == 7
    assert far[MNIST.y_train == 7].max() == far[LEAST_TYPICAL]
