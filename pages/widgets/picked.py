"""The neuron that the visitor picked, by number or by a click."""

from typing import Any

import streamlit as st

from model.damage import Place
from model.network import LayerOutput, Network


def layer_name(network: Network, layer: int) -> str:
    """A layer for people: those before the last one are hidden."""
    return "Output" if layer == len(network.layers) - 1 else f"Hidden {layer + 1}"


def neurons_of(network: Network, layer: int) -> int:
    """How many neurons a layer has."""
    return network.layers[layer].biases.size


def pick(layer: int, neuron: int) -> None:
    """Pick a neuron."""
    st.session_state["picked"] = (layer, neuron)


def picked(network: Network, outputs: list[LayerOutput], layers: int) -> Place:
    """The neuron that was picked, if it is in the first `layers` layers of this network, or one close to it; at first
    the one of the first layer that puts out most.
    """
    if "picked" not in st.session_state:
        pick(0, int(outputs[0].a.argmax()))
    layer, neuron = st.session_state["picked"]
    layer = min(max(0, layer), layers - 1)
    return layer, min(max(0, neuron), neurons_of(network, layer) - 1)


def show_as(key: str, value: Any) -> None:
    """Have a widget show a value. What is set is sent to the browser, over what the visitor may have done there in the
    meantime, so it is set only where it is another one.
    """
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def choose_neuron(network: Network, place: Place, layers: int) -> None:
    """Pick a neuron of the first `layers` layers by layer and number. It is the same on every page."""
    layer, neuron = place
    show_as("layer", layer)
    show_as("neuron", neuron)
    left, right = st.columns([2, 1])
    with left:
        st.segmented_control(
            "Layer",
            range(layers),
            format_func=lambda i: layer_name(network, i),
            required=True,
            key="layer",
            on_change=lambda: pick(st.session_state["layer"], neuron),
        )
    with right:
        last = neurons_of(network, layer) - 1
        st.number_input(
            f"Neuron, 0 to {last}",
            0,
            last,
            key="neuron",
            on_change=lambda: pick(layer, st.session_state["neuron"]),
        )


def place_name(network: Network, place: Place) -> str:
    """A neuron for people."""
    layer, neuron = place
    if layer == len(network.layers) - 1:
        return f"the output neuron of the digit {neuron}"
    return f"neuron {neuron} of the layer {layer_name(network, layer).lower()}"
