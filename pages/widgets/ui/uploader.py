"""Uploaders: each file is read once, and the server forgets it."""

from collections.abc import Callable

import streamlit as st
from streamlit.typing import UploadedFile

from pages.widgets.app.streamlit_patches import forget


def uploader_key(name: str) -> str:
    """Return the key of an uploader; it changes after each file, so that the uploader is empty again."""
    return f"{name}_{st.session_state.setdefault(f'{name}_files', 0)}"


def take_file(file: UploadedFile | None, name: str, read: Callable[[bytes], object], answer: str) -> None:
    """Read a new file of the uploader with this name, once; the session keeps the result of `read` under the key
    `answer`.
    """
    if file:
        with st.spinner("Reading the file…"):
            st.session_state[answer] = read(file.getvalue())
        discard_upload(file, name)
        st.rerun()


def discard_upload(file: UploadedFile, name: str) -> None:
    """Have the server forget a file that was read, and the page the uploader that still names it."""
    forget(file)
    st.session_state[f"{name}_files"] += 1
