"""What unit tests share."""

from collections.abc import Iterator

import pytest

from model.training.job_queue import Trainer


@pytest.fixture(scope="session")
def trainer() -> Iterator[Trainer]:
    """A trainer whose worker stays warm from test to test: TensorFlow takes seconds to start."""
    trainer = Trainer()
    yield trainer
    trainer.close()
