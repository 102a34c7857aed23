"""The choice of a network, kept for the session, and the networks themselves, shared by all visitors."""

import logging

import streamlit as st

from model.network import BUNDLED_NAMES, Network, NetworkError, load_network

log = logging.getLogger(__name__)

LABELS = {"notebook": "The notebook's"}
ACTIVATION_LABELS = {
    "linear": "linear",
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "softmax": "softmax",
}

cached_network = st.cache_resource(show_spinner=False)(load_network)


def choose_network() -> Network | None:
    """A choice of the bundled networks; None, with the reason on the page, where the chosen one cannot be read."""
    name = st.segmented_control(
        "Network",
        BUNDLED_NAMES,
        default=BUNDLED_NAMES[0],
        format_func=lambda name: LABELS[name],
        required=True,
        key="network",
        persist_state="session",
    )
    try:
        network = cached_network(name)
    except NetworkError as error:
        log.exception("A bundled network cannot be read.")
        st.error(str(error))
        return None
    st.caption(architecture(network))
    return network


def architecture(network: Network) -> str:
    """The network in one line."""
    inputs = network.layers[0].weights.shape[0]
    layers = ", ".join(f"{layer.biases.size} {ACTIVATION_LABELS[layer.activation]}" for layer in network.layers)
    parameters = sum(layer.weights.size + layer.biases.size for layer in network.layers)
    return f"{inputs} inputs, then layers of neurons: {layers}; {parameters:,} parameters"
