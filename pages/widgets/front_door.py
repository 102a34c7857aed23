"""Every page comes through streamlit_app.py."""

import streamlit as st

from pages.widgets.serving import end_automatic_pages


def through_the_front_door() -> None:
    """Start again by way of streamlit_app.py where a page was started without it."""
    if end_automatic_pages():
        st.rerun()
