"""The latest experiment of each page: what to look for stays on the page until something else is set up."""

from collections.abc import Callable

import streamlit as st

from pages.widgets.app.navigation import request_page_rerun


def latest_experiment(page: str) -> str | None:
    """Return the name of the page's latest experiment; None before the first one and after it has ended."""
    name: str | None = st.session_state.get(f"tried_{page}")
    return name


def begin_experiment(page: str, name: str) -> None:
    """Make this the page's latest experiment."""
    st.session_state[f"tried_{page}"] = name


def end_experiment(page: str) -> None:
    """Take away what to look for, because a button has set the page up for something else."""
    st.session_state.pop(f"tried_{page}", None)


def start_over(page: str, reset: Callable[[], None]) -> None:
    """Reset what the visitor or an experiment has set up, and end the experiment."""
    reset()
    end_experiment(page)
    request_page_rerun()
