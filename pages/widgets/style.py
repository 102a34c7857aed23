"""The style sheet of all pages."""

import logging
from pathlib import Path

import streamlit as st

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
