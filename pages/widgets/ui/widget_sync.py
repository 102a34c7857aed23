"""Widgets that show another value than the visitor's last one."""

from collections.abc import Callable
from typing import Literal, TypeVar

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


def show_number_input(
    name: str,
    numbers: range,
    value: int,
    key: str,
    on_change: Callable[[int], None],
    width: int | Literal["stretch"] = "stretch",
) -> None:
    """Show an input for one of these numbers, which other widgets may set, too. on_change: gets the number entered."""
    st.number_input(
        f"{name}, {numbers[0]} to {numbers[-1]:,}",
        numbers[0],
        numbers[-1],
        sync_widget(key, value),
        key=key,
        on_change=lambda: on_change(st.session_state[key]),
        width=width,
    )
