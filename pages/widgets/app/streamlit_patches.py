"""Every touch of Streamlit's internals, each with its reason.

With a version of Streamlit whose internals differ from those that were tested, the app still runs: the log then says
what Inkling goes on without.
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
    """Touch Streamlit's internals within this block: if they are not as expected, log what is missing, once."""
    try:
        yield
    except (ImportError, AttributeError, TypeError) as error:
        warn(what, f"{type(error).__name__}: {error}")


@functools.cache
def warn(what: str, reason: str) -> None:
    """Log what Inkling goes on without, once."""
    log.warning("Streamlit %s is not as expected, so Inkling goes on without %s. %s", st.__version__, what, reason)


def check_parameters(function: Callable[..., Any], *expected: str) -> None:
    """Raise TypeError if a function does not take the expected parameters."""
    if (found := tuple(inspect.signature(function).parameters)) != expected:
        raise TypeError(f"{function.__qualname__} takes {found}, not {expected}.")


def bound_what_browsers_send() -> None:
    """Bound what a browser can send and Streamlit does not bound: components' messages, and all uploads together.

    streamlit_app.py calls this first, so that the first message is bounded, too: Streamlit reads a widget's message
    only when the script shows the widget. Each bound is installed once: then a function of this module stands there
    already.
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


# In a component's message; the longest drawing has 14,000 lists and mappings, and 123,000 commas.
MAX_CONTAINERS = 20_000
MAX_COMMAS = 140_000


def checked(unpack: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the same function, but with an empty drawing in place of malformed JSON, or JSON that is too large in
    memory.

    4 MB of empty lists make 100 MB of Python objects. And for malformed JSON Streamlit shows its own error page
    instead of ours.
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
        return value if kind == "json_value" else text  # Streamlit parses it itself

    return unpack_checked


MAX_WAITING_BYTES = 256 * 2**20  # bytes of all visitors' files that wait to be read, each for a moment
RECORD = 2**12  # bytes that each file counts besides its content: many empty files fill the memory, too


def bounded(add: Callable[[Any, str, Any], None]) -> Callable[[Any, str, Any], None]:
    """Return the same function, but one that makes room when all files together are too large.

    Without it, a stranger could send one file after the other until the server's memory is full.
    """

    def add_bounded(files: Any, session_id: str, file: Any) -> None:
        with going_on_without("a bound on all uploads together"):
            make_room(files, session_id, size(file))
        add(files, session_id, file)

    return add_bounded


def size(file: Any) -> int:
    """Return how many bytes of memory an uploaded file counts."""
    return len(file.data) + RECORD


def make_room(files: Any, session_id: str, wanted: int) -> None:
    """Remove files until there is room for another one: the sender's own first, the earliest before the others; then
    those of the session that holds the most.

    An honest visitor waits with one file; a stranger who fills the memory from many sessions holds as much in others.
    """
    waiting = {session: deque(by_id.values()) for session, by_id in list(files.file_storage.items())}
    taken = {session: sum(map(size, waiting[session])) for session in waiting}
    while sum(taken.values()) and sum(taken.values()) + wanted > MAX_WAITING_BYTES:
        session = session_id if taken.get(session_id) else max(taken, key=taken.__getitem__)
        earliest = waiting[session].popleft()
        files.remove_file(session, earliest.file_id)
        taken[session] -= size(earliest)


def forget(file: UploadedFile) -> None:
    """Have the server forget an uploaded file after reading; Streamlit would keep it until the session ends."""
    with going_on_without("forgetting files that were read"):
        from streamlit.runtime.scriptrunner import get_script_run_ctx

        if context := get_script_run_ctx():
            files: Any = context.uploaded_file_mgr
            files.remove_file(context.session_id, file.file_id)


def publish(content: bytes, name: str) -> str | None:
    """Have the server offer compressed bytes over HTTP while this page stands; return their address below Streamlit's,
    or None where that fails.

    They go where `st.image` puts its pictures; Streamlit has no public way to put anything else there.
    name: a unique one, because Streamlit compares only some bytes of large files.
    """
    with going_on_without("bars that move while the pen draws"):
        from streamlit.runtime import Runtime

        if Runtime.exists():  # there is none in tests of a page without a server
            # The type says that the bytes are compressed; else Streamlit would compress them for each visitor.
            return str(Runtime.instance().media_file_mgr.add(content, "application/gzip", name, file_name=name))
    return None


def presence() -> Callable[[], bool]:
    """Return a function that tells, from any thread at any later time, whether this session's browser is connected.

    A training that nobody watches would keep a class waiting for up to ten minutes.
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
    """Have Streamlit run streamlit_app.py from now on; return whether it has just run a page without it.

    Until streamlit_app.py has run once, a new server takes the folder pages/ for an app without st.navigation. A
    visitor who opens a link to a page in that moment gets the bare page.
    """
    with going_on_without("leading the first visitor of a page through streamlit_app.py"):
        from streamlit.runtime.pages_manager import PagesManager

        if PagesManager.uses_pages_directory:
            PagesManager.uses_pages_directory = False
            return True
    return False
