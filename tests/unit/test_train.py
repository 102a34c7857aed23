"""Training rebuilds the notebook's network and the linear model; the bundled files are what training wrote."""

import gzip
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest

from model import load_network
from model.bundled_networks import BUNDLED, KNOWN_NAMES
from model.evaluate import accuracy
from model.files.keras_file import read_keras
from model.mnist import as_vectors, load_mnist
from model.offline.train_notebook import train_linear, train_notebook

ROOT = Path(__file__).parents[2]


def test_same_seed_gives_same_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("first", "second"):
        train_notebook(tmp_path / name, epochs=2, images=3200)
    first, second = (read_keras((tmp_path / name / "network.keras").read_bytes()) for name in ("first", "second"))
    for one, other in zip(first.layers, second.layers, strict=True):
        np.testing.assert_array_equal(one.weights, other.weights)
        np.testing.assert_array_equal(one.biases, other.biases)
    history = (tmp_path / "first" / "history.csv").read_text()
    assert history == (tmp_path / "second" / "history.csv").read_text()
    assert history.startswith("epoch,loss,accuracy,val_loss,val_accuracy\n1,")
    mnist = load_mnist()
    assert accuracy(first, as_vectors(mnist.x_test), mnist.y_test) > 0.8
    printed = capsys.readouterr().out
    assert "Epoch 1/2" in printed
    assert "val_accuracy" in printed


def test_linear_model_trains_with_notebook_settings(tmp_path: Path) -> None:
    train_linear(tmp_path, epochs=2, images=3200)
    card = json.loads((tmp_path / "card.json").read_text(encoding="utf-8"))
    notebook_card = json.loads((BUNDLED / "notebook" / "card.json").read_text(encoding="utf-8"))
    assert card["name"] == "linear"
    assert card["settings"] == notebook_card["settings"] | {"epochs": 2}
    assert card["accuracy"]["MNIST test"] > 0.7
    (layer,) = read_keras((tmp_path / "network.keras").read_bytes()).layers
    assert (layer.weights.shape, layer.activation) == ((784, 10), "softmax")


def test_bundled_notebook_network_has_lesson_layers() -> None:
    layers = load_network("notebook").layers
    assert [layer.weights.shape for layer in layers] == [(784, 64), (64, 64), (64, 10)]
    assert [layer.activation for layer in layers] == ["relu", "relu", "softmax"]


def test_bundled_linear_model_has_no_hidden_layer() -> None:
    (layer,) = load_network("linear").layers
    assert (layer.weights.shape, layer.activation) == ((784, 10), "softmax")


@pytest.mark.parametrize("name", KNOWN_NAMES)
def test_bundled_files_hold_no_optimizer(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(BUNDLED / name / "network.keras") as archive:
        archive.extractall(tmp_path)
    assert not json.loads((tmp_path / "config.json").read_text()).get("compile_config")
    with h5py.File(tmp_path / "model.weights.h5") as weights:
        assert "optimizer" not in weights


@pytest.mark.parametrize(("name", "parameters", "least"), [("notebook", 55_050, 0.97), ("linear", 7_850, 0.92)])
def test_bundled_curves_and_card_agree(name: str, parameters: int, least: float) -> None:
    history = pd.read_csv(BUNDLED / name / "history.csv")
    card = json.loads((BUNDLED / name / "card.json").read_text(encoding="utf-8"))
    assert list(history["epoch"]) == list(range(1, 21))
    assert card["accuracy"]["MNIST test"] == pytest.approx(history["val_accuracy"].iloc[-1], abs=1e-4)
    assert card["command"] == f"python -m model.train {name}"
    assert card["parameters"] == parameters
    assert card["settings"]["seed"] == 0
    mnist = load_mnist()
    right = accuracy(load_network(name), as_vectors(mnist.x_test), mnist.y_test)
    assert right == pytest.approx(card["accuracy"]["MNIST test"], abs=1e-4)
    assert right >= least


def refusal(*arguments: str) -> str:
    """Run the command with bad arguments, and return its error message."""
    done = subprocess.run([sys.executable, "-m", "model.train", *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_command_refuses_bad_arguments(tmp_path: Path) -> None:
    path = tmp_path / "digits.jsonl.gz"
    digit = {"label": 1, "source": "here", "writer": "me", "strokes": [[[0, 0], [0, 9]]]}
    path.write_bytes(gzip.compress(json.dumps(digit).encode()))
    assert "invalid choice" in refusal("best")
    assert "missing.gz cannot be read" in refusal("robust", "--pen-digits", str(tmp_path / "missing.gz"))
    assert "none without --pen-digits FILE" in refusal("robust", "--leave-out", "here")
    assert "(here)" in refusal("robust", "--pen-digits", str(path), "--leave-out", "there")
    assert "20 writers" in refusal("robust", "--pen-digits", str(path))
