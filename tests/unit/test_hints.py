"""Hints: each comes from a real training that goes wrong, and the change that it offers helps."""

from dataclasses import replace

import pytest

from model.training.hints import find_hints
from model.training.job_queue import JobQueue
from model.training.settings import QUICK, Settings
from model.training.training_record import EpochMetrics, LossPoint, Record
from tests.unit.test_job_queue import connected, ended_record

SMALL = replace(QUICK, images=10_000, epochs=2)
DEEP = replace(SMALL, hidden=(64,) * 5, activation="sigmoid", optimizer="sgd", learning_rate=0.1)


def train(job_queue: JobQueue, settings: Settings) -> Record:
    return ended_record(job_queue.submit(settings, connected))


def test_good_training_gets_no_hint(job_queue: JobQueue) -> None:
    assert find_hints(train(job_queue, SMALL)) == []


@pytest.mark.parametrize(
    ("settings", "text", "change"),
    [
        (replace(SMALL, learning_rate=10.0), "explodes", "Lower the learning rate"),
        (replace(SMALL, learning_rate=1.0), "explodes", "Lower the learning rate"),
        (replace(SMALL, optimizer="sgd", learning_rate=0.0001), "too low", "Raise the learning rate"),
        (replace(SMALL, activation="tanh", learning_rate=0.3, hidden=(64,) * 5), "too high", "Lower the learning rate"),
        (replace(SMALL, learning_rate=0.1), "never fire", "Lower the learning rate"),
        (DEEP, "Gradients vanish", "Use ReLU"),
        (replace(SMALL, images=600, epochs=20), "Overfitting", "Take more images"),
    ],
    ids=["exploding", "jumping", "too low", "too high", "dead", "vanishing", "overfitting"],
)
def test_hint_names_the_problem_and_its_change_helps(
    job_queue: JobQueue, settings: Settings, text: str, change: str
) -> None:
    job = train(job_queue, settings)
    hint = next(hint for hint in find_hints(job) if text in hint.text)
    better = train(job_queue, hint.changes[change])
    # One step below a learning rate that explodes, the network may still be at chance, with a smaller loss. And the
    # few images of the overfitting case leave too few held out to compare losses.
    loss, better_loss = (each.epoch_metrics[-1].val_loss for each in (job, better))
    assert better.accuracy > job.accuracy + 0.02 or not better_loss > 0.8 * loss, (job.accuracy, loss, better_loss)


def record_with(settings: Settings, *points: LossPoint, epochs: tuple[EpochMetrics, ...] = ()) -> Record:
    return Record(number=1, settings=settings, epochs=2, points=points, epoch_metrics=epochs)


def test_overfitting_hint_offers_only_changes_not_yet_made() -> None:
    points = (LossPoint(1.0, 0.1), LossPoint(2.0, 0.1))
    epochs = tuple(EpochMetrics(epoch, loss=0.1, accuracy=1.0, val_loss=0.5, val_accuracy=0.9) for epoch in (1, 2))
    everything = replace(QUICK, images=60_000, dropout=0.5, shift=2)
    (hint,) = find_hints(record_with(everything, *points, epochs=epochs))
    assert hint.changes == {}
    (hint,) = find_hints(record_with(replace(everything, hidden=(), dropout=0.0), *points, epochs=epochs))
    assert hint.changes == {}


def test_new_training_gets_no_hint() -> None:
    assert find_hints(record_with(QUICK)) == []
    assert find_hints(record_with(QUICK, LossPoint(0.1, 2.3))) == []
