"""Uploaders: each file is read once, and the server forgets it."""

from collections.abc import Callable

import streamlit as st
from streamlit.typing import UploadedFile

from pages.widgets.app.streamlit_patches import forget


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
