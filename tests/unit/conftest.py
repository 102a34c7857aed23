"""Fixtures for unit tests."""

from collections.abc import Iterator

import pytest

from model.training.job_queue import JobQueue


@pytest.fixture(scope="session")
def trainer() -> Iterator[JobQueue]:
    """A trainer whose worker stays warm from test to test: TensorFlow takes seconds to start."""
    trainer = JobQueue()
    yield trainer
    trainer.close()
