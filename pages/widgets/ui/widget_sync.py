"""Widgets that show another value than the visitor's last one."""

from typing import TypeVar

import streamlit as st

Value = TypeVar("Value")


def sync_widget(key: str, value: Value) -> Value:
    """Have a widget show a value; return the value, which the widget also needs as its default.

    A value in the session is sent to the browser and replaces what the visitor may have done there in the meantime, so
    it is set only when it differs. And it is sent once: if another run overtakes this one, the browser never sees it,
    and a widget that is new on the page starts with its default.
    """
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return value
