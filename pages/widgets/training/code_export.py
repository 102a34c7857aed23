"""The Keras code that the settings stand for."""

import streamlit as st

from model.training.export import script
from model.training.settings import Settings
from pages.widgets.app.projector import in_pixels
from pages.widgets.training.downloads import show_code_downloads


def show_code(settings: Settings) -> None:
    """Show the script that trains with these settings elsewhere, to read and to download."""
    st.subheader("The same in Keras")
    st.markdown("This code follows the controls above, and runs as it is, with Python or in a notebook.")
    st.code(script(settings), "python", height=in_pixels(400))
    with st.container(horizontal=True):
        show_code_downloads("inkling", settings)
