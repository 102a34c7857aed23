"""The page MNIST, without a browser."""

import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model.averages import average_digits, distances
from model.mnist import MnistError, as_vectors, load_mnist
from pages.widgets.networks import mnist_predictions
from tests.canvas_states import canvas_state

ROOT = Path(__file__).parents[2]
MNIST = load_mnist()


@pytest.fixture
def app() -> AppTest:
    mnist_predictions.cached_mnist.clear()
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()
    app.switch_page("pages/dataset.py").run()
    assert not app.exception
    return app


def text_of(app: AppTest) -> str:
    return " ".join(element.value for element in (*app.markdown, *app.caption))


def html_of(app: AppTest, name: str) -> str:
    """The HTML of the element with this class."""
    bodies: list[str] = [html.proto.body for html in app.get("html")]
    return next(body for body in bodies if f'class="{name}"' in body)


def grid(app: AppTest) -> list[str]:
    """The texts on the 784 squares."""
    return re.findall(r"<span[^>]*>([^<]*)</span>", html_of(app, "numbers"))


def press(app: AppTest, key: str) -> None:
    app.button(key).click().run()
    assert not app.exception


def test_page_begins_with_the_notebooks_image(app: AppTest) -> None:
    assert app.number_input("mnist_number").value == 7777
    assert "Training image 7777: **the label is 8**." in text_of(app)


def test_number_selects_any_image(app: AppTest) -> None:
    app.number_input("mnist_number").set_value(0).run()
    assert f"Training image 0: **the label is {MNIST.y_train[0]}**." in text_of(app)
    assert grid(app) == [str(number) for number in MNIST.x_train[0].reshape(-1)]
    app.segmented_control("mnist_part").set_value("Test").run()
    app.number_input("mnist_number").set_value(9_999).run()
    assert f"Test image 9999: **the label is {MNIST.y_test[9_999]}**." in text_of(app)


def test_number_beyond_the_test_images_becomes_the_last(app: AppTest) -> None:
    app.number_input("mnist_number").set_value(59_999).run()
    app.segmented_control("mnist_part").set_value("Test").run()
    assert "Test image 9999" in text_of(app)
    assert app.number_input("mnist_number").max == 9_999


def test_buttons_step_through_one_digit_and_around(app: AppTest) -> None:
    app.selectbox("mnist_step").set_value(3).run()
    threes = np.flatnonzero(MNIST.y_train == 3)
    press(app, "mnist_next")
    assert app.number_input("mnist_number").value == threes[threes > 7777][0]
    press(app, "mnist_previous")
    assert app.number_input("mnist_number").value == threes[threes < 7777][-1]
    app.number_input("mnist_number").set_value(int(threes[0])).run()
    press(app, "mnist_previous")
    assert app.number_input("mnist_number").value == threes[-1]
    press(app, "mnist_next")
    assert app.number_input("mnist_number").value == threes[0]


def test_buttons_step_through_all_digits(app: AppTest) -> None:
    press(app, "mnist_next")
    assert "Training image 7778" in text_of(app)
    app.number_input("mnist_number").set_value(0).run()
    press(app, "mnist_previous")
    assert "Training image 59999" in text_of(app)


def test_numbers_are_divided_by_255(app: AppTest) -> None:
    pixels = MNIST.x_train[7777].reshape(-1)
    assert grid(app) == [str(number) for number in pixels]
    app.segmented_control("numbers_as").set_value("0 to 1").run()
    assert [float(text) for text in grid(app)] == pytest.approx(pixels / 255, abs=0.0051)


def test_shapes_and_types_are_those_of_the_arrays(app: AppTest) -> None:
    steps, printed = (code.value for code in app.code)
    assert ">>> x_train.shape\n(60000, 28, 28)\n>>> x_train.dtype\ndtype('uint8')\n" in steps
    assert ">>> x_train.reshape(60000, 28, 28, 1).shape\n(60000, 28, 28, 1)\n" in steps
    assert ">>> (x_train.astype(\"float32\") / 255).dtype\ndtype('float32')" in steps
    assert printed.splitlines() == [
        "x_train shape: (60000, 784)",
        "Number of images in x_train 60000",
        "Number of images in x_test 10000",
    ]
    assert "from 47 MB to 188 MB" in text_of(app)


def test_sample_stays_until_another_is_asked_for(app: AppTest) -> None:
    sample = html_of(app, "mosaic")
    app.run()
    assert html_of(app, "mosaic") == sample
    press(app, "sample_again")
    assert html_of(app, "mosaic") != sample


def test_sample_of_one_digit_has_a_hundred_different_images(app: AppTest) -> None:
    app.segmented_control("sample_of").set_value(7).run()
    assert "A hundred images of 7" in html_of(app, "mosaic")
    numbers = app.session_state["sample"][7]
    assert len(set(numbers.tolist())) == 100
    assert set(MNIST.y_train[numbers].tolist()) == {7}


def test_caption_names_the_smallest_and_the_largest_count(app: AppTest) -> None:
    assert "from 5,421 training images of the 5 to 6,742 of the 1" in text_of(app)


def test_typical_images_are_closest_to_the_average(app: AppTest) -> None:
    shown = [int(number) for number in re.findall(r"Training image (\d+), labelled", html_of(app, "typical"))]
    assert len(shown) == 100
    averages = average_digits(MNIST.x_train, MNIST.y_train)
    for digit in range(10):
        of_digit = shown[10 * digit : 10 * digit + 10]
        assert set(MNIST.y_train[of_digit].tolist()) == {digit}
        far = [distances(averages, as_vectors(MNIST.x_train[number])[0])[digit] for number in of_digit]
        assert max(far[:5]) < 6 < min(far[5:])
        assert far == sorted(far[:5]) + sorted(far[5:], reverse=True)


def test_image_goes_onto_the_canvas_and_keeps_the_drawing_for_undo(app: AppTest) -> None:
    app.switch_page("pages/draw.py").run()
    app.session_state["canvas"] = canvas_state([(140.0, 40.0), (140.0, 240.0)])
    app.run()
    drawn = app.session_state["drawing_history_canvas"].drawing
    app.switch_page("pages/dataset.py").run()
    press(app, "draw_over")
    history = app.session_state["drawing_history_canvas"]
    assert len(history.drawing.strokes) == 1
    assert history.past[-1] == drawn.strokes
    assert app.title[0].value == "Draw a digit"


def test_missing_mnist_says_so(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> None:
        raise MnistError("The file mnist.npz is missing: restore it.")

    monkeypatch.setattr(mnist_predictions, "load_mnist", damaged)
    mnist_predictions.cached_mnist.clear()
    app.run()
    assert not app.exception
    assert [error.value for error in app.error] == ["The file mnist.npz is missing: restore it."]
    mnist_predictions.cached_mnist.clear()
