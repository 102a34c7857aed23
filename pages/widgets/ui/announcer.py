"""Sentences for screen readers, about what changes away from the widget that has the focus."""

from pathlib import Path

import streamlit as st

from pages.widgets.ui.browser_component import browser_component

browser_part = browser_component("said", Path(__file__).with_suffix(".js"), html='<p aria-live="polite"></p>')


def announce(sentence: str, key: str) -> None:
    """Have screen readers speak the sentence when it is new; nothing of it is seen."""
    with st.container(key=f"said_{key}"):
        browser_part(data=sentence, key=key)
