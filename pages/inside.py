"""Forward propagation of a digit: layer by layer, neuron by neuron, and what happens when something breaks."""

import streamlit as st

from pages.widgets.answer.probability_bars import show_answers
from pages.widgets.app.navigation import ensure_navigation, rerun_page_if_requested
from pages.widgets.digit.digit_view import show_digit_view
from pages.widgets.digit.experiment_row import show_experiments
from pages.widgets.inside.ablation import (
    ablated_network,
    ablation_of,
    neurons_off,
    show_ablation_controls,
    show_ablation_effect,
    zero_activations,
)
from pages.widgets.inside.all_layers import show_all_layers
from pages.widgets.inside.experiments import EXPERIMENTS
from pages.widgets.inside.softmax import show_softmax
from pages.widgets.inside.weighted_sum import show_weighted_sum
from pages.widgets.networks.picker import label
from pages.widgets.networks.selected_neuron import choose_neuron, selected_neuron

ensure_navigation()

st.title("Inside the network")
st.markdown("Follow a digit through the network, layer by layer and neuron by neuron, then break parts of it.")
show_experiments("inside", EXPERIMENTS)


@st.fragment
def look_inside() -> None:
    """Show all that a stroke, a click on a neuron or something broken changes."""
    rerun_page_if_requested()
    shown = show_digit_view()
    ablation, x = ablation_of(shown.name), shown.subject.vector
    network = ablated_network(shown.network, ablation)
    off = neurons_off(ablation)
    outputs = zero_activations(network.forward(x), off)
    place = selected_neuron(network, outputs, len(network.layers))
    with shown.answer:
        show_answers({label(shown.name): outputs[-1].a}, shown.subject.pixels)

    with shown.view:
        show_all_layers(network, outputs, shown.subject, place, off)

    st.subheader("One neuron, weighed")
    choose_neuron(network, place, len(network.layers))
    show_weighted_sum(network, outputs, shown.subject, place)
    if place in off:
        st.info("This neuron is switched off: it passes on 0, whatever its sum is.")

    st.subheader("Softmax, step by step")
    show_softmax(outputs[-1].z)

    st.subheader("Break it")
    st.markdown("No neuron holds the answer alone. How much can you break before the answer changes?")
    show_ablation_effect(shown.network, network, ablation, x, shown.mnist)
    show_ablation_controls(shown.name, network, place)


look_inside()
