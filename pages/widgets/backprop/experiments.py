"""What to try on the page Loss and learning."""

from functools import partial

import streamlit as st

from pages.widgets.backprop.gradient_descent import RATE, reset_learner, session_learner
from pages.widgets.backprop.target_digit import set_target
from pages.widgets.digit.digit_view import look_into_network, pin_image, selected_digit
from pages.widgets.digit.experiment_row import Experiment
from pages.widgets.networks.mnist_predictions import EXAMPLE, read_mnist
from pages.widgets.networks.picker import read_network

NETWORK = "notebook"
MISTAKE = 104  # the first test image that the notebook's network misreads: a 9 taken for a 5


def teach(image: int, digit: int, learning_rate: float, steps: int) -> None:
    """Have a new copy of the notebook's network learn that a test image is this digit."""
    look_into_network(NETWORK)
    st.session_state[RATE] = learning_rate
    pin_image(image)
    reset_learner()
    network, shown = read_network(NETWORK), selected_digit(read_mnist())
    if network and shown:
        set_target(shown, digit)
        session_learner(network).take_steps(steps, shown.vector, digit, learning_rate)


RESULT = "[Take a step](#take-a-step)"
EXPERIMENTS = {
    "Teach it something wrong": Experiment(
        partial(teach, EXAMPLE, 3, 0.01, 20),
        "After 20 steps it takes this 5 for a 3: it believes its labels, right or wrong. It reads 94.55% of the test "
        f"images right instead of 97.45%: see {RESULT}. Which digits do you think it misreads now? (Above all, other "
        "5s.)",
    ),
    "A small step": Experiment(
        partial(teach, MISTAKE, 9, 0.001, 1),
        "This 9 was taken for a 5. One step with a learning rate of 0.001, and it is read right; its loss fell from "
        f"4.71 to 0.211. See the test images under {RESULT}: 97.44% are still read right, so it forgot almost nothing.",
    ),
    "A step too large": Experiment(
        partial(teach, MISTAKE, 9, 0.1, 1),
        f"The same 9, again one step, but with 0.1: its loss is 0, so is all well? See the test images under {RESULT}: "
        "13.40% are read right, because it says 9 to nearly everything now. With which rate does it learn this 9 and "
        "forget little?",
    ),
}
