"""What to try on the page Inside."""

import streamlit as st

from model.ablation import NeuronAblation
from pages.widgets.digit.digit_view import pin_image
from pages.widgets.digit.experiment_row import Experiment
from pages.widgets.inside.ablation import neuron_ablations, reset_ablation
from pages.widgets.networks.mnist_predictions import EXAMPLE
from pages.widgets.networks.selected_neuron import select_neuron

NETWORK = "notebook"
LAYER, NEURON = 1, 20  # without it, the example is read as something else


def show_example() -> None:
    """The notebook's network, with nothing broken, reads the example, and all of its neurons are seen."""
    st.session_state.update(network_inside=NETWORK, view="Every neuron")
    reset_ablation(NETWORK)
    pin_image(EXAMPLE)


def prune_half() -> None:
    """Take half of the weights away."""
    show_example()
    st.session_state["pruned"] = 50


def switch_neuron_off() -> None:
    """Take one neuron away."""
    show_example()
    select_neuron(LAYER, NEURON)
    neuron_ablations(NETWORK)[LAYER, NEURON] = NeuronAblation(is_off=True)


def remove_biases() -> None:
    """All of them."""
    show_example()
    st.session_state["no_biases"] = True


EXPERIMENTS = {
    "Half the weights gone": Experiment(
        prune_half,
        "It still reads this 5, and 96.80% of the test images instead of 97.45%: the half nearest to 0 does little. "
        "Under [Break it](#break-it), prune 80%: 82.28% are left. Then choose *Robust*: it still reads 97.72%.",
    ),
    "One neuron off": Experiment(
        switch_neuron_off,
        f"Neuron {NEURON} of hidden layer {LAYER + 1} is off: its frame is yellow, and the pink one around it says "
        "that it is picked. This 5 is read as a 6. But of all test images 97.36% are still read right: what one neuron "
        "knows, others know, too. Switch it on again under [Break it](#break-it), and others off.",
    ),
    "No biases": Experiment(
        remove_biases,
        "Every sum starts from 0 now. It still reads this 5, and 97.11% of the test images instead of 97.45%: most of "
        "what it knows is in its weights. Now add noise to them under [Break it](#break-it): how much can it take?",
    ),
}
