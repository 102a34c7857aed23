"""What AppTest leaves behind is put back."""

import sys

import pytest


@pytest.fixture(autouse=True)
def main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest makes its script Python's main module, and leaves it so. A process that a later test starts would run
    that script and fail, and the test would wait for ever until the process takes what it is sent.
    """
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(autouse=True)
def keras_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Keras is imported, as it is for other tests and never in the app's server, Streamlit clears its session
    after each run of a page, which takes longer than the run.
    """
    if keras := sys.modules.get("keras"):
        monkeypatch.setattr(keras.backend, "clear_session", lambda: None)
