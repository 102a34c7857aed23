"""Download buttons."""

import streamlit as st

from model.training.export import notebook, script
from model.training.settings import Settings


def show_download(label: str, data: str | bytes, name: str, mime: str) -> None:
    """Show a button that downloads the data as a file of that name, without a rerun of the page."""
    st.download_button(label, data, name, mime, key=f"download_{name}", on_click="ignore")


def show_code_downloads(file: str, settings: Settings, epochs: int | None = None) -> None:
    """Show buttons that download the script and the notebook, for `epochs` (None: as many as the settings say)."""
    show_download("Script (.py)", script(settings, epochs), f"{file}.py", "text/x-python")
    show_download("Notebook (.ipynb)", notebook(settings, epochs), f"{file}.ipynb", "application/x-ipynb+json")
