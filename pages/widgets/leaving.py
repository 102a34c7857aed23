"""Another page as the answer to a button.

A callback runs before Streamlit knows the pages, so it asks for one, and the run that follows goes there.
"""

import streamlit as st


def leave_for(page: str) -> None:
    """Ask for another page, in a callback; page: its script, "pages/draw.py" for one."""
    st.session_state["leave_for"] = page


def leave_if_asked() -> None:
    """Go to the page that was asked for, if one was."""
    if page := st.session_state.pop("leave_for", None):
        st.switch_page(page)
