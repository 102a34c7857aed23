"""Which of a page's experiments was tried last: what to look for stays readable until something else is set up."""

from collections.abc import Callable

import streamlit as st

from pages.widgets.app.navigation import request_page_rerun


def latest_experiment(page: str) -> str | None:
    """Return the name of the page's experiment that was tried last; None where none was, or where it is over."""
    name: str | None = st.session_state.get(f"tried_{page}")
    return name


def begin_experiment(page: str, name: str) -> None:
    """Remember that the visitor tries this one."""
    st.session_state[f"tried_{page}"] = name


def end_experiment(page: str) -> None:
    """Have the page no longer say what to look for, because a button has set the page up for something else."""
    st.session_state.pop(f"tried_{page}", None)


def start_over(page: str, reset: Callable[[], None]) -> None:
    """Reset what the visitor or an experiment has set up, and end the experiment."""
    reset()
    end_experiment(page)
    request_page_rerun()
