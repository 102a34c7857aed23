"""The choice of a network, kept for the session, and the networks themselves, shared by all visitors."""

import logging

import streamlit as st
from threadpoolctl import threadpool_limits

from model.network import BUNDLED_NAMES, Network, NetworkError, load_network

log = logging.getLogger(__name__)

LABELS = {"robust": "Robust", "notebook": "The notebook's"}
DESCRIPTIONS = {
    "robust": "Learned from MNIST, from people of several countries drawing with a pen on a tablet, and from digits "
    "drawn by code, all of them bent, stretched and written with other pens.",
    "notebook": "The lesson's network. Learned from MNIST's 60,000 training images as they are. "
    "Try a 0 with a slash: MNIST has hardly any.",
}
ACTIVATION_LABELS = {
    "linear": "linear",
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "softmax": "softmax",
}

# One drawing is too little work for several threads of NumPy's BLAS: where a core is busy, they wait for each other for
# longer than one takes alone.
threadpool_limits(limits=1)

cached_network = st.cache_resource(show_spinner=False)(load_network)


def choose_networks() -> dict[str, Network | None]:
    """The bundled network that the visitor chose, by its name for people, and on request the others after it.

    None, with the reason on the page, stands for one that cannot be read.
    """
    chosen = st.segmented_control(
        "Network",
        BUNDLED_NAMES,
        default=BUNDLED_NAMES[0],
        format_func=lambda name: LABELS[name],
        required=True,
        key="network",
        persist_state="session",
    )
    network = read_network(chosen)
    if network:
        st.caption(f"{DESCRIPTIONS[chosen]} {architecture(network)}.")
    networks = {LABELS[chosen]: network}
    if st.toggle("Show both networks' answers", key="compare", persist_state="session"):
        networks |= {LABELS[name]: read_network(name) for name in BUNDLED_NAMES if name != chosen}
    return networks


def read_network(name: str) -> Network | None:
    """A bundled network; None, with the reason on the page, where it cannot be read."""
    try:
        return cached_network(name)
    except NetworkError as error:
        log.exception("A bundled network cannot be read.")
        st.error(str(error))
        return None


def architecture(network: Network) -> str:
    """The network in one line."""
    inputs = network.layers[0].weights.shape[0]
    layers = ", ".join(f"{layer.biases.size} {ACTIVATION_LABELS[layer.activation]}" for layer in network.layers)
    parameters = sum(layer.weights.size + layer.biases.size for layer in network.layers)
    return f"{inputs} inputs, then layers of neurons: {layers}; {parameters:,} parameters"
