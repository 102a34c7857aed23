"""What Streamlit is spared says the same as what it would have said, and what it takes has a bound."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.components.v2.presentation import make_bidi_component_presenter
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.app_session import _populate_theme_msg
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.common import WidgetMetadata, unpack_widget_state_value
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from pages.widgets import serving
from pages.widgets.drawing import MOST_COMMANDS
from pages.widgets.serving import presenter, remembered
from tests.canvas_states import canvas_state

EVENTS = "what a component says in passing"


@pytest.mark.parametrize("section", ["theme", "theme.light", "theme.dark", "theme.sidebar", "theme.light.sidebar"])
def test_the_theme_is_the_same_from_memory(section: str) -> None:
    from_memory = remembered(_populate_theme_msg)
    told = CustomThemeConfig()
    _populate_theme_msg(told, section)
    for _ in range(2):
        message = CustomThemeConfig()
        from_memory(message, section)
        assert message.SerializeToString(deterministic=True) == told.SerializeToString(deterministic=True)


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        [{"event": "pressed", "value": "Undo"}],
        [{"event": "pressed", "value": "Undo"}, {"event": "pressed", "value": "Redo"}],
        [{"event": "kept"}, {"event": "drawing", "value": "not what is kept as state"}],
    ],
)
def test_what_a_component_says_is_read_as_streamlit_reads_it(said: list[dict[str, Any]] | None) -> None:
    session_state = SessionState()
    session_state._set_widget_metadata(
        WidgetMetadata(EVENTS, lambda value: value, lambda value: value, "json_trigger_value")
    )
    if said is not None:
        session_state._new_widget_state.set_from_value(EVENTS, said)
    state: dict[str, Any] = {"drawing": {"raw": {}}}
    present, streamlits = (make(EVENTS) for make in (presenter, make_bidi_component_presenter))
    assert present(state, session_state) == streamlits(state, session_state)


def test_of_files_that_wait_the_earliest_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "LARGEST_UPLOADS", 100)
    add = serving.bounded(MemoryUploadedFileManager.add_file)
    files = MemoryUploadedFileManager("/upload")

    def there(session: str) -> list[str]:
        return [file.file_id for file in files.get_files(session, "abcde")]

    for session, name, size in (("one", "a", 40), ("other", "b", 40), ("one", "c", 20)):
        add(files, session, UploadedFileRec(name, name, "text/plain", bytes(size)))
    assert (there("one"), there("other")) == (["a", "c"], ["b"])
    add(files, "other", UploadedFileRec("d", "d", "text/plain", bytes(50)))
    assert (there("one"), there("other")) == ([], ["b", "d"])


def unpacked(kind: str, text: str) -> Any:
    """What Streamlit gets of what a component says."""
    state = WidgetState()
    setattr(state, kind, text)
    return serving.checked(unpack_widget_state_value)(state)


@pytest.mark.parametrize(
    "text", ["", "no JSON", "[" * 100_000, "1" * 5_000, "7", "[]", "[" + "[]," * 1_000_000 + "[]]"]
)
def test_a_state_that_is_none_is_a_drawing_that_is_none(text: str) -> None:
    assert unpacked("json_value", text) == {"drawing": None}


@pytest.mark.parametrize("text", ["", "no JSON", "[" * 100_000, "1" * 5_000, "[" + "[]," * 1_000_000 + "[]]"])
def test_what_no_component_says_is_not_said(text: str) -> None:
    assert unpacked("json_trigger_value", text) is None


@given(st.dictionaries(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=20)))
def test_what_a_component_says_arrives(state: dict[str, Any]) -> None:
    text = json.dumps(state)
    assert unpacked("json_value", text) == state
    assert unpacked("json_trigger_value", text) == text


def test_the_longest_drawing_arrives() -> None:
    dot = {**canvas_state([(100.5, 100.5), (100.5, 100.5)])["drawing"]["raw"]["objects"][0]}
    dot |= {f"what else a canvas says {i}": 0 for i in range(25)}
    state = {"drawing": {"raw": {"objects": [dot] * (MOST_COMMANDS // (1 + len(dot["path"])))}}}
    assert unpacked("json_value", json.dumps(state)) == state


def test_other_widgets_say_what_they_say() -> None:
    assert serving.checked(unpack_widget_state_value)(WidgetState(int_value=7)) == 7
