"""Fixtures for all tests."""

import sys

import pytest

import model.training.job_queue


@pytest.fixture(scope="session", autouse=True)
def worker_of_normal_priority() -> None:
    """On a busy machine a worker of low priority would keep the tests waiting for minutes."""
    code = "from model.training import worker; worker.LOWER_PRIORITY = 0; worker.main()"
    model.training.job_queue.COMMAND = [sys.executable, "-c", code]


@pytest.fixture(autouse=True)
def main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """Restore Python's main module, which AppTest replaces with its script and leaves so.

    A process that a later test starts would run that script and fail, and the test would wait for it for ever.
    """
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
