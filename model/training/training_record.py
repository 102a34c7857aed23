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


class Point(NamedTuple):
    """The mean loss of the batches since the last point. The epoch is a fraction in the middle of one."""

    epoch: float
    loss: float


class Epoch(NamedTuple):
    """What Keras prints at the end of an epoch. A training that is stopped ends in the middle of one."""

    epoch: float
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float


class Snapshot(NamedTuple):
    """A look inside the network."""

    epoch: float
    gradients: tuple[float, ...]  # of each layer's weights, in order: the root mean square
    neurons: tuple[int, ...]  # of each hidden layer
    silent: tuple[int, ...]  # of each hidden layer: how many neurons never fire

    @classmethod
    def of(cls, look: dict[str, Any]) -> "Snapshot":
        """What the worker tells of it."""
        snapshot = cls(
            float(look["epoch"]),
            tuple(float(size) for size in look["gradients"]),
            tuple(int(count) for count in look["neurons"]),
            tuple(int(count) for count in look["silent"]),
        )
        if not len(snapshot.neurons) == len(snapshot.silent) == len(snapshot.gradients) - 1:
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
    stopping: bool = False
    started: float = math.nan  # when its turn came
    training_since: float = math.nan  # when the worker was ready
    done: float = 0.0  # share of the batches
    batch: int = 0  # of this epoch
    first_point: tuple[float, float] | None = None  # when, and what was done by then: building takes its time, too
    points: tuple[Point, ...] = ()
    epoch_metrics: tuple[Epoch, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    weights: bytes = b""  # the first layer's, of the latest look inside: shades, uint8 [neurons, 784]
    seconds: float = 0.0  # in training, the test and the saving included
    saved: bytes = b""  # as `.keras`, with the optimizer's state
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
        if self.first_point is None:
            return None
        since, done_by_then = self.first_point
        if not self.done > done_by_then:
            return None
        return (time.monotonic() - since) * (1 - self.done) / (self.done - done_by_then)

    def gone_on(self, number: int, epochs: int) -> "Record":
        """The record of a training that goes on with this one's network."""
        return Record(
            number=number,
            settings=self.settings,
            epochs=epochs,
            epochs_before=self.epochs_trained,
            points=self.points,
            epoch_metrics=self.epoch_metrics,
            snapshots=self.snapshots,
            weights=self.weights,
            seconds=self.seconds,
        )

    def begun(self) -> "Record":
        """Its turn has come."""
        return replace(self, state="starting", started=time.monotonic())

    def stopped(self, sentence: str = "") -> "Record":
        """It is to end soon, and to keep what was learnt so far; what still waits leaves the queue at once."""
        if self.state == "waiting":
            return self.ended("left")
        return replace(self, stopping=True, sentence=sentence or self.sentence)

    def ended(self, state: State, sentence: str = "") -> "Record":
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
            case {"taken": True}:
                return self
            case {"training": True}:
                return replace(self, state="training", training_since=now)
            case {"point": [epoch, loss], "batch": int(batch), "done": float(done)}:
                points = (*self.points, Point(float(epoch), float(loss)))
                first_point = self.first_point or (now, done)
                return replace(self, points=points, batch=batch, done=done, first_point=first_point)
            case {"row": dict(row)}:
                return replace(
                    self,
                    epoch_metrics=(*self.epoch_metrics, Epoch(**{name: float(value) for name, value in row.items()})),
                )
            case {"snapshot": dict(look)}:
                weights, snapshot = base64.b64decode(look["weights"]), Snapshot.of(look)
                if len(weights) % INPUTS:
                    raise ValueError("half a picture")
                return replace(self, snapshots=(*self.snapshots, snapshot), weights=weights)
            case {"failed": str(sentence)}:
                return self.ended("failed", sentence)
            case {"network": saved, "accuracy": float(accuracy)}:
                return self._finished(base64.b64decode(saved), accuracy, now)
        raise ValueError("no such message")

    def _finished(self, saved: bytes, accuracy: float, now: float) -> "Record":
        network = read_keras(saved)
        return replace(
            self,
            state="done",
            saved=saved,
            network=network if network.stays_finite else None,
            accuracy=accuracy,
            seconds=self.seconds + now - self.training_since,
        )
