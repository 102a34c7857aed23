"""Forward propagation of a digit: layer by layer, neuron by neuron, and what happens when something breaks."""

import streamlit as st

from model.ablation import Place
from model.network import LayerOutput, Network
from pages.widgets.answer.probability_bars import show_answers
from pages.widgets.app.navigation import ensure_navigation, rerun_page_if_requested
from pages.widgets.digit.digit_view import SelectedDigit, show_digit_view
from pages.widgets.digit.experiment_row import show_experiments
from pages.widgets.inside.ablation import (
    ablated_network,
    ablation_of,
    neurons_off,
    show_ablation_controls,
    show_ablation_effect,
    zero_activations,
)
from pages.widgets.inside.activation_grid import show_layers
from pages.widgets.inside.experiments import EXPERIMENTS
from pages.widgets.inside.node_link import show_node_link
from pages.widgets.inside.softmax import show_softmax
from pages.widgets.inside.weighted_sum import show_weighted_sum
from pages.widgets.networks.picker import label
from pages.widgets.networks.selected_neuron import choose_neuron, selected_neuron

ensure_navigation()

st.title("Inside the network")
st.markdown("Follow a digit through the network, layer by layer and neuron by neuron, and break some of them.")
show_experiments("inside", EXPERIMENTS)


def show_all_layers(
    network: Network, outputs: list[LayerOutput], subject: SelectedDigit, place: Place, off: list[Place]
) -> None:
    """The whole way at one look, right below the canvas."""
    st.markdown(
        "**Forward propagation** is the way from the input to the answer. Each neuron of a layer adds up what comes "
        "in, each input times its weight, and its bias; its activation function makes of the sum what it puts out. "
        "The next layer does the same with what this one puts out, up to the ten outputs."
    )
    view = st.segmented_control(
        "All layers at once",
        ["Every neuron", "Nodes and lines"],
        default="Every neuron",
        required=True,
        key="view",
        persist_state="session",
    )
    if view == "Nodes and lines":
        show_node_link(network, outputs, subject, place)
        return
    show_layers(network, outputs, subject, place, off)
    st.caption(
        "A cell is as bright as what its neuron puts out, measured by the largest of its layer; what is below 0 is "
        "blue. A neuron fires when its sum $z$ is above 0. Click one to pick it: its frame is pink"
        + (". Those that are switched off have a yellow frame." if off else ".")
    )


@st.fragment
def look_inside() -> None:
    """All that a stroke, a pick or a breakage changes."""
    rerun_page_if_requested()
    shown = show_digit_view()
    ablation = ablation_of(shown.name)
    network = ablated_network(shown.network, ablation)
    off = neurons_off(ablation)
    outputs = zero_activations(network.forward(shown.subject.vector), off)
    place = selected_neuron(network, outputs, len(network.layers))
    with shown.answer:
        show_answers({label(shown.name): outputs[-1].a}, shown.subject.pixels)

    with shown.view:
        show_all_layers(network, outputs, shown.subject, place, off)

    st.subheader("One neuron, weighed")
    choose_neuron(network, place, len(network.layers))
    show_weighted_sum(network, outputs, shown.subject, place)
    if place in off:
        st.info("This neuron is switched off: it sends on 0, whatever its sum is.")

    st.subheader("Softmax, step by step")
    show_softmax(outputs[-1].z)

    st.subheader("Break it")
    st.markdown("Nothing sits in one neuron alone. How much can go before the answer does?")
    show_ablation_effect(shown.network, network, ablation, shown.subject.vector, shown.mnist)
    show_ablation_controls(shown.name, network, place)


look_inside()
