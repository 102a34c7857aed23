"""The digit that a picture should be read as."""

from typing import Any

import streamlit as st

from pages.widgets.canvas.component import drawing_history
from pages.widgets.digit.digit_view import SelectedDigit
from pages.widgets.ui.widget_sync import sync_widget


def choose_target(subject: SelectedDigit, answer: int) -> int:
    """The digit that the visitor says it should be. Until then: MNIST's label, or, for a drawing, the answer.

    What was said of a drawing holds as long as its first stroke is there.
    """
    this = target_key(subject)
    guess: int = answer if subject.label is None else subject.label
    digit: int = st.session_state["digit_said"] if st.session_state.get("digit_said_of") == this else guess
    # Where the guess is another one, so is the widget: a browser that has not heard of it yet still sends the old one's
    # digit along, which nobody has said of this.
    key = f"digit_{guess}"
    st.segmented_control(
        "It should be",
        range(10),
        default=sync_widget(key, digit),
        required=True,
        key=key,
        on_change=remember,
        args=(this, key),
    )
    return digit


def set_target(subject: SelectedDigit, digit: int) -> None:
    """Say in the visitor's place what it should be."""
    st.session_state["digit_said_of"] = target_key(subject)
    st.session_state["digit_said"] = digit


def target_key(subject: SelectedDigit) -> Any:
    """What a digit that was said belongs to."""
    return drawing_history().drawing.strokes[:1] if subject.label is None else subject.name


def remember(this: Any, key: str) -> None:
    """The visitor has said it."""
    st.session_state["digit_said_of"] = this
    st.session_state["digit_said"] = st.session_state[key]
