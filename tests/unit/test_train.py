"""Training rebuilds the notebook's network, and the bundled files are what it wrote."""

import json
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest

from model import load_network
from model.evaluate import accuracy
from model.mnist import as_vectors, load_mnist
from model.network import BUNDLED, read_keras
from model.train import train_notebook


def test_the_same_seed_gives_the_same_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
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


def test_the_bundled_network_is_the_lessons() -> None:
    layers = load_network("notebook").layers
    assert [layer.weights.shape for layer in layers] == [(784, 64), (64, 64), (64, 10)]
    assert [layer.activation for layer in layers] == ["relu", "relu", "softmax"]


def test_the_bundled_file_holds_no_optimizer(tmp_path: Path) -> None:
    with zipfile.ZipFile(BUNDLED / "notebook" / "network.keras") as archive:
        archive.extractall(tmp_path)
    assert not json.loads((tmp_path / "config.json").read_text()).get("compile_config")
    with h5py.File(tmp_path / "model.weights.h5") as weights:
        assert "optimizer" not in weights


def test_the_bundled_curves_and_card_tell_the_same() -> None:
    history = pd.read_csv(BUNDLED / "notebook" / "history.csv")
    card = json.loads((BUNDLED / "notebook" / "card.json").read_text(encoding="utf-8"))
    assert list(history["epoch"]) == list(range(1, 21))
    assert card["accuracy"]["MNIST test"] == pytest.approx(history["val_accuracy"].iloc[-1], abs=1e-4)
    assert card["parameters"] == 55_050
    assert card["settings"]["seed"] == 0
    mnist = load_mnist()
    right = accuracy(load_network("notebook"), as_vectors(mnist.x_test), mnist.y_test)
    assert right == pytest.approx(card["accuracy"]["MNIST test"], abs=1e-4)
    assert right >= 0.97
