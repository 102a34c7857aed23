"""The way from a drawing to the 784 numbers that the network takes, opened on request."""

import streamlit as st

from model.mnist_format import SIDE, Steps
from pages.widgets.pictures import picture

CAPTIONS = {
    "ink": "1. Ink: what differs from the background.",
    "crop": "2. Crop: the smallest rectangle around the ink.",
    "box": "3. Shrink: the longer side becomes 20 pixels.",
    "centred": "4. Centre: the ink's centre of mass moves to the middle of 28 by 28 pixels.",
}


def show_steps(steps: Steps | None) -> None:
    """The picture after each step of MNIST's recipe."""
    expander = st.expander("How the drawing became 28 by 28 pixels", on_change="rerun", key="steps")
    with expander:
        if not expander.open:
            return
        st.markdown(
            "The network has only ever seen MNIST's pictures, and MNIST's makers prepared each of them in the same "
            "way. Your drawing goes the same way:"
        )
        if steps is None:
            st.markdown("*Nothing is drawn yet.*")
            return
        figures = (
            f"<figure>{picture(getattr(steps, step), caption)}<figcaption>{caption}</figcaption></figure>"
            for step, caption in CAPTIONS.items()
        )
        st.html(f'<div class="steps">{"".join(figures)}</div>')


def show_numbers(steps: Steps | None) -> None:
    """The 784 numbers, laid out as the 28 rows of the picture."""
    expander = st.expander("The 784 numbers that the network takes", on_change="rerun", key="numbers")
    with expander:
        if not expander.open:
            return
        st.markdown(
            "Each pixel is a number from 0 (background) to 1 (ink). "
            "Row after row they make one long vector: the network is not told which pixels are neighbours."
        )
        if steps is None:
            st.markdown("*Nothing is drawn yet.*")
            return
        st.html(f'<div class="numbers" tabindex="0" role="img" aria-label="784 numbers">{grid(steps)}</div>')


def grid(steps: Steps) -> str:
    """The numbers on squares as dark as their pixels."""
    rows = steps.vector.reshape(SIDE, SIDE)
    return "".join(
        f'<span style="background: rgb({shade}, {shade}, {shade})" class="{"ink" if shade > 127 else "paper"}">'
        f"{'0' if value == 0 else f'{value:.2f}'.lstrip('0')}</span>"
        for row in rows
        for value in row.tolist()
        for shade in [round(value * 255)]
    )
