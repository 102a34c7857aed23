"""What to try on the page Draw."""

import streamlit as st

from model.files.strokes import Stroke
from pages.widgets.digit.example_drawings import FOUR_OR_NINE, LETTER_A, SLASHED_ZERO, SMALL_THREE
from pages.widgets.digit.experiment_row import Experiment, draw_on_canvas


def show_drawing(strokes: tuple[Stroke, ...], both: bool = False, steps: bool = False) -> None:
    """Put a drawing before the robust network. both: with the simple one beside it; steps: with the way to the 784
    numbers opened.
    """
    draw_on_canvas(strokes)
    st.session_state.update(whole_number=False, network="robust", compare=both)
    if steps:
        st.session_state["steps"] = True


EXPERIMENTS = {
    "A 0 with a slash": Experiment(
        lambda: show_drawing(SLASHED_ZERO, both=True),
        "*Robust* reads a 0, *Simple* an 8: MNIST has hardly any slashed zeros, and a network knows "
        "only what it has learned from. Which of your own digits do the two disagree about?",
    ),
    "A letter": Experiment(
        lambda: show_drawing(LETTER_A),
        "You see an A. But the network has ten outputs and no other, so it names a digit, and is more than 90% sure "
        "of its 4. A second, small network says that it looks like no digit. Which letters get past that one?",
    ),
    "Small, in a corner": Experiment(
        lambda: show_drawing(SMALL_THREE, steps=True),
        "It is read as surely as a large one: before a network sees a drawing, it is cropped, scaled and centred, as "
        "all of MNIST's images were. Below, under *How the drawing became 28 by 28 pixels*, you see each step.",
    ),
    "Between 4 and 9": Experiment(
        lambda: show_drawing(FOUR_OR_NINE),
        "Two bars are long: half a line makes the difference. Join the two lines at the top: it is a 9 beyond doubt. "
        "*Undo* takes your line back. Can you make a clear 4 of it, too?",
    ),
}
