"""What a browser sends has a bound, and where Streamlit is made otherwise, the app goes on."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from hypothesis import given, strategies
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.state import session_state
from streamlit.runtime.state.common import unpack_widget_state_value
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest

from model.files.strokes import MAX_MOVES
from pages.widgets.app import streamlit_patches
from tests.canvas_states import canvas_state

STREAMLITS_ADD_FILE = MemoryUploadedFileManager.add_file


@pytest.fixture
def streamlits_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """No bound is in place, nothing was warned of, and afterwards all is as before."""
    monkeypatch.setattr(session_state, "unpack_widget_state_value", unpack_widget_state_value)
    monkeypatch.setattr(MemoryUploadedFileManager, "add_file", STREAMLITS_ADD_FILE)
    streamlit_patches.warn.cache_clear()


def in_place() -> tuple[Any, Any]:
    """What Streamlit calls for what a component says, and for an upload."""
    return session_state.unpack_widget_state_value, MemoryUploadedFileManager.add_file  # type: ignore[attr-defined]


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What Inkling says in the log."""
    return [record.getMessage() for record in caplog.records if record.name == streamlit_patches.__name__]


@pytest.mark.bounds
@pytest.mark.usefixtures("streamlits_own")
def test_each_bound_is_installed_once(caplog: pytest.LogCaptureFixture) -> None:
    streamlit_patches.bound_what_browsers_send()
    bounds = in_place()
    assert unpack_widget_state_value not in bounds
    assert STREAMLITS_ADD_FILE not in bounds
    st.cache_resource.clear()
    streamlit_patches.bound_what_browsers_send()
    assert in_place() == bounds
    assert not warnings(caplog)


def use_internals() -> None:
    """A page that uses all that streamlit_patches.py knows of Streamlit's internals."""
    import streamlit as st  # AppTest runs this text alone

    from pages.widgets.app import streamlit_patches

    streamlit_patches.bound_what_browsers_send()
    streamlit_patches.end_automatic_pages()
    if file := st.file_uploader("File"):
        streamlit_patches.forget(file)
        st.write(f"{file.name} is read; present: {bool(streamlit_patches.presence()())}")


def run_with_file() -> AppTest:
    app = AppTest.from_function(use_internals).run()
    return app.file_uploader[0].upload("a.txt", b"a", "text/plain").run()


@pytest.mark.usefixtures("streamlits_own")
def test_installed_streamlit_is_as_expected(caplog: pytest.LogCaptureFixture) -> None:
    """If not, pages/widgets/app/streamlit_patches.py has to learn of this version."""
    assert [each.value for each in run_with_file().markdown] == ["a.txt is read; present: True"]
    assert not warnings(caplog)


def of_a_later_version(*_: Any, another: object = None) -> None:
    """Takes what no tested version takes."""


BOUND = streamlit_patches.bound_what_browsers_send


@pytest.mark.bounds
@pytest.mark.parametrize(
    ("place", "name", "use", "what"),
    [
        (session_state, "unpack_widget_state_value", BOUND, "a bound on what components say"),
        (MemoryUploadedFileManager, "add_file", BOUND, "a bound on all uploads together"),
        (MemoryUploadedFileManager, "remove_file", BOUND, "a bound on all uploads together"),
        (Runtime, "is_active_session", streamlit_patches.presence, "noticing that a visitor has gone"),
    ],
)
@pytest.mark.parametrize("is_gone", [True, False])
@pytest.mark.usefixtures("streamlits_own")
def test_missing_internal_is_logged_once(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    place: Any,
    name: str,
    use: Callable[[], object],
    what: str,
    is_gone: bool,
) -> None:
    if is_gone:
        monkeypatch.delattr(place, name)
    else:
        monkeypatch.setattr(place, name, of_a_later_version)
    for _ in range(2):
        use()
    (warning,) = warnings(caplog)
    assert f"goes on without {what}. " in warning


@pytest.mark.bounds
@pytest.mark.usefixtures("streamlits_own")
def test_page_runs_without_a_missing_internal(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delattr(MemoryUploadedFileManager, "remove_file")
    monkeypatch.delattr(Runtime, "is_active_session")
    assert [each.value for each in run_with_file().markdown] == ["a.txt is read; present: True"]
    assert len(warnings(caplog)) == 3


@pytest.mark.usefixtures("streamlits_own")
def test_streamlit_without_automatic_pages_has_none_to_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delattr(PagesManager, "uses_pages_directory")
    assert not streamlit_patches.end_automatic_pages()
    (warning,) = warnings(caplog)
    assert "streamlit_app.py" in warning


FILES = list[tuple[str, str, int]]


@pytest.mark.bounds
@pytest.mark.parametrize(
    ("sent", "left"),
    [
        # Who sends too much loses what they sent first.
        ([("other", "a", 30), ("stranger", "b", 40), ("stranger", "c", 20), ("stranger", "d", 50)], "acd"),
        # ... all of it, if need be, and nobody else anything.
        ([("other", "a", 30), ("stranger", "b", 40), ("stranger", "c", 20), ("stranger", "d", 70)], "ad"),
        # Who has sent nothing yet gets the room of whoever holds most of it.
        ([("other", "a", 30), ("stranger", "b", 40), ("stranger", "c", 30), ("third", "d", 20)], "acd"),
        # From many sessions each: those with more than others make room.
        ([("one", "a", 10), *((f"stranger {i}", f"{i}", 20) for i in range(9))], "a5678"),
        # The same file once more is no other one.
        ([("one", "a", 90), ("one", "a", 95)], "a"),
        # There is room for it, whatever there is not.
        ([("one", "a", 40), ("other", "b", 120)], "b"),
    ],
)
def test_sender_of_too_much_loses_their_own_files_first(
    monkeypatch: pytest.MonkeyPatch, sent: FILES, left: str
) -> None:
    monkeypatch.setattr(streamlit_patches, "MAX_WAITING_BYTES", 100)
    monkeypatch.setattr(streamlit_patches, "RECORD", 0)
    add = streamlit_patches.bounded(STREAMLITS_ADD_FILE)
    files = MemoryUploadedFileManager("/upload")
    for session, name, size in sent:
        add(files, session, UploadedFileRec(name, name, "text/plain", bytes(size)))
    assert "".join(sorted(name for of in files.file_storage.values() for name in of)) == "".join(sorted(left))


@pytest.mark.bounds
def test_many_empty_files_count_towards_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamlit_patches, "MAX_WAITING_BYTES", 2**20)
    add = streamlit_patches.bounded(STREAMLITS_ADD_FILE)
    files = MemoryUploadedFileManager("/upload")
    for number in range(300):
        add(files, "stranger", UploadedFileRec(str(number), "empty", "text/plain", b""))
    assert list(files.file_storage["stranger"]) == [str(number) for number in range(44, 300)]


def unpacked(kind: str, text: str) -> Any:
    """What Streamlit gets of what a component says."""
    state = WidgetState()
    setattr(state, kind, text)
    return streamlit_patches.checked(unpack_widget_state_value)(state)


@pytest.mark.parametrize(
    "text", ["", "no JSON", "[" * 100_000, "1" * 5_000, "7", "[]", "[" + "[]," * 1_000_000 + "[]]"]
)
def test_malformed_component_state_becomes_empty_drawing(text: str) -> None:
    assert unpacked("json_value", text) == {"drawing": None}


@pytest.mark.parametrize("text", ["", "no JSON", "[" * 100_000, "1" * 5_000, "[" + "[]," * 1_000_000 + "[]]"])
def test_malformed_trigger_value_is_dropped(text: str) -> None:
    assert unpacked("json_trigger_value", text) is None


@given(
    strategies.dictionaries(
        strategies.text(),
        strategies.recursive(
            strategies.none() | strategies.integers() | strategies.text(), strategies.lists, max_leaves=20
        ),
    )
)
def test_trigger_value_arrives(state: dict[str, Any]) -> None:
    text = json.dumps(state)
    assert unpacked("json_value", text) == state
    assert unpacked("json_trigger_value", text) == text


def test_longest_drawing_arrives() -> None:
    dot = {**canvas_state([(100.5, 100.5), (100.5, 100.5)])["drawing"]["raw"]["objects"][0]}
    dot |= {f"what else a canvas says {i}": 0 for i in range(25)}
    state = {"drawing": {"raw": {"objects": [dot] * (MAX_MOVES // (1 + len(dot["path"])))}}}
    assert unpacked("json_value", json.dumps(state)) == state


def test_other_widgets_are_left_alone() -> None:
    assert streamlit_patches.checked(unpack_widget_state_value)(WidgetState(int_value=7)) == 7
