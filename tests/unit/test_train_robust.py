"""Training the robust network: small runs of all four steps, and what the bundled files say."""

import json
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest

from model import load_network
from model.bundled_networks import BUNDLED
from model.evaluate import accuracy, calibration_error
from model.files.keras_file import read_keras
from model.mnist import as_vectors, load_mnist
from model.network import softmax
from model.offline.drawn_digits import draw_digit
from model.offline.train_robust import (
    Settings,
    as_dense_layers,
    best_temperature,
    build_student,
    measure_left_out,
    set_some_aside,
    train_robust,
)
from model.offline.training_pictures import Counts
from model.pen_digits import PenDigit

FOLDER = BUNDLED / "robust"
SMALL = Settings(Counts(mnist=4000, pen_digits=400, styles=400), teacher_epochs=2, epochs=5)


@pytest.fixture(scope="module")
def digits() -> list[PenDigit]:
    """Of 20 writers from two sources."""
    random = np.random.default_rng(0)
    drawn = (draw_digit(random) for _ in range(100))
    return [PenDigit(label, "ab"[i % 2], f"writer {i % 20}", strokes) for i, (label, strokes) in enumerate(drawn)]


def test_all_steps_give_a_network_that_reads(
    tmp_path: Path, digits: list[PenDigit], capsys: pytest.CaptureFixture[str]
) -> None:
    train_robust(tmp_path, digits, "the command", SMALL)
    network = read_keras((tmp_path / "network.keras").read_bytes())
    assert [layer.activation for layer in network.layers] == ["relu", "relu", "softmax"]
    mnist = load_mnist()
    right = accuracy(network, as_vectors(mnist.x_test), mnist.y_test)
    assert right > 0.25  # a few seconds of training: far more often than by chance
    card = json.loads((tmp_path / "card.json").read_text(encoding="utf-8"))
    assert card["command"] == "the command"
    assert card["accuracy"]["MNIST test"] == pytest.approx(right, abs=1e-4)
    assert "pen digits" in card["data"]["training"]
    curves = pd.read_csv(tmp_path / "history.csv")
    assert list(curves.columns) == ["epoch", "loss", "accuracy", "val_loss", "val_accuracy"]
    assert list(curves["epoch"]) == list(range(1, 6))
    printed = capsys.readouterr().out
    assert all(f"{step} of 4" in printed for step in (1, 2, 3, 4))
    assert "Epoch 5/5" in printed


def test_it_trains_without_pen_digits(tmp_path: Path) -> None:
    train_robust(tmp_path, [], "the command", Settings(Counts(600, 99_999, 400), teacher_epochs=1, epochs=1))
    card = json.loads((tmp_path / "card.json").read_text(encoding="utf-8"))
    assert "pen digits" not in str(card)
    assert "MNIST, the last training images" in card["data"]["validation"]


def test_a_source_left_out_is_measured_on(digits: list[PenDigit], capsys: pytest.CaptureFixture[str]) -> None:
    measure_left_out(digits, ["b"], Settings(Counts(600, 200, 200), teacher_epochs=1, epochs=1))
    printed = capsys.readouterr().out
    assert "of 50 pen digits of the sources left out" in printed
    assert "\nb: " in printed
    assert "\na: " not in printed


def test_writers_set_aside_are_not_trained_on(digits: list[PenDigit]) -> None:
    material, aside = set_some_aside(load_mnist(), digits)
    assert len(material.digits) + len(aside.y) == len(digits)
    assert len({digit.writer for digit in material.digits}) == 18
    assert len(aside.y) == 10


def test_images_set_aside_are_not_trained_on() -> None:
    mnist = load_mnist()
    material, aside = set_some_aside(mnist, [])
    assert len(material.images) == len(material.labels) == 55_000
    np.testing.assert_array_equal(aside.y, mnist.y_train[55_000:])


def test_folding_changes_nothing_but_the_temperature() -> None:
    student = build_student()
    random = np.random.default_rng(0)
    student.set_weights([random.uniform(0.5, 1.5, weights.shape) / 8 for weights in student.get_weights()])
    x = random.random((50, 784), dtype=np.float32)
    logits = student.predict(x, verbose=0)
    folded = as_dense_layers(student, temperature=2.0)
    assert {type(layer) for layer in folded.layers} == {keras.layers.Dense}
    np.testing.assert_allclose(folded.predict(x, verbose=0), softmax(logits / 2), rtol=1e-3, atol=1e-6)


def test_the_temperature_makes_an_overconfident_network_calibrated() -> None:
    random = np.random.default_rng(0)
    honest = random.normal(0, 2, (20_000, 10)).astype(np.float32)
    y = (honest + random.gumbel(size=honest.shape)).argmax(axis=1)  # drawn with the probabilities that softmax gives
    assert best_temperature(honest, y) == pytest.approx(1, abs=0.05)
    assert best_temperature(honest * 3, y) == pytest.approx(3, abs=0.15)
    assert calibration_error(softmax(honest), y) < 0.02
    assert calibration_error(softmax(honest * 3), y) > 0.1


def test_the_bundled_network_is_small_and_dense() -> None:
    assert (FOLDER / "network.keras").stat().st_size <= 6_000_000
    layers = load_network("robust").layers
    assert layers[0].weights.shape[0] == 784
    assert layers[-1].biases.shape == (10,)
    assert layers[-1].activation == "softmax"


def test_it_is_the_default() -> None:
    x = as_vectors(load_mnist().x_test[:10])
    np.testing.assert_array_equal(load_network().predict(x), load_network("robust").predict(x))


def test_it_reads_mnist_as_its_card_says() -> None:
    card = json.loads((FOLDER / "card.json").read_text(encoding="utf-8"))
    mnist = load_mnist()
    right = accuracy(load_network("robust"), as_vectors(mnist.x_test), mnist.y_test)
    assert right >= 0.992
    assert card["accuracy"]["MNIST test"] == pytest.approx(right, abs=1e-4)
    assert card["command"].startswith("python -m model.train robust --pen-digits")
    assert len(pd.read_csv(FOLDER / "history.csv")) == card["settings"]["epochs"]
