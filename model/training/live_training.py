"""Train a network with a visitor's settings and report how it goes, batch by batch (Keras)."""

import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from model.augmentation import jitter_picture
from model.mnist import Mnist, as_vectors
from model.network import INPUTS, OUTPUTS
from model.shades import signed_shades
from model.training.settings import OPTIMIZERS, Settings

SAMPLE_IMAGES = 500  # training images that gradients and dead neurons are measured on
SHOWN_NEURONS = 64  # of the first layer
SNAPSHOT_SECONDS = 1.0  # between two snapshots
TEST_BATCH_SIZE = 1000

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.uint8]


def build_model(settings: Settings) -> keras.Sequential:
    """Return the network, compiled, with random weights that are the same for the same seed."""
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
        steps_per_execution=settings.steps_per_execution,
    )
    return model


def train(model: keras.Sequential, settings: Settings, mnist: Mnist, reporter: "Reporter") -> float:
    """Train a model that was built with these settings, and return its accuracy on the test images."""
    x, y = as_vectors(mnist.x_train[: settings.images]), mnist.y_train[: settings.images]
    n = settings.training_images
    held_out = (as_vectors(mnist.x_test), mnist.y_test) if settings.validates_on_test_images else (x[n:], y[n:])
    data: dict[str, Any] = {"x": x[:n], "y": y[:n], "batch_size": settings.batch_size}
    if settings.deforms:
        data = {"x": DeformedPictures(settings, mnist.x_train[:n], y[:n])}
    model.fit(**data, epochs=reporter.epochs, validation_data=held_out, verbose=0, callbacks=[reporter])
    _, accuracy = model.evaluate(as_vectors(mnist.x_test), mnist.y_test, batch_size=TEST_BATCH_SIZE, verbose=0)
    return float(accuracy)


class DeformedPictures(keras.utils.PyDataset):  # type: ignore[misc]
    """The training pictures in batches, each picture deformed anew every time."""

    def __init__(self, settings: Settings, images: npt.NDArray[np.uint8], labels: Labels) -> None:
        super().__init__()
        self.settings, self.images, self.labels = settings, images, labels
        self.random = np.random.default_rng(settings.seed)
        self.order = self.random.permutation(len(images))

    def __len__(self) -> int:
        """Return how many batches an epoch has."""
        return self.settings.steps_per_epoch

    def __getitem__(self, index: int) -> tuple[Floats, Labels]:
        """Return one batch: pictures, float32 [N, 784] in 0..1, and labels, uint8 [N]."""
        size, how = self.settings.batch_size, (self.settings.rotation, self.settings.shift, self.settings.pen)
        batch = self.order[index * size : (index + 1) * size]
        pictures = np.stack([jitter_picture(self.images[i], *how, self.random) for i in batch])
        return as_vectors(pictures), self.labels[batch]

    def on_epoch_end(self) -> None:
        """Shuffle the pictures for the next epoch."""
        self.order = self.random.permutation(len(self.images))


class Reporter(keras.callbacks.Callback):  # type: ignore[misc]
    """Reports how the training goes. The fraction of an epoch is the share of its batches.

    - {"point": [epoch, loss], "batch": 40, "progress": 0.03}: the mean loss of the batches since the last point, the
      latest batch of this epoch, and the share of the whole training
    - {"epoch_metrics": {"epoch", "loss", "accuracy", "val_loss", "val_accuracy"}}: at the end of an epoch, as Keras
      prints it
    - {"snapshot": {"epoch", "weights", "neuron_counts", "gradient_sizes", "dead_counts"}}: the first layer's weights
      as shades, uint8 [neurons, 784] as bytes; for each layer in order, the size of its weights' gradient; for each
      hidden layer, how many neurons it has and how many of them never fire
    """

    def __init__(
        self,
        settings: Settings,
        mnist: Mnist,
        epochs: int,
        epochs_before: float,
        report: Callable[[dict[str, Any]], None],
        is_stopped: Callable[[], bool],
    ) -> None:
        super().__init__()
        self.settings, self.epochs, self.epochs_before = settings, epochs, epochs_before
        self.report, self.is_stopped = report, is_stopped
        self.sample = as_vectors(mnist.x_train[:SAMPLE_IMAGES]), mnist.y_train[:SAMPLE_IMAGES]
        self.epoch = 0.0
        self.last_snapshot = 0.0

    def on_train_begin(self, logs: Any = None) -> None:
        """Report the weights as they are before training."""
        self.report_snapshot()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Start the sum from which the loss of the latest batches is found."""
        self.whole_epochs, self.images_seen, self.loss_sum = epoch, 0, 0.0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Report a point. Keras gives the mean loss since the epoch began; a point has that of the latest batches."""
        steps = self.settings.steps_per_epoch
        seen = min(batch + 1, steps)  # at the end of an epoch Keras counts batches that are not there
        self.epoch = self.whole_epochs + seen / steps
        images_seen = min(seen * self.settings.batch_size, self.settings.training_images)
        loss_sum = logs["loss"] * images_seen
        loss = (loss_sum - self.loss_sum) / (images_seen - self.images_seen)
        self.images_seen, self.loss_sum = images_seen, loss_sum
        progress = self.epoch / self.epochs
        self.report({"point": [self.epochs_before + self.epoch, float(loss)], "batch": seen, "progress": progress})
        if self.is_stopped():
            self.model.stop_training = True
        if time.monotonic() - self.last_snapshot > SNAPSHOT_SECONDS:
            self.report_snapshot()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Report what Keras prints. A stopped training may end in the middle of an epoch."""
        self.report(
            {"epoch_metrics": {"epoch": self.epochs_before + self.epoch} | {name: float(logs[name]) for name in logs}}
        )
        self.report_snapshot()

    def report_snapshot(self) -> None:
        """Report the first layer's weights, the gradients, and how many neurons never fire."""
        dense = [layer for layer in self.model.layers if isinstance(layer, keras.layers.Dense)]
        gradients, activations = gradients_and_activations(dense, *self.sample)
        snapshot = {
            "epoch": self.epochs_before + self.epoch,
            "weights": signed_shades(dense[0].kernel.numpy().T[:SHOWN_NEURONS]).tobytes(),
            "gradient_sizes": gradients,
            "neuron_counts": [layer.units for layer in dense[:-1]],
            "dead_counts": [int(np.sum(~(a > 0).any(axis=0))) for a in activations[:-1]],
        }
        self.report({"snapshot": snapshot})
        self.last_snapshot = time.monotonic()


def gradients_and_activations(dense: list[Any], x: Floats, y: Labels) -> tuple[list[float], list[Floats]]:
    """Return each layer's gradient size on some images, and each layer's activations for them.

    x: float32 [N, 784]; y: uint8 [N]. A gradient's size is its root mean square over the layer's weights; activations
    are float32 [N, neurons].
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
