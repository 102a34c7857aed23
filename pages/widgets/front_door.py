"""Every page comes through streamlit_app.py."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager


def through_the_front_door() -> None:
    """Start again by way of streamlit_app.py where a page was started without it.

    A server that has just started takes the folder pages/ for an app without st.navigation, until streamlit_app.py
    has run once. Whoever opens a link to a page in that moment would get the bare page and an automatic menu.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()
