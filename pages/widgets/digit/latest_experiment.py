"""The latest experiment of each page: what to look for stays on the page until something else is set up."""

import streamlit as st


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
