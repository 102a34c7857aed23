"""Small tables of text."""

from collections.abc import Iterable, Sequence

import streamlit as st


def show_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table of our own words and numbers, aligned to the right; Markdown and $formulas$ work in it."""
    lines = [columns, ["--:"] * len(columns), *rows]
    st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
