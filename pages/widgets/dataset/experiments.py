"""What to try on the page MNIST."""

import streamlit as st

from pages.widgets.dataset.image_browser import pick
from pages.widgets.digit.experiment_row import Experiment

LEAST_TYPICAL = 26_882  # of the training images of a 7


def look_at_least_typical() -> None:
    """The training image of a 7 that is farthest from the average 7."""
    st.session_state.update(mnist_part="Training", mnist_step=7)
    pick(LEAST_TYPICAL)


def divide() -> None:
    """Show the numbers as networks take them."""
    st.session_state["numbers_as"] = "0 to 1"


def look_at_fours() -> None:
    """A hundred of them."""
    st.session_state["sample_of"] = 4


EXPERIMENTS = {
    "The least typical 7": Experiment(
        look_at_least_typical,
        "It is far from the average 7: its ink lies where other 7s have none. You read it all the same. Press *Draw "
        "over it*: do the networks? Other odd ones stand [below](#average-and-typical).",
    ),
    "Divide by 255": Experiment(
        divide,
        "[The numbers](#the-numbers-in-it) of the image go from 0 to 1 now, and the picture is the same. Which number "
        "is black, which is white?",
    ),
    "A hundred 4s": Experiment(
        look_at_fours,
        "[Look at them](#a-hundred-of-them): some are open at the top, some closed. Which of them could be a 9? Then "
        "choose 9, and look for what could be a 4.",
    ),
}
