"""Train the bundled networks with Keras: `python -m model.train notebook`, `python -m model.train robust`.

TensorFlow is imported here and by what only this imports; the web app never imports this module.
"""

import argparse
import os
from pathlib import Path
from typing import Any

# TensorFlow logs what it found of the machine (no GPU, ...) in a dozen lines; what matters it raises.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import pandas as pd
import tensorflow as tf

from model.mnist import as_vectors, load_mnist
from model.network import BUNDLED
from model.pen_digits import PenDigitsError, read_pen_digits
from model.saving import save
from model.train_robust import measure_left_out, train_robust

# The lesson's settings. The seed was fixed before the first training and not chosen by any result.
SEED = 0
EPOCHS = 20
BATCH_SIZE = 32
# Fifty batches a call into TensorFlow instead of one: the same arithmetic in half the time.
STEPS_PER_EXECUTION = 50

WITHOUT_PEN_DIGITS = (
    "Without pen digits (--pen-digits FILE) the network learns from MNIST and from digits drawn by code alone."
)


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


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m model.train", description="Rebuild a bundled network.")
    names = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    names.add_parser("notebook", help="the lesson's network, half a minute")
    robust = names.add_parser("robust", help="the network that reads people's drawings, most of an hour")
    robust.add_argument("--pen-digits", type=Path, metavar="FILE", help="strokes, one JSON object a line, gzipped")
    robust.add_argument(
        "--leave-out",
        nargs="+",
        default=[],
        metavar="SOURCE",
        help="train without these sources of pen digits, measure on them, and write nothing",
    )
    arguments = parser.parse_args()
    if arguments.name == "notebook":
        train_notebook(BUNDLED / "notebook")
        return
    try:
        digits = read_pen_digits(arguments.pen_digits) if arguments.pen_digits else []
    except PenDigitsError as error:
        parser.error(str(error))
    unknown = set(arguments.leave_out) - {digit.source for digit in digits}
    if unknown:
        parser.error(
            f"There are no pen digits of the source {', '.join(sorted(unknown))}: name one that is in the file."
        )
    if arguments.leave_out:
        measure_left_out(digits, arguments.leave_out)
    else:
        if not digits:
            print(WITHOUT_PEN_DIGITS)
        file = f" --pen-digits {arguments.pen_digits.name}" if digits else ""
        train_robust(BUNDLED / "robust", digits, f"python -m model.train robust{file}")


if __name__ == "__main__":
    main()
