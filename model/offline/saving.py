"""Write a trained network into its folder: network.keras, history.csv, card.json. Used in training only."""

import json
import platform
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf


def save(folder: Path, model: keras.Sequential, curves: pd.DataFrame, card: dict[str, Any]) -> None:
    """The network, its loss and accuracy by epoch, and what one has to know to judge it or to make it again."""
    folder.mkdir(parents=True, exist_ok=True)
    save_without_optimizer(model, folder / "network.keras")
    columns = ["epoch", "loss", "accuracy", "val_loss", "val_accuracy"]
    curves.assign(epoch=range(1, len(curves) + 1))[columns].to_csv(
        folder / "history.csv", index=False, float_format="%.6f", lineterminator="\n"
    )
    text = json.dumps(card | {"versions": versions()}, indent=2, ensure_ascii=False)
    (folder / "card.json").write_text(text + "\n", encoding="utf-8")


def save_without_optimizer(model: keras.Sequential, path: Path) -> None:
    """Save layers and weights alone. Keras stores the optimizer's state, too, even with include_optimizer=False,
    and `clone_model` copies the optimizer; a model made from the configuration was never compiled and has none.
    """
    copy = keras.Sequential.from_config(model.get_config())
    copy.set_weights(model.get_weights())
    copy.save(path)


def versions() -> dict[str, str]:
    """What trained it."""
    return {
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
    }
