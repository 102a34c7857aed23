"""The style sheet and the logo of all pages."""

import logging
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitAPIException

END = "/* The end: a sheet that is cut short lacks this line. */"

log = logging.getLogger(__name__)


def show_style(path: Path) -> None:
    """Apply the style sheet. If it is missing or damaged, the page says so and goes on without it."""
    try:
        if not path.read_text(encoding="utf-8").rstrip().endswith(END):
            raise ValueError("The style sheet is cut short.")
        st.html(path)
    except (OSError, ValueError):
        log.exception("The style sheet cannot be read.")
        st.error(
            f"The style sheet cannot be read, so this page looks wrong: restore it with "
            f"`git checkout -- assets/{path.name}`, or download Inkling again."
        )


def show_logo(assets: Path) -> None:
    """Show the logo, unless its files are missing or damaged."""
    try:
        st.logo(assets / "wordmark.svg", size="large", icon_image=assets / "logo.svg")
    except StreamlitAPIException:
        log.exception("The logo cannot be read.")
