"""What all pages look like: style sheet and logo."""

import logging
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitAPIException

END = "/* The end: what is cut short lacks it. */"

log = logging.getLogger(__name__)


def show_style(path: Path) -> None:
    """Have the page take the style sheet. Where that is missing or damaged, it says so and goes on without."""
    try:
        if not path.read_text(encoding="utf-8").rstrip().endswith(END):
            raise ValueError("This is no whole style sheet.")
        st.html(path)
    except (OSError, ValueError):
        log.exception("The style sheet cannot be read.")
        st.error(
            f"The style sheet cannot be read, so this page looks wrong: restore it with "
            f"`git checkout -- assets/{path.name}`, or download Inkling again."
        )


def show_logo(assets: Path) -> None:
    """Have the page show the logo; without it where its files are missing or damaged."""
    try:
        st.logo(assets / "wordmark.svg", size="large", icon_image=assets / "logo.svg")
    except StreamlitAPIException:
        log.exception("The logo cannot be read.")
