"""All layers of a network at one look: every neuron as a cell, or the strongest ones as nodes and lines."""

import streamlit as st

from model.ablation import Place
from model.network import LayerOutput, Network
from pages.widgets.digit.digit_view import SelectedDigit
from pages.widgets.inside.activation_grid import show_layers
from pages.widgets.inside.node_link import show_node_link

VIEW_KEY = "view"  # of the choice
EVERY_NEURON, NODES_AND_LINES = "Every neuron", "Nodes and lines"


def show_every_neuron() -> None:
    """Choose the view in which all neurons are seen. To be called in a callback."""
    st.session_state[VIEW_KEY] = EVERY_NEURON


def show_all_layers(
    network: Network, outputs: list[LayerOutput], subject: SelectedDigit, place: Place, off: list[Place]
) -> None:
    """Show the layers in the view that the visitor chose. off: the neurons that are switched off."""
    st.markdown(
        "**Forward propagation** is the way from the input to the answer. Each neuron of a layer multiplies its inputs "
        "by their weights and adds them up, with its bias; its activation function turns the sum into its output. The "
        "next layer does the same with these outputs, up to the last layer's ten."
    )
    view = st.segmented_control(
        "All layers at once",
        [EVERY_NEURON, NODES_AND_LINES],
        default=EVERY_NEURON,
        required=True,
        key=VIEW_KEY,
        persist_state="session",
    )
    if view == NODES_AND_LINES:
        show_node_link(network, outputs, subject, place)
        return
    show_layers(network, outputs, subject, place, off)
    st.caption(
        "A cell is as bright as its neuron's output, compared with the largest of its layer; an output below 0 is "
        "blue. A neuron fires when its sum $z$ is above 0. Click one to pick it: its frame is pink."
        + (" A neuron that is switched off has a yellow frame." if off else "")
    )
