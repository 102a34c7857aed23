"""Train the bundled networks with Keras: `python -m model.train notebook`.

The only module that imports TensorFlow; the web app never imports this one.
"""

import argparse
import json
import os
import platform
from pathlib import Path
from typing import Any

# TensorFlow logs what it found of the machine (no GPU, ...) in a dozen lines; what matters it raises.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from model.mnist import as_vectors, load_mnist
from model.network import BUNDLED, BUNDLED_NAMES

# The lesson's settings. The seed was fixed before the first training and not chosen by any result.
SEED = 0
EPOCHS = 20
BATCH_SIZE = 32
# Fifty batches a call into TensorFlow instead of one: the same arithmetic in half the time.
STEPS_PER_EXECUTION = 50


def build_notebook() -> keras.Sequential:
    """The lesson's network: two hidden layers of 64 neurons, and one output neuron a digit."""
    return keras.Sequential(
        [
            keras.Input(shape=(784,)),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


def train_notebook(folder: Path, epochs: int = EPOCHS, images: int = 60_000) -> None:
    """Train as the lesson does and write network.keras, history.csv and card.json into `folder`.

    The same seed gives the same network. As in the lesson nothing is held out of the training images, so the
    validation figures are those of the 10,000 test images: fair to look at, not to choose settings by.
    """
    keras.utils.set_random_seed(SEED)
    tf.config.experimental.enable_op_determinism()
    mnist = load_mnist()
    x_train, y_train = as_vectors(mnist.x_train[:images]), mnist.y_train[:images]
    x_test, y_test = as_vectors(mnist.x_test), mnist.y_test

    model = build_notebook()
    model.compile(
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=STEPS_PER_EXECUTION,
    )
    history = model.fit(
        x_train, y_train, batch_size=BATCH_SIZE, epochs=epochs, validation_data=(x_test, y_test), verbose=2
    ).history

    folder.mkdir(parents=True, exist_ok=True)
    save_without_optimizer(model, folder / "network.keras")
    curves = pd.DataFrame(history)[["loss", "accuracy", "val_loss", "val_accuracy"]]
    curves.insert(0, "epoch", range(1, epochs + 1))
    curves.to_csv(folder / "history.csv", index=False, float_format="%.6f", lineterminator="\n")
    card = notebook_card(model, epochs, images) | {"accuracy": {"MNIST test": round(history["val_accuracy"][-1], 4)}}
    (folder / "card.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    print(f"Right on {history['val_accuracy'][-1]:.2%} of the 10,000 test images. Written to {folder}.")


def save_without_optimizer(model: keras.Sequential, path: Path) -> None:
    """Save layers and weights alone. Keras stores the optimizer's state, too, even with include_optimizer=False,
    and `clone_model` copies the optimizer; a model made from the configuration was never compiled and has none.
    """
    copy = keras.Sequential.from_config(model.get_config())
    copy.set_weights(model.get_weights())
    copy.save(path)


def notebook_card(model: keras.Sequential, epochs: int, images: int) -> dict[str, Any]:
    """What one has to know to judge the network or to make it again."""
    return {
        "name": "notebook",
        "command": "python -m model.train notebook",
        "architecture": "784-64-64-10, ReLU, ReLU, softmax",
        "parameters": model.count_params(),
        "data": {
            "training": f"MNIST, {images:,} training images",
            "validation": "MNIST, the 10,000 test images, as in the lesson; they chose nothing",
        },
        "settings": {
            "optimizer": "Adam, learning rate 0.001",
            "loss": "sparse categorical cross-entropy",
            "epochs": epochs,
            "batch size": BATCH_SIZE,
            "seed": SEED,
        },
        "versions": {
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "numpy": np.__version__,
        },
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m model.train", description="Rebuild a bundled network.")
    parser.add_argument("name", choices=BUNDLED_NAMES)
    name = parser.parse_args().name
    train_notebook(BUNDLED / name)


if __name__ == "__main__":
    main()
