"""What a widget shows, where that is not what the visitor did to it last."""

from typing import TypeVar

import streamlit as st

Value = TypeVar("Value")


def sync_widget(key: str, value: Value) -> Value:
    """Have a widget show a value; returns it, to be given as the widget's default as well.

    What is set is sent to the browser, over what the visitor may have done there in the meantime, so it is set only
    where it is another one. And it is sent once: where another run overtakes this one, the browser never sees it. Then
    a widget that is new on the page starts with its default.
    """
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return value
