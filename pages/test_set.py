"""What networks make of the 10,000 test images: how often they are right, where they are wrong, how sure they are."""

import streamlit as st

from model.network import Network
from pages.widgets.app.navigation import ensure_navigation, rerun_page_if_requested
from pages.widgets.digit.experiment_row import show_experiments
from pages.widgets.networks.mnist_predictions import read_mnist
from pages.widgets.networks.picker import choose_beside, choose_network, label
from pages.widgets.test_set.calibration import show_calibration_page
from pages.widgets.test_set.confusion import show_confusion
from pages.widgets.test_set.corruption import show_corruption
from pages.widgets.test_set.embedding_map import show_map
from pages.widgets.test_set.experiments import EXPERIMENTS
from pages.widgets.test_set.metrics import show_figures
from pages.widgets.test_set.mistakes import show_mistakes
from pages.widgets.test_set.pen_digit_results import show_pen_digits

ensure_navigation()

st.title("Test set")
st.markdown("See how often a network is right on 10,000 images that it has never seen, and where it goes wrong.")
show_experiments("test_set", EXPERIMENTS)
st.markdown(
    "MNIST's test images are kept out of training, so they tell how well a network reads what is new to it. Here is "
    "what the lesson's `model.evaluate` and `predict` give for them."
)

PARTS = {
    "Confusion": show_confusion,
    "Mistakes": show_mistakes,
    "Confidence": show_calibration_page,
    "Corruption": show_corruption,
    "Map": show_map,
}


def choose_two() -> dict[str, Network]:
    """The network to test and, if the visitor wants it, another one; by their names for people."""
    left, right = st.columns(2)
    with left:
        chosen, network = choose_network("network_test", "notebook")
    with right:
        beside = choose_beside(chosen, "network_beside")
    two = [(chosen, network), *([beside] if beside else [])]
    return {label(name): network for name, network in two if network}


@st.fragment
def look_at_answers() -> None:
    """All that a choice on this page changes."""
    rerun_page_if_requested()
    networks = choose_two()
    mnist = read_mnist()
    if not networks or not mnist:
        return
    show_figures(networks, mnist)
    part = st.segmented_control(
        "Part of this page",
        PARTS,
        default="Confusion",
        required=True,
        key="test_part",
        persist_state="session",
        label_visibility="collapsed",
    )
    PARTS[part](networks, mnist)


look_at_answers()
show_pen_digits()
