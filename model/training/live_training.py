"""Train a network with a visitor's settings and tell how it goes, batch by batch (Keras)."""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import keras
import numpy as np
import numpy.typing as npt

from model.augmentation import jitter_picture
from model.mnist import Mnist, as_vectors
from model.network import INPUTS, OUTPUTS
from model.shades import signed_shades
from model.training.settings import OPTIMIZERS, Settings

# Training images that weights' gradients and silent neurons are looked at with.
SAMPLE = 500
# How many of the first layer's neurons are shown.
SHOWN = 64
LOOK_EVERY = 1.0  # seconds
TEST_BATCH = 1000

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.uint8]
Report = Callable[[dict[str, Any]], None]


class Trained(NamedTuple):
    """What a training leaves behind."""

    model: keras.Sequential
    test_accuracy: float


def build(settings: Settings) -> keras.Sequential:
    """The network, compiled; its weights are random and the same for the same seed."""
    keras.utils.set_random_seed(settings.seed)
    layers: list[keras.layers.Layer] = [keras.Input(shape=(INPUTS,))]
    for width in settings.hidden:
        layers.append(keras.layers.Dense(width, activation=settings.activation))
        if settings.dropout:
            layers.append(keras.layers.Dropout(settings.dropout))
    model = keras.Sequential([*layers, keras.layers.Dense(OUTPUTS, activation="softmax")])
    optimizer = getattr(keras.optimizers, OPTIMIZERS[settings.optimizer].label)
    model.compile(
        optimizer=optimizer(learning_rate=settings.learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=settings.batches_at_once,
    )
    return model


def train_live(
    settings: Settings,
    mnist: Mnist,
    report: Report,
    is_stopped: Callable[[], bool],
    epochs: int | None = None,
    epochs_before: float = 0,
    model: keras.Sequential | None = None,
) -> Trained:
    """Train for so many epochs (None: the settings'), or until `is_stopped`, and measure on the test images.

    model: one that was built with these settings and trained for `epochs_before`, to go on with. What `report` is
    given is described at Reporter.
    """
    epochs = settings.epochs if epochs is None else epochs
    model = model or build(settings)
    x, y = as_vectors(mnist.x_train[: settings.images]), mnist.y_train[: settings.images]
    n = settings.training_images
    reporter = Reporter(settings, report, is_stopped, epochs, epochs_before, (x[:SAMPLE], y[:SAMPLE]))
    held_out = (as_vectors(mnist.x_test), mnist.y_test) if settings.validates_on_test_images else (x[n:], y[n:])
    data: dict[str, Any] = {"x": x[:n], "y": y[:n], "batch_size": settings.batch_size}
    if settings.deforms:
        data = {"x": DeformedPictures(settings, mnist.x_train[:n], y[:n])}
    model.fit(
        **data,
        epochs=epochs,
        validation_data=held_out,
        verbose=0,
        callbacks=[reporter],
    )
    _, accuracy = model.evaluate(as_vectors(mnist.x_test), mnist.y_test, batch_size=TEST_BATCH, verbose=0)
    return Trained(model, float(accuracy))


class DeformedPictures(keras.utils.PyDataset):  # type: ignore[misc]
    """The training pictures in batches, each deformed anew every time it is looked at."""

    def __init__(self, settings: Settings, images: npt.NDArray[np.uint8], labels: Labels) -> None:
        super().__init__()
        self.settings, self.images, self.labels = settings, images, labels
        self.random = np.random.default_rng(settings.seed)
        self.order = self.random.permutation(len(images))

    def __len__(self) -> int:
        """How many batches an epoch has."""
        return self.settings.steps_per_epoch

    def __getitem__(self, index: int) -> tuple[Floats, Labels]:
        """One batch: float32 [N, 784], uint8 [N]."""
        size, how = self.settings.batch_size, (self.settings.rotation, self.settings.shift, self.settings.pen)
        batch = self.order[index * size : (index + 1) * size]
        pictures = np.stack([jitter_picture(self.images[i], *how, self.random) for i in batch])
        return as_vectors(pictures), self.labels[batch]

    def on_epoch_end(self) -> None:
        """Go through them in another order."""
        self.order = self.random.permutation(len(self.images))


class Reporter(keras.callbacks.Callback):  # type: ignore[misc]
    """Tells how the training goes. Where an epoch is a fraction, it is the share of its batches.

    - {"point": [epoch, loss], "batch": 40, "done": 0.03}: the mean loss of the batches since the last point, the batch
      of this epoch that it is at, and the share of the whole training
    - {"row": {"epoch", "loss", "accuracy", "val_loss", "val_accuracy"}}: at the end of an epoch, as Keras prints it
    - {"snapshot": {"epoch", "weights", "neurons", "gradients", "silent"}}: the first layer's weights as shades, uint8
      [neurons, 784] as bytes, and for each layer in order how large the gradient of its weights is, for each hidden
      one how many neurons it has and how many of them stay silent
    """

    def __init__(
        self,
        settings: Settings,
        report: Report,
        is_stopped: Callable[[], bool],
        epochs: int,
        before: float,
        sample: tuple[Floats, Labels],
    ) -> None:
        super().__init__()
        self.settings, self.report, self.is_stopped = settings, report, is_stopped
        self.epochs, self.before, self.sample = epochs, before, sample
        self.epoch = 0.0
        self.looked = 0.0

    def on_train_begin(self, logs: Any = None) -> None:
        """Show the weights as they are before."""
        self.look()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Start the sum that the loss of the latest batches is found from."""
        self.whole_epochs, self.images, self.total = epoch, 0, 0.0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Keras gives the mean loss since the epoch began; of the batches since the last point it is a difference."""
        steps = self.settings.steps_per_epoch
        seen = min(batch + 1, steps)  # Keras counts the last ones of an epoch as if there were as many as ever
        self.epoch = self.whole_epochs + seen / steps
        images = min(seen * self.settings.batch_size, self.settings.training_images)
        total = logs["loss"] * images
        loss = (total - self.total) / (images - self.images)
        self.images, self.total = images, total
        done = self.epoch / self.epochs
        self.report({"point": [self.before + self.epoch, float(loss)], "batch": seen, "done": done})
        if self.is_stopped():
            self.model.stop_training = True
        if time.monotonic() - self.looked > LOOK_EVERY:
            self.look()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Tell what Keras prints. A stopped training may end in the middle of an epoch."""
        self.report({"row": {"epoch": self.before + self.epoch} | {name: float(logs[name]) for name in logs}})
        self.look()

    def look(self) -> None:
        """Look at the first layer's weights, at the gradients, and at which neurons stay silent."""
        dense = [layer for layer in self.model.layers if isinstance(layer, keras.layers.Dense)]
        gradients, activations = gradients_and_activations(dense, *self.sample)
        snapshot = {
            "epoch": self.before + self.epoch,
            "weights": signed_shades(dense[0].kernel.numpy().T[:SHOWN]).tobytes(),
            "gradients": gradients,
            "neurons": [layer.units for layer in dense[:-1]],
            "silent": [int(np.sum(~(a > 0).any(axis=0))) for a in activations[:-1]],
        }
        self.report({"snapshot": snapshot})
        self.looked = time.monotonic()


def gradients_and_activations(dense: list[Any], x: Floats, y: Labels) -> tuple[list[float], list[Floats]]:
    """How the loss on some images depends on each layer's weights (the gradient's root mean square), and what each
    layer puts out for them.
    """
    import tensorflow as tf

    a, activations = x, []
    with tf.GradientTape() as tape:
        for layer in dense:
            a = layer(a)
            activations.append(a)
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, a))
    gradients = tape.gradient(loss, [layer.kernel.value for layer in dense])
    return [float(tf.sqrt(tf.reduce_mean(g**2))) for g in gradients], [a.numpy() for a in activations]
