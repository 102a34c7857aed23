"""What a component of the app's own says from the browser."""

from typing import Any

import streamlit as st


def sent(key: str, name: str) -> Any:
    """What the component with this key has just said by this name, for its callback; nobody has checked it.

    None where it was taken off the page while its message was on the way: Streamlit then calls the callback, but has
    forgotten the message.
    """
    return st.session_state.get(key, {}).get(name)
