"""What AppTest would do again for each visitor is done once."""

import functools
import sys

import pytest
from streamlit.components.v2 import manifest_scanner

scan = functools.cache(manifest_scanner.scan_component_manifests)


@pytest.fixture(autouse=True)
def installed_components(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest looks for components in all installed packages each time, which takes half of a short test. A server does
    so once, when it starts.
    """
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", scan)


@pytest.fixture(autouse=True)
def keras_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Keras is imported, as it is for other tests and never in the app's server, Streamlit clears its session
    after each run of a page, which takes longer than the run.
    """
    if keras := sys.modules.get("keras"):
        monkeypatch.setattr(keras.backend, "clear_session", lambda: None)
