"""Train the lesson's network, and one without hidden layers in the same way: `python -m model.train notebook`,
`python -m model.train linear`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import pandas as pd
import tensorflow as tf

from model.mnist import as_vectors, load_mnist
from model.offline.saving import save

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


def build_linear() -> keras.Sequential:
    """Softmax regression: what is left of the lesson's network without its hidden layers."""
    return keras.Sequential([keras.Input(shape=(784,)), keras.layers.Dense(10, activation="softmax")])


def train_notebook(folder: Path, epochs: int = EPOCHS, images: int = 60_000) -> None:
    """Train the lesson's network on the first `images` training images; see `train`."""
    train(folder, build_notebook, "notebook", "784-64-64-10, ReLU, ReLU, softmax", epochs, images)


def train_linear(folder: Path, epochs: int = EPOCHS, images: int = 60_000) -> None:
    """Train softmax regression on the first `images` training images; see `train`."""
    train(folder, build_linear, "linear", "784-10, softmax", epochs, images)


def train(
    folder: Path, build: Callable[[], keras.Sequential], name: str, architecture: str, epochs: int, images: int
) -> None:
    """Train as the lesson does and write network.keras, history.csv and card.json into `folder`.

    The same seed gives the same network. As in the lesson nothing is held out of the training images, so the
    validation figures are those of the 10,000 test images: fair to look at, not to choose settings by.

    build: makes the network; called once the seed is set, because it draws the weights to begin with.
    """
    keras.utils.set_random_seed(SEED)
    tf.config.experimental.enable_op_determinism()
    mnist = load_mnist()
    x_train, y_train = as_vectors(mnist.x_train[:images]), mnist.y_train[:images]
    x_test, y_test = as_vectors(mnist.x_test), mnist.y_test

    model = build()
    model.compile(
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=STEPS_PER_EXECUTION,
    )
    history = model.fit(
        x_train, y_train, batch_size=BATCH_SIZE, epochs=epochs, validation_data=(x_test, y_test), verbose=2
    ).history

    card = {
        "name": name,
        "command": f"python -m model.train {name}",
        "architecture": architecture,
        "parameters": model.count_params(),
        **about_training(epochs, images),
        "accuracy": {"MNIST test": round(history["val_accuracy"][-1], 4)},
    }
    save(folder, model, pd.DataFrame(history), card)
    print(f"Right on {history['val_accuracy'][-1]:.2%} of the 10,000 test images. Written to {folder}.")


def about_training(epochs: int, images: int) -> dict[str, Any]:
    """What one has to know to judge a network that was trained as in the lesson, or to make it again."""
    return {
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
    }
