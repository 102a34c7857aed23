"""What all tests share."""

import sys

import pytest

import model.training.job_queue


@pytest.fixture(scope="session", autouse=True)
def worker_that_gives_way_to_nobody() -> None:
    """On a busy machine a worker of low priority would keep the tests waiting for minutes."""
    code = "from model.training import worker; worker.LOWER_PRIORITY = 0; worker.main()"
    model.training.job_queue.COMMAND = [sys.executable, "-c", code]


@pytest.fixture(autouse=True)
def main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest makes its script Python's main module, and leaves it so. A process that a later test starts would run
    that script and fail, and the test would wait for ever until the process takes what it is sent.
    """
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
