"""Train the lesson's network: `python -m model.train notebook`."""

from pathlib import Path
from typing import Any

import keras
import pandas as pd
import tensorflow as tf

from model.mnist import as_vectors, load_mnist
from model.saving import save

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

    card = notebook_card(model, epochs, images) | {"accuracy": {"MNIST test": round(history["val_accuracy"][-1], 4)}}
    save(folder, model, pd.DataFrame(history), card)
    print(f"Right on {history['val_accuracy'][-1]:.2%} of the 10,000 test images. Written to {folder}.")


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
    }
