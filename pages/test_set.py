"""What networks make of the 10,000 test images: how often they are right, where they are wrong, how sure they are."""

import streamlit as st

from pages.widgets.app.navigation import ensure_navigation, rerun_page_if_requested
from pages.widgets.digit.experiment_row import show_experiments
from pages.widgets.networks.mnist_predictions import read_mnist
from pages.widgets.test_set.calibration import show_confidence
from pages.widgets.test_set.confusion import show_confusion
from pages.widgets.test_set.corruption import show_corruption
from pages.widgets.test_set.embedding_map import show_map
from pages.widgets.test_set.experiments import EXPERIMENTS
from pages.widgets.test_set.metrics import show_metrics
from pages.widgets.test_set.mistakes import show_confident_mistakes
from pages.widgets.test_set.page_settings import choose_part, choose_tested_networks
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
    "Mistakes": show_confident_mistakes,
    "Confidence": show_confidence,
    "Corruption": show_corruption,
    "Map": show_map,
}


@st.fragment
def show_results() -> None:
    """Show all that a choice on this page changes, and nothing else."""
    rerun_page_if_requested()
    networks, mnist = choose_tested_networks(), read_mnist()
    if networks and mnist:
        show_metrics(networks, mnist)
        PARTS[choose_part(PARTS)](networks, mnist)


show_results()
show_pen_digits()
