"""What the server knows of a training, from the click to its end: an immutable record. Each message makes a new one."""

import base64
import math
import time
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from model.files.keras_file import read_keras
from model.network import INPUTS, Network, NetworkError
from model.training.settings import Settings

State = Literal["waiting", "starting", "training", "done", "failed", "left"]


class LossPoint(NamedTuple):
    """The mean loss of the batches since the last point."""

    epoch: float  # a fraction in the middle of an epoch
    loss: float


class EpochMetrics(NamedTuple):
    """What Keras prints at the end of an epoch."""

    epoch: float  # a fraction where the training was stopped in the middle
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float


class Snapshot(NamedTuple):
    """A look inside the network, on some training images."""

    epoch: float
    gradient_sizes: tuple[float, ...]  # of each layer's weights, in order: the root mean square
    neuron_counts: tuple[int, ...]  # of each hidden layer
    dead_counts: tuple[int, ...]  # of each hidden layer: how many neurons never fire


class MessageError(Exception):
    """What a worker sent is not a message."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """A training as it stands at one moment. Times are seconds of `time.monotonic`."""

    number: int  # counts this server's trainings
    settings: Settings
    epochs: int  # to train now
    epochs_before: float = 0.0  # that an earlier training gave the network
    state: State = "waiting"
    sentence: str = ""  # what the visitor should know about how it ended
    is_stopping: bool = False
    started: float = math.nan  # when its turn came
    training_since: float = math.nan  # when the worker was ready
    progress: float = 0.0  # share of the batches
    batch: int = 0  # of this epoch
    first_progress: tuple[float, float] | None = None  # time and progress of the first point: building takes time, too
    points: tuple[LossPoint, ...] = ()
    epoch_metrics: tuple[EpochMetrics, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    weight_shades: bytes = b""  # the first layer's, of the latest snapshot: uint8 [neurons, 784]
    seconds: float = 0.0  # spent on training, the test and saving
    keras_file: bytes = b""  # the network with its optimizer's state: the earlier training's, and at the end this one's
    network: Network | None = None  # None until the training is done, or where it diverged
    accuracy: float = math.nan  # on the test images

    @property
    def is_active(self) -> bool:
        """Return whether the training has yet to end."""
        return self.state in ("waiting", "starting", "training")

    @property
    def epochs_trained(self) -> float:
        """Return how many epochs the network has seen, those before this training included."""
        return self.points[-1].epoch if self.points else self.epochs_before

    @property
    def seconds_left(self) -> float | None:
        """Return how long training will take at its speed so far, without the test; None before it has a speed."""
        if self.first_progress is None:
            return None
        first_time, first_progress = self.first_progress
        if not self.progress > first_progress:
            return None
        return (time.monotonic() - first_time) * (1 - self.progress) / (self.progress - first_progress)

    def continuation(self, number: int, epochs: int) -> "Record":
        """Return the record of a new training that goes on with this one's network."""
        return Record(
            number=number,
            settings=self.settings,
            epochs=epochs,
            epochs_before=self.epochs_trained,
            points=self.points,
            epoch_metrics=self.epoch_metrics,
            snapshots=self.snapshots,
            weight_shades=self.weight_shades,
            seconds=self.seconds,
            keras_file=self.keras_file,
        )

    def as_starting(self) -> "Record":
        """Return the record for the moment when its turn comes."""
        return replace(self, state="starting", started=time.monotonic())

    def as_stopping(self, sentence: str = "") -> "Record":
        """Return the record of a training that will end soon and keep what it learnt; a waiting one leaves at once."""
        if self.state == "waiting":
            return self.as_ended("left")
        return replace(self, is_stopping=True, sentence=sentence or self.sentence)

    def as_ended(self, state: State, sentence: str = "") -> "Record":
        """Return the record of a training that is over."""
        return replace(self, state=state, sentence=sentence or self.sentence)

    def apply(self, message: dict[str, Any]) -> "Record":
        """Return the record with a worker's message added (see worker.py and Reporter).

        Raises MessageError for anything else.
        """
        try:
            return self._apply(message)
        except (ValueError, TypeError, LookupError, ArithmeticError, NetworkError) as error:
            raise MessageError(f"{error!r} in {', '.join(message)}") from error

    def _apply(self, message: dict[str, Any]) -> "Record":
        now = time.monotonic()
        match message:
            case {"accepted": True}:
                return self
            case {"training": True}:
                return replace(self, state="training", training_since=now)
            case {"point": [epoch, loss], "batch": int(batch), "progress": float(progress)}:
                points = (*self.points, LossPoint(float(epoch), float(loss)))
                first_progress = self.first_progress or (now, progress)
                return replace(self, points=points, batch=batch, progress=progress, first_progress=first_progress)
            case {"epoch_metrics": dict(values)}:
                metrics = EpochMetrics(**{name: float(value) for name, value in values.items()})
                return replace(self, epoch_metrics=(*self.epoch_metrics, metrics))
            case {"snapshot": dict(values)}:
                gradient_sizes = tuple(float(size) for size in values["gradient_sizes"])
                neurons, dead = (tuple(map(int, values[name])) for name in ("neuron_counts", "dead_counts"))
                weight_shades = base64.b64decode(values["weights"])
                if not len(neurons) == len(dead) == len(gradient_sizes) - 1 or len(weight_shades) % INPUTS:
                    raise ValueError("not the same layers, or half a picture")
                snapshot = Snapshot(float(values["epoch"]), gradient_sizes, neurons, dead)
                return replace(self, snapshots=(*self.snapshots, snapshot), weight_shades=weight_shades)
            case {"failed": str(sentence)}:
                return self.as_ended("failed", sentence)
            case {"network": encoded, "accuracy": float(accuracy)}:
                keras_file = base64.b64decode(encoded)
                network = read_keras(keras_file)
                return replace(
                    self,
                    state="done",
                    keras_file=keras_file,
                    network=network if network.stays_finite else None,
                    accuracy=accuracy,
                    seconds=self.seconds + now - self.training_since,
                )
        raise ValueError("no such message")
