"""The app's own browser components: JavaScript beside the Python that shows it, and what it says."""

from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer


def browser_component(name: str, *scripts: Path, html: str = "") -> ComponentRenderer:
    """Declare a component; return the function that shows it. scripts: read as one module, in this order."""
    js = "\n".join(script.read_text(encoding="utf-8") for script in scripts)
    return st.components.v2.component(f"inkling_{name}", html=html, js=js, isolate_styles=False)


def component_event(key: str, name: str) -> Any:
    """Return what the component with this key has just said under this name, for its callback. It is unchecked.

    None where the component left the page while its message was on the way: Streamlit then calls the callback, but has
    forgotten the message.
    """
    return st.session_state.get(key, {}).get(name)
