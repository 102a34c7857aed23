"""The way from a drawing to the 784 numbers that the network takes, opened on request."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import streamlit as st

from model.preprocessing import Steps
from pages.widgets.app.navigation import request_page_rerun
from pages.widgets.canvas.history import DrawingHistory
from pages.widgets.ui.images import image_html
from pages.widgets.ui.pixel_grid import as_share, number_grid

STEPS, NUMBERS = "steps", "numbers"  # the expanders' keys
CAPTIONS = {
    "ink": "1. Ink: what differs from the background.",
    "crop": "2. Crop: the smallest rectangle around the ink.",
    "box": "3. Shrink: the longer side becomes 20 pixels.",
    "centred": "4. Centre: the ink's centre of mass moves to the middle of 28 by 28 pixels.",
}


def show_preprocessing(history: DrawingHistory) -> None:
    """Show the picture after each step of MNIST's recipe, and the 784 numbers as the 28 rows of the picture."""
    show_expander(
        "How the drawing became 28 by 28 pixels",
        "The network has only ever seen MNIST's pictures, and MNIST's makers prepared each of them in the same way. "
        "Your drawing takes the same steps:",
        history,
        steps_html,
        STEPS,
    )
    show_expander(
        "The 784 numbers that the network takes",
        "Each pixel is a number from 0 (background) to 1 (ink). "
        "Row after row they make one long vector: the network is not told which pixels are neighbours.",
        history,
        lambda steps: number_grid(steps.centred, as_share),
        NUMBERS,
    )


def open_steps() -> None:
    """Open the expander with the steps. To be called in a callback."""
    st.session_state[STEPS] = True


def update_preprocessing(pixels: npt.NDArray[np.uint8] | None) -> None:
    """Run the page again where an expander is open and the drawing has changed since the last stroke.

    A stroke does not run the expanders: they would delay its answer, and they are mostly closed.
    """
    before = st.session_state.get("pixels_of_last_run")
    st.session_state["pixels_of_last_run"] = pixels
    if pixels is not before and any(st.session_state.get(key) for key in (STEPS, NUMBERS)):
        request_page_rerun()


def show_expander(
    label: str, explanation: str, history: DrawingHistory, as_html: Callable[[Steps], str], key: str
) -> None:
    """Show an expander whose content is computed only while it is open."""
    expander = st.expander(label, on_change="rerun", key=key)
    if expander.open:
        with expander:
            st.markdown(explanation)
            if steps := history.steps():
                st.html(as_html(steps))
            else:
                st.markdown("*Nothing is drawn yet.*")


def steps_html(steps: Steps) -> str:
    """Return the pictures with their captions."""
    pictures = (
        f"<figure>{image_html(getattr(steps, step), caption)}<figcaption>{caption}</figcaption></figure>"
        for step, caption in CAPTIONS.items()
    )
    return f'<div class="steps">{"".join(pictures)}</div>'
