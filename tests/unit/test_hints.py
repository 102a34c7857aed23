"""Hints: each from a real training that goes wrong in its way, and what it offers helps."""

from dataclasses import replace

import pytest

from model.training.hints import Hint, find_hints
from model.training.job_queue import JobQueue
from model.training.settings import QUICK, Settings
from model.training.training_record import EpochMetrics, LossPoint, Record
from tests.unit.test_job_queue import connected, ended_record

SMALL = replace(QUICK, images=10_000, epochs=2)
DEEP = replace(SMALL, hidden=(64,) * 5, activation="sigmoid", optimizer="sgd", learning_rate=0.1)


def train(job_queue: JobQueue, settings: Settings) -> Record:
    return ended_record(job_queue.submit(settings, connected))


def hints_of(record: Record) -> list[Hint]:
    return find_hints(record.settings, record.points, record.epoch_metrics, record.snapshots)


def test_a_training_that_goes_well_gets_none(job_queue: JobQueue) -> None:
    assert hints_of(train(job_queue, SMALL)) == []


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
def test_what_goes_wrong_is_named_and_the_change_helps(
    job_queue: JobQueue, settings: Settings, text: str, change: str
) -> None:
    job = train(job_queue, settings)
    hint = next(hint for hint in hints_of(job) if text in hint.text)
    better = train(job_queue, hint.changes[change])
    # One step down from a learning rate that explodes may still be at chance, with a smaller loss; and the few images
    # that overfit hold out too few to compare losses by.
    loss, better_loss = (each.epoch_metrics[-1].val_loss for each in (job, better))
    assert better.accuracy > job.accuracy + 0.02 or not better_loss > 0.8 * loss, (job.accuracy, loss, better_loss)


def test_overfitting_offers_only_what_is_not_there_yet() -> None:
    rows = [EpochMetrics(epoch, loss=0.1, accuracy=1.0, val_loss=0.5, val_accuracy=0.9) for epoch in (1, 2)]
    points = [LossPoint(1.0, 0.1), LossPoint(2.0, 0.1)]
    everything = replace(QUICK, images=60_000, dropout=0.5, shift=2)
    (hint,) = find_hints(everything, points, rows, [])
    assert hint.changes == {}
    (hint,) = find_hints(replace(everything, hidden=(), dropout=0.0), points, rows, [])
    assert hint.changes == {}


def test_nothing_is_said_before_there_is_anything_to_see() -> None:
    assert find_hints(QUICK, [], [], []) == []
    assert find_hints(QUICK, [LossPoint(0.1, 2.3)], [], []) == []
