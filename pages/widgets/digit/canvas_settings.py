"""The Draw page's pen and canvas: other pages draw with that pen, and other rooms end the whole number."""

import streamlit as st

PEN_WIDTH = 20  # canvas pixels, until the visitor chooses another width


def choose_pen_width() -> int:
    """Show the slider; return the pen's width in canvas pixels."""
    return st.slider("Pen width in pixels", 10, 40, PEN_WIDTH, key="pen_width", persist_state="session")


def pen_width() -> int:
    """Return the width in canvas pixels that the visitor chose on the Draw page."""
    return int(st.session_state.get("pen_width", PEN_WIDTH))


def choose_whole_number() -> bool:
    """Show the switch; return whether the visitor draws a whole number instead of one digit."""
    return st.toggle("Draw a whole number", key="whole_number", persist_state="session")


def end_whole_number() -> None:
    """Have the Draw page show the canvas for one digit. To be called in a callback."""
    st.session_state["whole_number"] = False
