"""Going to a page: every one comes through streamlit_app.py, and buttons lead to others.

A callback runs before Streamlit knows the pages. So it asks for another page, or for this one to run again as a whole,
and the run that follows does it.
"""

import streamlit as st

from pages.widgets.app.streamlit_patches import end_automatic_pages


def ensure_navigation() -> None:
    """Start again by way of streamlit_app.py where a page was started without it."""
    if end_automatic_pages():
        st.rerun()


def request_page(page: str) -> None:
    """Ask for another page, in a callback; page: its script, "pages/draw.py" for one."""
    st.session_state["leave_for"] = page


def switch_page_if_requested() -> None:
    """Go to the page that was asked for, if one was."""
    if page := st.session_state.pop("leave_for", None):
        st.switch_page(page)


def request_page_rerun() -> None:
    """Have the page run again as a whole, once the fragment runs; to be called in a fragment's callback."""
    st.session_state["whole_page"] = True


def rerun_page_if_requested() -> None:
    """Run the page again if that was asked for; to be called first or last in a fragment."""
    if st.session_state.pop("whole_page", False):
        st.rerun()
