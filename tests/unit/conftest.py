"""Fixtures for unit tests."""

from collections.abc import Iterator

import pytest

from model.training.job_queue import JobQueue


@pytest.fixture(scope="session")
def job_queue() -> Iterator[JobQueue]:
    """A queue whose worker stays warm from test to test: TensorFlow takes seconds to start."""
    job_queue = JobQueue()
    yield job_queue
    job_queue.close()
