"""The page on what deep learning is, without a browser."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import model.bundled_networks
from model import load_network, preprocess
from model.averages import average_digits, distances
from model.bundled_networks import KNOWN_NAMES
from model.evaluate import accuracy
from model.mnist import MnistError, as_vectors, load_mnist
from model.network import Layer, Network
from pages.widgets.networks import mnist_predictions
from pages.widgets.networks.picker import cached_network
from tests.canvas_states import canvas_state, picture

ROOT = Path(__file__).parents[2]
SEVEN = [(80.0, 60.0), (200, 60), (120, 230)]
CARD_NAMES = ["Nearest average", "Linear model", "Simple", "Robust"]


@pytest.fixture
def app() -> AppTest:
    cached_network.clear()  # a test may have put other files in place
    mnist_predictions.cached_mnist.clear()
    return AppTest.from_file(str(ROOT / "pages" / "why.py"), default_timeout=120)


def draw(app: AppTest, *lines: list[tuple[float, float]]) -> None:
    app.session_state["canvas"] = canvas_state(*lines)
    app.run()
    assert not app.exception


def cards(app: AppTest) -> dict[str, str]:
    """Return each card's HTML by the name on it."""
    body = next((html.proto.body for html in app.get("html") if 'class="cards"' in html.proto.body), "")
    return dict(re.findall(r'<section class="card" aria-label="([^"]*)">(.*?)</section>', body))


def answers(app: AppTest) -> dict[str, str]:
    """Return the digit on each card; an empty text stands for no answer."""
    found = {name: re.search(r'<span class="digit">(\d?)</span>', card) for name, card in cards(app).items()}
    return {name: digit[1] for name, digit in found.items() if digit}


def text_of(app: AppTest) -> str:
    return " ".join(markdown.value for markdown in app.markdown)


def formulas(app: AppTest) -> str:
    return " ".join(latex.value for latex in app.latex)


def test_without_a_drawing_there_is_an_example(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert "**An example: test image 8, labelled 5**" in text_of(app)
    assert answers(app) == dict(zip(CARD_NAMES, "2655", strict=True))


def test_all_cards_read_a_seven(app: AppTest) -> None:
    draw(app, SEVEN)
    assert "**Your drawing**" in text_of(app)
    assert answers(app) == dict.fromkeys(CARD_NAMES, "7")
    for name in CARD_NAMES[:2]:  # of ten pictures, the answer's is marked
        assert cards(app)[name].count("<figure") == 10
        assert re.findall(r'<figure class="top">.*?<figcaption>(\d)<', cards(app)[name]) == ["7"]
    for name in CARD_NAMES[2:]:
        strengths = [float(a) for a in re.findall(r"<figcaption>([^<]*)<", cards(app)[name])]
        assert len(strengths) == 10
        assert strengths == sorted(strengths, reverse=True)
        assert "sure" in cards(app)[name]


def test_formulas_show_the_numbers_of_the_drawing(app: AppTest) -> None:
    draw(app, SEVEN)
    x = preprocess(np.asarray(picture(SEVEN)))
    assert x is not None
    mnist = load_mnist()
    far = distances(average_digits(mnist.x_train, mnist.y_train), x)
    first, second = far.argsort()[:2]
    assert f"= {far[first]:.2f}" in formulas(app)
    assert f"d_{second} &= {far[second]:.2f}" in formulas(app)
    assert f"<strong>{far[first]:.2f}</strong>; the next, {second}, is at {far[second]:.2f}" in "".join(
        cards(app).values()
    )
    linear = load_network("linear")
    z = linear.forward(x)[0].z
    terms = re.search(r"&= (\S+) ([+-]) (\S+) = (\S+) ", formulas(app))
    assert terms
    assert float(terms[4]) == pytest.approx(z[7], abs=0.006)
    bias = float(terms[2] + terms[3])
    assert bias == pytest.approx(linear.layers[0].biases[7], abs=0.006)
    assert float(terms[1]) + bias == pytest.approx(float(terms[4]), abs=1e-6)
    assert f"= {linear.predict(x)[7]:.3f}" in formulas(app)


def test_every_card_says_how_many_test_images_are_read_right(app: AppTest) -> None:
    app.run()
    mnist = load_mnist()
    x = as_vectors(mnist.x_test)
    right = {name: f"{accuracy(load_network(name), x, mnist.y_test):.2%}" for name in KNOWN_NAMES}
    expected = ["82.03%", right["linear"], right["notebook"], right["robust"]]
    found = [re.findall(r">([\d.]+%)</strong> of the test images right", card) for card in cards(app).values()]
    assert found == [[share] for share in expected]


def test_network_of_the_session_gets_a_card(app: AppTest) -> None:
    random = np.random.default_rng(0)
    sizes = [(784, 4, "tanh"), (4, 10, "softmax")]
    small = Network(
        [Layer(random.normal(size=s[:2]).astype(np.float32), np.zeros(s[1], np.float32), s[2]) for s in sizes]
    )
    app.session_state["uploads"] = {"Uploaded 1": small, "Uploaded 2": load_network("linear")}
    draw(app, SEVEN)
    assert list(cards(app)) == [*CARD_NAMES, "Uploaded 1", "Uploaded 2"]
    assert "1 hidden layer; neurons: 4" in cards(app)["Uploaded 1"]
    assert cards(app)["Uploaded 1"].count("<figure") == 4
    assert "no hidden layer" in cards(app)["Uploaded 2"]
    assert answers(app)["Uploaded 2"] == "7"


@pytest.mark.parametrize(
    ("name", "card"), [("linear", CARD_NAMES[1]), ("notebook", CARD_NAMES[2]), ("robust", CARD_NAMES[3])]
)
def test_unreadable_network_leaves_the_other_cards(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, card: str
) -> None:
    for other in set(KNOWN_NAMES) - {name}:
        shutil.copytree(model.bundled_networks.BUNDLED / other, tmp_path / other)
    (tmp_path / name).mkdir()
    (tmp_path / name / "network.keras").write_bytes(b"damaged")
    monkeypatch.setattr(model.bundled_networks, "BUNDLED", tmp_path)
    draw(app, SEVEN)
    assert [f"git checkout -- model/{name}" in error.value for error in app.error] == [True]
    assert answers(app) == dict.fromkeys(CARD_NAMES, "7") | {card: ""}
    assert "No answer: this network cannot be read." in cards(app)[card]


def test_networks_read_drawings_without_mnist(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise MnistError("The file mnist.npz is missing.")

    monkeypatch.setattr(mnist_predictions, "load_mnist", missing)
    app.run()
    assert not app.exception
    assert [error.value for error in app.error] == ["The file mnist.npz is missing."]
    assert app.info[0].value == "Nothing is drawn yet: draw a digit."
    assert "deep learning" in text_of(app)
    draw(app, SEVEN)
    assert answers(app) == dict.fromkeys(CARD_NAMES, "7") | {"Nearest average": ""}
    assert "cannot be read" in cards(app)["Nearest average"]
    assert "test images right" not in "".join(cards(app).values())


def test_next_mistake_opens_an_image_that_simple_misreads(app: AppTest) -> None:
    draw(app, SEVEN)
    mnist, network = load_mnist(), load_network("notebook")
    seen = set()
    for _ in range(2):
        app.button("next_mistake").click().run()
        assert not app.exception
        opened = re.search(r"\*\*Test image (\d+), labelled (\d)\*\*", text_of(app))
        assert opened
        assert opened[2] == str(mnist.y_test[int(opened[1])])
        read = network.predict(as_vectors(mnist.x_test[int(opened[1])])[0]).argmax()
        assert answers(app)["Simple"] == str(read) != opened[2]
        seen.add(opened[1])
    assert len(seen) == 2
    app.button("back").click().run()
    assert "**Your drawing**" in text_of(app)
    assert answers(app) == dict.fromkeys(CARD_NAMES, "7")


def test_drawing_leaves_the_test_image(app: AppTest) -> None:
    draw(app, [(140.0, 40.0), (140, 240)])
    app.button("next_mistake").click().run()
    assert "**Test image" in text_of(app)
    draw(app, SEVEN)
    assert "**Your drawing**" in text_of(app)
    assert answers(app) == dict.fromkeys(CARD_NAMES, "7")
