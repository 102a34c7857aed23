"""What all tests share."""

import sys

import pytest

import model.jobs


@pytest.fixture(scope="session", autouse=True)
def worker_that_gives_way_to_nobody() -> None:
    """On a busy machine a worker of low priority would keep the tests waiting for minutes."""
    code = "from model import worker; worker.LOWER_PRIORITY = 0; worker.main()"
    model.jobs.COMMAND = [sys.executable, "-c", code]
