"""What makes one process serve a whole class, and strangers."""

import ctypes
import functools
import gc
import json
import sys
import threading
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.components.v2.bidi_component import main as bidi_component
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime import app_session
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.state import SessionState, session_state
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

# Runs of the draw page, each in a thread of its own, take turns: threads that all want Python's interpreter lock are
# woken two hundred times a second only to wait again, and with a hundred of them that takes more time than their work.
# Whoever has it may take it again: a fragment runs by itself, and within the page.
TURN = threading.RLock()


@st.cache_resource(show_spinner=False)
def settle() -> None:
    """Once, when the server's first page is there.

    What is in memory by now stays, so the garbage collector need not look at it again: going through all of it stops
    every visitor for an eighth of a second, several times a minute under load. And the theme, which Streamlit gathers
    from all 300 options in each run to tell the browser, does not change: it is kept. Where Streamlit takes what a
    browser sends without a bound, there is one.
    """
    app_session._populate_theme_msg = remembered(app_session._populate_theme_msg)
    bidi_component.make_bidi_component_presenter = presenter  # type: ignore[attr-defined, assignment]
    session_state.unpack_widget_state_value = checked(session_state.unpack_widget_state_value)  # type: ignore[attr-defined, assignment]
    MemoryUploadedFileManager.add_file = bounded(MemoryUploadedFileManager.add_file)  # type: ignore[method-assign, assignment]
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 10)


def remembered(populate: Callable[[CustomThemeConfig, str], None]) -> Callable[..., None]:
    """The same, with each section of the theme put together once."""

    @functools.cache
    def section_of_theme(section: str) -> CustomThemeConfig:
        message = CustomThemeConfig()
        populate(message, section)
        return message

    def populate_from_memory(message: CustomThemeConfig, section: str = "theme") -> None:
        if section_of_theme(section).ByteSize():  # else it stays unset
            message.MergeFrom(section_of_theme(section))

    return populate_from_memory


def presenter(events: str, *_: object) -> Callable[[dict[str, Any], SessionState], dict[str, Any]]:
    """What shows in `st.session_state` what a component has said: its state, and its events by their name.

    Streamlit's own makes a class for each look, a dozen in a stroke, so that an app could write there, too. Inkling
    does not, and these classes were three quarters of what Python's collector had to take away.
    """

    def present(state: dict[str, Any], session_state: SessionState) -> dict[str, Any]:
        messages = session_state._new_widget_state.get(events) or []
        return {message["event"]: message.get("value") for message in messages} | state

    return present


MOST_PARTS = 400_000  # lists, mappings and commas in what a component says; the longest drawing has 350,000


def checked(unpack: Callable[[WidgetState], Any]) -> Callable[[WidgetState], Any]:
    """The same, with a drawing that is none in the place of what is no JSON, or would take too much memory.

    4 MB of empty lists make 100 MB of Python's objects. And where Streamlit finds what is no JSON, it shows its own
    page about errors instead of ours.
    """

    def unpack_checked(widget_state: WidgetState) -> Any:
        kind = widget_state.WhichOneof("value")
        if kind not in ("json_value", "json_trigger_value"):
            return unpack(widget_state)
        text: str = getattr(widget_state, kind)
        try:
            if sum(map(text.count, "[{,")) > MOST_PARTS:
                raise ValueError("too many parts")
            value = json.loads(text)
            if kind == "json_value" and not isinstance(value, dict):
                raise ValueError("no state")
        except (ValueError, RecursionError):
            return {"drawing": None} if kind == "json_value" else None
        return value if kind == "json_value" else text  # which Streamlit reads another time

    return unpack_checked


LARGEST_UPLOADS = 256 * 2**20  # bytes of all visitors' files that wait to be read, which each does for a moment


def bounded(
    add: Callable[[MemoryUploadedFileManager, str, UploadedFileRec], None],
) -> Callable[[MemoryUploadedFileManager, str, UploadedFileRec], None]:
    """The same, which lets go of files that were there before where all of them are too large.

    Nothing else keeps a stranger from sending one file after the other until the server's memory is full.
    """

    def add_bounded(files: MemoryUploadedFileManager, session_id: str, file: UploadedFileRec) -> None:
        for session, waiting in list(files.file_storage.items()):
            for earlier in list(waiting):
                if files._total_bytes + len(file.data) <= LARGEST_UPLOADS:
                    break
                files.remove_file(session, earlier)
        add(files, session_id, file)

    return add_bounded


M_ARENA_MAX = -8  # glibc's malloc.h


@st.cache_resource(show_spinner=False)
def save_memory() -> None:
    """Once, as early as a page can: have threads share the heaps that are there by now, four or five.

    Each run of a page is a thread, and glibc gives threads up to eight heaps a core, each of which keeps what it has
    freed; as they wait for the interpreter anyway, one is enough. Only what starts the server can have it be one from
    the first thread on (the Makefile and the Dockerfile do): with 16, a class leaves 100 MiB more behind. Other
    libraries have no such heaps.
    """
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(M_ARENA_MAX, 1)
