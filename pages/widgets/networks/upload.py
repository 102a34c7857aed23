"""The upload of a network."""

import streamlit as st

from model.files.limits import MAX_NETWORK_BYTES
from model.files.uploads import read_upload
from model.network import NetworkError
from pages.widgets.networks.picker import choose_for_drawing
from pages.widgets.networks.session_networks import add_upload
from pages.widgets.ui.uploader import take_file, uploader_key


def show_upload() -> None:
    """Read a `.keras` file; its network joins the session's own."""
    st.subheader("Bring your own network")
    st.markdown(
        "A `.keras` file with a dense network from 784 inputs to 10 outputs. Inkling only reads it: nothing in it is "
        "run, and nobody else sees it."
    )
    file = st.file_uploader("Network", max_upload_size=MAX_NETWORK_BYTES // 2**20, key=uploader_key("upload"))
    take_file(file, "upload", read, "upload_answer")
    if answer := st.session_state.get("upload_answer"):
        is_read, sentence = answer
        (st.success if is_read else st.error)(sentence)


def read(data: bytes) -> tuple[bool, str]:
    """Return whether the file could be read, and a sentence about it."""
    try:
        network = read_upload(data)
    except NetworkError as error:
        return False, str(error)
    name = add_upload(network)
    choose_for_drawing(name, network)
    return True, f"Loaded. It appears on Draw as “{name}”, and is chosen already."
