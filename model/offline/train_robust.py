"""Train the network that reads people's drawings: `python -m model.train robust --pen-digits FILE`.

Four steps:
1. Make pictures that look like drawings, of MNIST, of pen digits, and of digits drawn by code.
2. Train a teacher on them: a convolutional network, which sees strokes wherever they are, but is not what the lesson
   is about.
3. Train the dense network on the same pictures, with the teacher's probabilities in place of the labels: they say
   which other digits a picture resembles. (G. Hinton, O. Vinyals, J. Dean, "Distilling the Knowledge in a Neural
   Network", 2015, https://arxiv.org/abs/1503.02531)
4. Set its confidence right on pictures that neither has seen. (C. Guo et al., "On Calibration of Modern Neural
   Networks", ICML 2017: temperature scaling)
"""

from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import numpy.typing as npt
import pandas as pd
from keras import layers

from model.evaluate import accuracy, calibration_error, draw_as_visitors, drawing_vector, labels_of, pen_digit_figures
from model.mnist import Mnist, as_vectors, load_mnist
from model.network import Layer, Network, softmax
from model.offline.saving import save
from model.offline.training_pictures import Counts, Material, make_pictures
from model.pen_digits import PenDigit

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.integer]

# The seed was fixed before the first training and not chosen by any result.
SEED = 0
HIDDEN = (1024, 512)
BATCH_SIZE = 512
LEARNING_RATE = 0.002
WEIGHT_DECAY = 0.0001
# Several batches a call into TensorFlow instead of one: the same arithmetic in less time.
STEPS_PER_EXECUTION = 20
# What both networks' logits are divided by while one learns from the other: so it counts more what the teacher finds
# second and third.
SOFTENING = 2.0
# One writer in so many is set aside for step 4; where there are no pen digits, MNIST's last training images are.
WRITERS = 10
IMAGES_SET_ASIDE = 5000
# The curves' training figures are measured on about so many of the pictures.
CURVE_PICTURES = 10_000


class Settings(NamedTuple):
    """How much to train."""

    counts: Counts = Counts(mnist=700_000, pen_digits=550_000, styles=250_000)
    teacher_epochs: int = 3
    epochs: int = 14


class Examples(NamedTuple):
    """Pictures as the dense network takes them, and their labels."""

    x: Floats  # [N, 784] in 0..1
    y: Labels  # [N], 0 to 9


class Trained(NamedTuple):
    """What the four steps give."""

    model: keras.Sequential  # dense layers alone
    curves: pd.DataFrame  # loss, accuracy, val_loss, val_accuracy: a row an epoch
    temperature: float
    set_aside: Examples


def train_robust(folder: Path, digits: list[PenDigit], command: str, settings: Settings | None = None) -> None:
    """Train and write network.keras, history.csv and card.json into `folder`.

    digits: pen digits; without any it trains on MNIST and on digits drawn by code. command: for the card.
    """
    settings = settings or Settings()
    trained = train(digits, settings)
    card = robust_card(trained, digits, command, settings)
    save(folder, trained.model, trained.curves, card)
    for data, share in card["accuracy"].items():
        print(f"{data}: {share:.2%} right")
    print(f"Written to {folder}.")


def measure_left_out(digits: list[PenDigit], sources: list[str], settings: Settings | None = None) -> None:
    """Train without some sources of pen digits, and say how often the network is right on them.

    That is how it does on countries that it has not seen. Nothing is written.
    """
    trained = train([digit for digit in digits if digit.source not in sources], settings or Settings())
    left_out = pen_digit_figures(as_network(trained.model), [digit for digit in digits if digit.source in sources])
    print(f"Right on {left_out['accuracy']:.2%} of {left_out['count']:,} pen digits of the sources left out:")
    for source, share in left_out["per_source"].items():
        print(f"{source}: {share['accuracy']:.2%} of {share['count']:,}")


def train(digits: list[PenDigit], settings: Settings) -> Trained:
    """The four steps."""
    keras.utils.set_random_seed(SEED)
    material, set_aside = set_some_aside(load_mnist(), digits)
    counts = settings.counts if digits else settings.counts._replace(pen_digits=0)

    print(f"1 of 4: {sum(counts):,} pictures", flush=True)
    pictures = make_pictures(material, counts, SEED, keras.utils.Progbar(sum(counts), unit_name="picture").update)

    print("2 of 4: the teacher", flush=True)
    teacher = build_teacher()
    fit(teacher, pictures.x, keras.utils.to_categorical(pictures.y, 10), settings.teacher_epochs)

    print("3 of 4: the dense network", flush=True)
    taught = softmax(teacher.predict(pictures.x, batch_size=2000) / np.float32(SOFTENING))
    student = build_student()
    softened = keras.Sequential(
        [keras.Input(shape=(784,)), layers.Rescaling(1 / 255), student, layers.Rescaling(1 / SOFTENING)]
    )
    sample = slice(None, None, max(1, len(pictures.y) // CURVE_PICTURES))
    curves = Curves(student, Examples(as_vectors(pictures.x[sample]), pictures.y[sample]), set_aside)
    fit(softened, pictures.x, taught, settings.epochs, [curves])

    print("4 of 4: its confidence", flush=True)
    temperature = best_temperature(student.predict(set_aside.x, verbose=0), set_aside.y)
    return Trained(as_dense_layers(student, temperature), pd.DataFrame(curves.rows), temperature, set_aside)


def set_some_aside(mnist: Mnist, digits: list[PenDigit]) -> tuple[Material, Examples]:
    """What to make training pictures of, and examples by others, which set the confidence right in the end."""
    if not digits:
        material = Material(mnist.x_train[:-IMAGES_SET_ASIDE], mnist.y_train[:-IMAGES_SET_ASIDE], [])
        return material, Examples(as_vectors(mnist.x_train[-IMAGES_SET_ASIDE:]), mnist.y_train[-IMAGES_SET_ASIDE:])
    writers = sorted({(digit.source, digit.writer) for digit in digits})
    chosen = set(writers[::WRITERS])
    aside = [digit for digit in digits if (digit.source, digit.writer) in chosen]
    others = [digit for digit in digits if (digit.source, digit.writer) not in chosen]
    return Material(mnist.x_train, mnist.y_train, others), Examples(
        np.stack([drawing_vector(picture) for picture in draw_as_visitors(aside)]), labels_of(aside)
    )


def build_teacher() -> keras.Sequential:
    """A small convolutional network: uint8 [N, 784] -> logits, float32 [N, 10]."""

    def convolution(filters: int, size: int, strides: int) -> list[keras.Layer]:
        convolve = layers.Conv2D(filters, size, strides=strides, padding="same", use_bias=False)
        return [convolve, layers.BatchNormalization(), layers.ReLU()]

    return keras.Sequential(
        [
            keras.Input(shape=(784,)),
            layers.Rescaling(1 / 255),
            layers.Reshape((28, 28, 1)),
            *convolution(24, size=5, strides=2),
            *convolution(32, size=3, strides=1),
            *convolution(64, size=3, strides=2),
            *convolution(64, size=3, strides=1),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(128, use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dropout(0.3),
            layers.Dense(10),
        ]
    )


def build_student() -> keras.Sequential:
    """The dense network while it trains: float32 [N, 784] in 0..1 -> logits, float32 [N, 10]."""
    hidden = [
        layer
        for neurons in HIDDEN
        for layer in (layers.Dense(neurons, use_bias=False), layers.BatchNormalization(), layers.ReLU())
    ]
    return keras.Sequential([keras.Input(shape=(784,)), *hidden, layers.Dense(10)])


def fit(
    model: keras.Sequential,
    x: npt.NDArray[np.uint8],
    targets: Floats,
    epochs: int,
    callbacks: list[keras.callbacks.Callback] | None = None,
) -> None:
    """Train on probabilities for each digit, float32 [N, 10]; the learning rate rises shortly, then falls to 0."""
    steps = epochs * -(-len(x) // BATCH_SIZE)
    warmup = steps // 100
    rate = keras.optimizers.schedules.CosineDecay(0.0, steps - warmup, warmup_target=LEARNING_RATE, warmup_steps=warmup)
    model.compile(
        optimizer=keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True),
        steps_per_execution=STEPS_PER_EXECUTION,
    )
    model.fit(x, targets, batch_size=BATCH_SIZE, epochs=epochs, callbacks=callbacks)


class Curves(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
    """The dense network's loss and accuracy after each epoch, by the labels and not by what the teacher says."""

    def __init__(self, student: keras.Sequential, training: Examples, validation: Examples) -> None:
        super().__init__()
        self.student, self.training, self.validation = student, training, validation
        self.rows: list[dict[str, float]] = []

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Called by Keras."""
        row = {}
        for prefix, (x, y) in (("", self.training), ("val_", self.validation)):
            logits = self.student.predict(x, batch_size=2000, verbose=0)
            row[f"{prefix}loss"] = cross_entropy(logits, y)
            row[f"{prefix}accuracy"] = float(np.mean(logits.argmax(axis=1) == y))
        self.rows.append(row)


def cross_entropy(logits: Floats, y: Labels) -> float:
    """The mean of -log of the label's probability. logits: float32 [N, 10]; y: [N], 0 to 9."""
    return float(-np.log(softmax(logits)[np.arange(len(y)), y] + 1e-12).mean())


def best_temperature(logits: Floats, y: Labels) -> float:
    """What to divide the logits by, so that the cross-entropy is lowest: above 1 makes a network less sure."""
    return float(min(np.geomspace(0.2, 5, 200), key=lambda t: cross_entropy(logits / np.float32(t), y)))


def as_dense_layers(student: keras.Sequential, temperature: float) -> keras.Sequential:
    """The same network as dense layers alone, with its logits divided by the temperature.

    In use, batch normalisation multiplies by constants and adds constants: they go into the weights and biases of the
    layer before it.
    """
    *hidden, last = (layer for layer in student.layers if isinstance(layer, layers.Dense))
    norms = (layer for layer in student.layers if isinstance(layer, layers.BatchNormalization))
    arrays = []
    for dense, norm in zip(hidden, norms, strict=True):
        gamma, beta, mean, variance = norm.get_weights()
        factor = gamma / np.sqrt(variance + norm.epsilon)
        arrays += [dense.get_weights()[0] * factor, beta - mean * factor]
    arrays += [array / np.float32(temperature) for array in last.get_weights()]
    model = keras.Sequential(
        [
            keras.Input(shape=(784,)),
            *(layers.Dense(dense.units, activation="relu") for dense in hidden),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.set_weights(arrays)
    return model


def as_network(model: keras.Sequential) -> Network:
    """What `load_network` makes of the saved file."""
    dense = ((*layer.get_weights(), layer.activation.__name__) for layer in model.layers)
    return Network([Layer(weights, biases, activation) for weights, biases, activation in dense])


def robust_card(trained: Trained, digits: list[PenDigit], command: str, settings: Settings) -> dict[str, Any]:
    """What one has to know to judge the network or to make it again."""
    network, mnist, (x, y) = as_network(trained.model), load_mnist(), trained.set_aside
    counts = settings.counts
    made_of = [f"{counts.mnist:,} of MNIST's training images", f"{counts.styles:,} of digits drawn by code"]
    if digits:
        made_of.append(f"{counts.pen_digits:,} of {len(digits) - len(y):,} pen digits")
    aside = "pen digits of every tenth writer" if digits else "MNIST, the last training images"
    return {
        "name": "robust",
        "command": command,
        "architecture": f"784-{'-'.join(map(str, HIDDEN))}-10, {'ReLU, ' * len(HIDDEN)}softmax",
        "parameters": trained.model.count_params(),
        "data": {
            "training": f"deformed pictures: {', '.join(made_of)}",
            "validation": f"{len(y):,} set aside: {aside}; they chose the temperature",
        },
        "settings": {
            "optimizer": f"AdamW, learning rate {LEARNING_RATE} falling to 0, weight decay {WEIGHT_DECAY}",
            "loss": f"cross-entropy with the probabilities of a convolutional teacher, softened by {SOFTENING}",
            "teacher's epochs": settings.teacher_epochs,
            "epochs": settings.epochs,
            "batch size": BATCH_SIZE,
            "seed": SEED,
            "temperature": round(trained.temperature, 3),
        },
        "accuracy": {
            "MNIST test": round(accuracy(network, as_vectors(mnist.x_test), mnist.y_test), 4),
            "set aside": round(accuracy(network, x, y), 4),
        },
        "calibration error": {"set aside": round(calibration_error(network.predict(x), y), 4)},
    }
