"""What is known of a training, from the click to its end: a record that nobody changes. News make another one of it."""

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
    """The mean loss of the batches since the last point. The epoch is a fraction in the middle of one."""

    epoch: float
    loss: float


class EpochMetrics(NamedTuple):
    """What Keras prints at the end of an epoch. A training that is stopped ends in the middle of one."""

    epoch: float
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float


class Snapshot(NamedTuple):
    """A look inside the network."""

    epoch: float
    gradient_sizes: tuple[float, ...]  # of each layer's weights, in order: the root mean square
    neuron_counts: tuple[int, ...]  # of each hidden layer
    dead_counts: tuple[int, ...]  # of each hidden layer: how many neurons never fire

    @classmethod
    def of(cls, look: dict[str, Any]) -> "Snapshot":
        """What the worker tells of it."""
        snapshot = cls(
            float(look["epoch"]),
            tuple(float(size) for size in look["gradient_sizes"]),
            tuple(int(count) for count in look["neuron_counts"]),
            tuple(int(count) for count in look["dead_counts"]),
        )
        if not len(snapshot.neuron_counts) == len(snapshot.dead_counts) == len(snapshot.gradient_sizes) - 1:
            raise ValueError("not the same layers")
        return snapshot


class MessageError(Exception):
    """A worker sent what is not a message."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """A training as it stands at one moment. Moments are seconds of `time.monotonic`."""

    number: int  # counts this server's trainings
    settings: Settings
    epochs: int  # to train now
    epochs_before: float = 0.0  # that an earlier training gave the network
    state: State = "waiting"
    sentence: str = ""  # what there is to say about how it ended
    is_stopping: bool = False
    started: float = math.nan  # when its turn came
    training_since: float = math.nan  # when the worker was ready
    progress: float = 0.0  # share of the batches
    batch: int = 0  # of this epoch
    first_progress: tuple[float, float] | None = None  # when, and what was done by then: building takes its time, too
    points: tuple[LossPoint, ...] = ()
    epoch_metrics: tuple[EpochMetrics, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    weight_shades: bytes = b""  # the first layer's, of the latest look inside: shades, uint8 [neurons, 784]
    seconds: float = 0.0  # in training, the test and the saving included
    keras_file: bytes = b""  # as `.keras`, with the optimizer's state
    network: Network | None = None  # None as long as there is none, or where its weights exploded
    accuracy: float = math.nan  # on the test images

    @property
    def is_active(self) -> bool:
        """Whether it has yet to end."""
        return self.state in ("waiting", "starting", "training")

    @property
    def epochs_trained(self) -> float:
        """How many epochs its network has seen, those before this training included."""
        return self.points[-1].epoch if self.points else self.epochs_before

    @property
    def seconds_left(self) -> float | None:
        """How long the training itself will take by its speed so far; None before there is any."""
        if self.first_progress is None:
            return None
        since, progress_then = self.first_progress
        if not self.progress > progress_then:
            return None
        return (time.monotonic() - since) * (1 - self.progress) / (self.progress - progress_then)

    def continuation(self, number: int, epochs: int) -> "Record":
        """The record of a training that goes on with this one's network."""
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
        )

    def as_starting(self) -> "Record":
        """Its turn has come."""
        return replace(self, state="starting", started=time.monotonic())

    def as_stopping(self, sentence: str = "") -> "Record":
        """It is to end soon, and to keep what was learnt so far; what still waits leaves the queue at once."""
        if self.state == "waiting":
            return self.as_ended("left")
        return replace(self, is_stopping=True, sentence=sentence or self.sentence)

    def as_ended(self, state: State, sentence: str = "") -> "Record":
        """It is over."""
        return replace(self, state=state, sentence=sentence or self.sentence)

    def apply(self, message: dict[str, Any]) -> "Record":
        """Add what the worker tells (see worker.py and Reporter). Raises MessageError for what it never tells."""
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
            case {"epoch_metrics": dict(row)}:
                return replace(
                    self,
                    epoch_metrics=(
                        *self.epoch_metrics,
                        EpochMetrics(**{name: float(value) for name, value in row.items()}),
                    ),
                )
            case {"snapshot": dict(look)}:
                weight_shades, snapshot = base64.b64decode(look["weights"]), Snapshot.of(look)
                if len(weight_shades) % INPUTS:
                    raise ValueError("half a picture")
                return replace(self, snapshots=(*self.snapshots, snapshot), weight_shades=weight_shades)
            case {"failed": str(sentence)}:
                return self.as_ended("failed", sentence)
            case {"network": keras_file, "accuracy": float(accuracy)}:
                return self._as_done(base64.b64decode(keras_file), accuracy, now)
        raise ValueError("no such message")

    def _as_done(self, keras_file: bytes, accuracy: float, now: float) -> "Record":
        network = read_keras(keras_file)
        return replace(
            self,
            state="done",
            keras_file=keras_file,
            network=network if network.stays_finite else None,
            accuracy=accuracy,
            seconds=self.seconds + now - self.training_since,
        )
