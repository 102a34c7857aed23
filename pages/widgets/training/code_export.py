"""The Keras code that the settings stand for."""

import streamlit as st

from model.training.export import notebook, script
from model.training.settings import Settings
from pages.widgets.app.projector import in_pixels


def show_code(settings: Settings) -> None:
    """The script that does the same elsewhere, as the controls stand, to read and to take home."""
    st.subheader("The same in Keras")
    st.markdown("It changes with the controls above, and runs as it is, with Python or in a notebook.")
    code = script(settings)
    st.code(code, "python", height=in_pixels(400))
    with st.container(horizontal=True):
        st.download_button("Script (.py)", code, "inkling.py", "text/x-python", key="code_script", on_click="ignore")
        st.download_button(
            "Notebook (.ipynb)",
            notebook(settings),
            "inkling.ipynb",
            "application/x-ipynb+json",
            key="code_notebook",
            on_click="ignore",
        )
