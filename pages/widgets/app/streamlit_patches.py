"""Every touch of Streamlit's internals, each with its reason.

A version of Streamlit that is made otherwise than those that were tested still runs the app: the log then says what
Inkling goes on without.
"""

import contextlib
import functools
import inspect
import json
import logging
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import streamlit as st
from streamlit.typing import UploadedFile

log = logging.getLogger(__name__)


@contextlib.contextmanager
def going_on_without(what: str) -> Iterator[None]:
    """Touch Streamlit's internals in here: where they are not as expected, the log says what is missing, once."""
    try:
        yield
    except (ImportError, AttributeError, TypeError) as error:
        warn(what, f"{type(error).__name__}: {error}")


@functools.cache
def warn(what: str, reason: str) -> None:
    """Say it in the log, once."""
    log.warning("Streamlit %s is not as expected, so Inkling goes on without %s. %s", st.__version__, what, reason)


def check_parameters(function: Callable[..., Any], *expected: str) -> None:
    """Raise TypeError where a function takes other parameters than expected."""
    if (found := tuple(inspect.signature(function).parameters)) != expected:
        raise TypeError(f"{function.__qualname__} takes {found}, not {expected}.")


def bound_what_browsers_send() -> None:
    """Have Streamlit refuse what a browser sends without a bound: what components say, and all uploads together.

    The front door calls this before all else, so the first message is bounded, too: Streamlit reads what widgets say
    only when the script shows them. Each bound is put in place once: a function of this module is there already.
    """
    with going_on_without("a bound on what components say"):
        from streamlit.runtime.state import session_state

        unpack = session_state.unpack_widget_state_value  # type: ignore[attr-defined]
        if unpack.__module__ != __name__:
            check_parameters(unpack, "widget_state")
            session_state.unpack_widget_state_value = checked(unpack)  # type: ignore[attr-defined, assignment]
    with going_on_without("a bound on all uploads together"):
        from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

        add = MemoryUploadedFileManager.add_file
        if add.__module__ != __name__:
            check_parameters(add, "self", "session_id", "file")
            check_parameters(MemoryUploadedFileManager.remove_file, "self", "session_id", "file_id")
            MemoryUploadedFileManager.add_file = bounded(add)  # type: ignore[method-assign, assignment]


# In what a component says; the longest drawing has 14,000 lists and mappings, and 123,000 commas.
MAX_CONTAINERS = 20_000
MAX_COMMAS = 140_000


def checked(unpack: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same, with a drawing that is none in the place of what is no JSON, or would take too much memory.

    4 MB of empty lists make 100 MB of Python's objects. And where Streamlit finds what is no JSON, it shows its own
    page about errors instead of ours.
    """

    def unpack_checked(widget_state: Any) -> Any:
        kind = widget_state.WhichOneof("value")
        if kind not in ("json_value", "json_trigger_value"):
            return unpack(widget_state)
        text: str = getattr(widget_state, kind)
        try:
            if sum(map(text.count, "[{")) > MAX_CONTAINERS or text.count(",") > MAX_COMMAS:
                raise ValueError("too many parts")
            value = json.loads(text)
            if kind == "json_value" and not isinstance(value, dict):
                raise ValueError("no state")
        except (ValueError, RecursionError):
            return {"drawing": None} if kind == "json_value" else None
        return value if kind == "json_value" else text  # which Streamlit reads another time

    return unpack_checked


MAX_WAITING_BYTES = 256 * 2**20  # bytes of all visitors' files that wait to be read, which each does for a moment
RECORD = 2**12  # bytes that each of them counts besides its content: many empty ones fill the memory, too


def bounded(add: Callable[[Any, str, Any], None]) -> Callable[[Any, str, Any], None]:
    """The same, which makes room where all files together are too large.

    Nothing else keeps a stranger from sending one file after the other until the server's memory is full.
    """

    def add_bounded(files: Any, session_id: str, file: Any) -> None:
        with going_on_without("a bound on all uploads together"):
            make_room(files, session_id, size(file))
        add(files, session_id, file)

    return add_bounded


def size(file: Any) -> int:
    """How many bytes of memory an uploaded file counts."""
    return len(file.data) + RECORD


def make_room(files: Any, session_id: str, wanted: int) -> None:
    """Let go of files until there is room for another one: of its sender's own, the earliest first, and only then of
    those of whoever has the most.

    Who waits for an answer has one file, and a stranger who fills the memory from many sessions has others as large.
    """
    waiting = {session: deque(by_id.values()) for session, by_id in list(files.file_storage.items())}
    taken = {session: sum(map(size, waiting[session])) for session in waiting}
    while sum(taken.values()) and sum(taken.values()) + wanted > MAX_WAITING_BYTES:
        session = session_id if taken.get(session_id) else max(taken, key=taken.__getitem__)
        earliest = waiting[session].popleft()
        files.remove_file(session, earliest.file_id)
        taken[session] -= size(earliest)


def forget(file: UploadedFile) -> None:
    """Have the server forget an uploaded file that was read; Streamlit keeps each until its session ends."""
    with going_on_without("forgetting files that were read"):
        from streamlit.runtime.scriptrunner import get_script_run_ctx

        if context := get_script_run_ctx():
            files: Any = context.uploaded_file_mgr
            files.remove_file(context.session_id, file.file_id)


def publish(content: bytes, name: str) -> str | None:
    """Have the server give out compressed bytes over HTTP while this page stands; return their address below
    Streamlit's, or None where it cannot.

    It is where Streamlit keeps pictures, but it has no public way to put anything else there; `st.image` does the same.
    name: of nothing else, for Streamlit compares large files by some of their bytes only.
    """
    with going_on_without("bars that move while the pen draws"):
        from streamlit.runtime import Runtime

        if Runtime.exists():  # it does not in tests of a page without a server
            # The type says that they are compressed, or Streamlit would do that for each visitor.
            return str(Runtime.instance().media_file_mgr.add(content, "application/gzip", name, file_name=name))
    return None


def presence() -> Callable[[], bool]:
    """Return what tells, from any thread and at any time later, whether this session's browser is still connected.

    A training for nobody would keep a class waiting for up to ten minutes.
    """
    with going_on_without("noticing that a visitor has gone"):
        from streamlit.runtime import Runtime
        from streamlit.runtime.scriptrunner import get_script_run_ctx

        check_parameters(Runtime.is_active_session, "self", "session_id")
        if context := get_script_run_ctx():
            session = context.session_id
            # There is no runtime in tests of a page without a server.
            return lambda: not Runtime.exists() or Runtime.instance().is_active_session(session)
    return lambda: True


def end_automatic_pages() -> bool:
    """Have Streamlit run streamlit_app.py from now on; return whether it has run a page without it.

    A server that has just started takes the folder pages/ for an app without st.navigation, until streamlit_app.py
    has run once. Whoever opens a link to a page in that moment gets the bare page.
    """
    with going_on_without("leading the first visitor of a page through streamlit_app.py"):
        from streamlit.runtime.pages_manager import PagesManager

        if PagesManager.uses_pages_directory:
            PagesManager.uses_pages_directory = False
            return True
    return False
