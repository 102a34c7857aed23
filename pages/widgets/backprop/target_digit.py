"""The target: the digit that a picture should be read as."""

from typing import Any

import streamlit as st

from pages.widgets.canvas.component import drawing_history
from pages.widgets.digit.digit_view import SelectedDigit
from pages.widgets.ui.widget_sync import sync_widget

TARGET = "target_digit"  # key of the session: the latest target's owner, and the digit


def choose_target(subject: SelectedDigit, answer: int) -> int:
    """Let the visitor choose the target. Until then, it is MNIST's label or, for a drawing, the network's answer.

    A drawing keeps its target for as long as its first stroke is there.
    """
    owner = target_owner(subject)
    guess: int = answer if subject.label is None else subject.label
    chosen_for, chosen = st.session_state.get(TARGET, (None, guess))
    digit: int = chosen if chosen_for == owner else guess
    # Another guess means another widget. Else a browser that has not heard of a new picture yet would send along the
    # old one's digit, which nobody has chosen for the new one.
    key = f"digit_{guess}"
    st.segmented_control(
        "It should be",
        range(10),
        default=sync_widget(key, digit),
        required=True,
        key=key,
        on_change=lambda: save_target(owner, st.session_state[key]),
    )
    return digit


def set_target(subject: SelectedDigit, digit: int) -> None:
    """Choose the target in the visitor's place."""
    save_target(target_owner(subject), digit)


def target_owner(subject: SelectedDigit) -> Any:
    """Return what a target belongs to: the first stroke of a drawing, or the name of a test image."""
    return drawing_history().drawing.strokes[:1] if subject.label is None else subject.name


def save_target(owner: Any, digit: int) -> None:
    """Keep the target for as long as its owner is shown."""
    st.session_state[TARGET] = (owner, digit)
