"""What a widget shows, where that is not what the visitor did to it last."""

from typing import Any

import streamlit as st


def show_as(key: str, value: Any) -> None:
    """Have a widget show a value. What is set is sent to the browser, over what the visitor may have done there in the
    meantime, so it is set only where it is another one.
    """
    if st.session_state.get(key) != value:
        st.session_state[key] = value
