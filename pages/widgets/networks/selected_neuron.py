"""The neuron that the visitor selected, by its number or by a click: the same on every page."""

from typing import Any

import streamlit as st

from model.ablation import Place
from model.network import LayerOutput, Network
from model.preprocessing import SIDE
from pages.widgets.ui.widget_sync import sync_widget


def layer_name(network: Network, layer: int) -> str:
    """Return a layer's name for people: all but the last are hidden layers."""
    return "Output" if layer == len(network.layers) - 1 else f"Hidden {layer + 1}"


def neurons_of(network: Network, layer: int) -> int:
    """Return how many neurons a layer has."""
    return network.layers[layer].biases.size


def select_neuron(layer: int, neuron: int) -> None:
    """Select a neuron."""
    st.session_state["selected_neuron"] = (layer, neuron)


def selected_neuron(network: Network, outputs: list[LayerOutput], layers: int) -> Place:
    """Return the selected neuron, or the closest one within the first `layers` layers of this network. At first, it is
    the one with the highest output in the first layer.
    """
    if "selected_neuron" not in st.session_state:
        select_neuron(0, int(outputs[0].a.argmax()))
    layer, neuron = st.session_state["selected_neuron"]
    layer = min(max(0, layer), layers - 1)
    return layer, min(max(0, neuron), neurons_of(network, layer) - 1)


def choose_neuron(network: Network, place: Place, layers: int) -> None:
    """Let the visitor select a neuron of the first `layers` layers by layer and number."""
    layer, neuron = place
    left, right = st.columns([2, 1])
    with left:
        st.segmented_control(
            "Layer",
            range(layers),
            default=sync_widget("layer", layer),
            format_func=lambda i: layer_name(network, i),
            required=True,
            key="layer",
            on_change=lambda: select_neuron(st.session_state["layer"], neuron),
        )
    with right:
        last = neurons_of(network, layer) - 1
        st.number_input(
            f"Neuron, 0 to {last}",
            0,
            last,
            sync_widget("neuron", neuron),
            key="neuron",
            on_change=lambda: select_neuron(layer, st.session_state["neuron"]),
        )


def click_neuron(mark: dict[str, Any]) -> None:
    """Select the neuron that was clicked on. A click on the input, the layer before the first, selects nothing."""
    if all(isinstance(mark.get(name), int) for name in ("layer", "neuron")) and mark["layer"] >= 0:
        select_neuron(mark["layer"], mark["neuron"])


def pixel_name(pixel: int) -> str:
    """Return a pixel's name for people."""
    return f"pixel {pixel} (row {pixel // SIDE}, column {pixel % SIDE}, both from 0)"


def place_name(network: Network, place: Place) -> str:
    """Return a neuron's name for people."""
    layer, neuron = place
    if layer == len(network.layers) - 1:
        return f"the output neuron of the digit {neuron}"
    return f"neuron {neuron} of the layer {layer_name(network, layer).lower()}"
