"""A network from elsewhere."""

import streamlit as st

from model.network import NetworkError
from model.uploads import read_upload
from pages.widgets.own_networks import add_upload, choose_for_drawing
from pages.widgets.sent import let_go, uploader_key

LARGEST_IN_MEGABYTES = 20


def show_upload() -> None:
    """Take a `.keras` file; its network joins the session's own."""
    st.subheader("Bring your own network")
    st.markdown(
        "A `.keras` file with a dense network from 784 inputs to 10 outputs. It is only read: nothing in it is run, "
        "and nobody else gets to see it."
    )
    file = st.file_uploader("Network", max_upload_size=LARGEST_IN_MEGABYTES, key=uploader_key("upload"))
    if file:
        with st.spinner("It is read."):
            st.session_state["upload_answer"] = read(file.getvalue())
        let_go(file, "upload")
        st.rerun()
    if answer := st.session_state.get("upload_answer"):
        is_read, sentence = answer
        (st.success if is_read else st.error)(sentence)


def read(data: bytes) -> tuple[bool, str]:
    """Whether a file could be read, and a sentence about it."""
    try:
        network = read_upload(data)
    except NetworkError as error:
        return False, str(error)
    name = add_upload(network)
    choose_for_drawing(name, network)
    return True, f"It is read: on the Draw page it is called “{name}”, and chosen already."
