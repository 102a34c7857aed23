"""Going to a page: each one runs through streamlit_app.py, and buttons lead to others.

A callback runs before Streamlit knows the pages, so it can only request another page, or a rerun of the whole page; the
run that follows fulfils the request.
"""

import streamlit as st

from pages.widgets.app.streamlit_patches import end_automatic_pages


def ensure_navigation() -> None:
    """Start again through streamlit_app.py if this page was started without it."""
    if end_automatic_pages():
        st.rerun()


def request_page(page: str) -> None:
    """Request another page, in a callback. page: its script, such as "pages/draw.py"."""
    st.session_state["requested_page"] = page


def switch_page_if_requested() -> None:
    """Go to the requested page, if there is one."""
    if page := st.session_state.pop("requested_page", None):
        st.switch_page(page)


def request_page_rerun() -> None:
    """Request a rerun of the whole page, in a fragment's callback."""
    st.session_state["page_rerun_requested"] = True


def rerun_page_if_requested() -> None:
    """Rerun the whole page if that was requested; to be called first or last in a fragment."""
    if st.session_state.pop("page_rerun_requested", False):
        st.rerun()
