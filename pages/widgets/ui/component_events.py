"""What the browser sends: words of the app's own components, and files."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.typing import UploadedFile

from pages.widgets.app.streamlit_patches import forget


def component_event(key: str, name: str) -> Any:
    """What the component with this key has just said by this name, for its callback; nobody has checked it.

    None where it was taken off the page while its message was on the way: Streamlit then calls the callback, but has
    forgotten the message.
    """
    return st.session_state.get(key, {}).get(name)


def uploader_key(name: str) -> str:
    """The key of an uploader, another one after each file that it was let go of."""
    return f"{name}_{st.session_state.setdefault(f'{name}_files', 0)}"


def take_file(file: UploadedFile | None, name: str, read: Callable[[bytes], object], answer: str) -> None:
    """Read, once, what was brought to the uploader of this name; the session keeps what `read` says under `answer`."""
    if file:
        with st.spinner("Reading the file…"):
            st.session_state[answer] = read(file.getvalue())
        discard_upload(file, name)
        st.rerun()


def discard_upload(file: UploadedFile, name: str) -> None:
    """Have the server forget a file that was read, and its uploader, which would go on to name it."""
    forget(file)
    st.session_state[f"{name}_files"] += 1
