"""The choice of a network: a bundled one, which all visitors share, or one of the session's own."""

import logging
from collections.abc import Sequence

import streamlit as st
from threadpoolctl import threadpool_limits

from model.bundled_networks import BUNDLED_NAMES, load_network
from model.network import ACTIVATIONS, Network, NetworkError
from pages.widgets.networks.session_networks import session_networks

log = logging.getLogger(__name__)

NO_OTHER = "None"
LABELS = {"robust": "Robust", "notebook": "Simple"}
DESCRIPTIONS = {
    "robust": "Learned from MNIST, from digits that people of several countries drew with a pen on a tablet, and from "
    "digits drawn by code, all of them bent, stretched and drawn with pens of other widths.",
    "notebook": "The network of the lesson's notebook. Learned from MNIST's 60,000 training images as they are. "
    "Try a 0 with a slash: MNIST has hardly any.",
}

# One drawing is too little work for several threads of NumPy's BLAS: if a core is busy, they wait for each other for
# longer than one thread takes alone.
threadpool_limits(limits=1)


cached_network = st.cache_resource(show_spinner=False)(load_network)


def choose_network(key: str = "network", first: str = BUNDLED_NAMES[0]) -> tuple[str, Network | None]:
    """Let the visitor choose a network; return its name and the network. first: the name to begin with.

    The network is None, with an error on the page, if it cannot be read.
    """
    own = session_networks()
    chosen = choose_one("Network", (*BUNDLED_NAMES, *own), first, key)
    network = read_network(chosen)
    if network:
        description = own[chosen].description if chosen in own else DESCRIPTIONS[chosen]
        st.caption(description, help=f"{architecture(network)}.")
    return chosen, network


def choose_one(question: str, names: Sequence[str], first: str, key: str) -> str:
    """Let the visitor choose one of the names; `first` to begin with, and whenever the chosen one is gone."""
    kept: str = st.session_state.get(key, "")
    if kept not in names:
        kept = st.session_state[key] = first  # not the widget's default, because another page may have set it
    st.segmented_control(question, names, format_func=label, required=True, key=key, persist_state="session")
    chosen: str | None = st.session_state[key]
    return chosen or kept  # a widget that is new on a page may only take up its value after this run


def choose_beside(chosen: str, key: str) -> tuple[str, Network | None] | None:
    """Let the visitor choose a network to compare with the chosen one; None, or what `choose_network` returns."""
    others = [name for name in (*BUNDLED_NAMES, *session_networks()) if name != chosen]
    beside = choose_one("Compare with", (NO_OTHER, *others), NO_OTHER, key)
    return None if beside == NO_OTHER else (beside, read_network(beside))


def choose_for_drawing(name: str, network: Network) -> None:
    """Have the Draw page use a new network; once, so that the visitor can choose another one there."""
    if st.session_state.get("chosen_for_drawing") is not network:
        st.session_state.update(network=name, chosen_for_drawing=network)


def choose_networks() -> dict[str, Network | None]:
    """Let the visitor choose a network; return it by its label, and on request all others after it."""
    chosen, network = choose_network()
    networks = {label(chosen): network}
    own = session_networks()
    which = "all" if own else "both"
    if st.toggle(f"Show {which} networks' answers", key="compare", persist_state="session"):
        networks |= {label(name): read_network(name) for name in (*BUNDLED_NAMES, *own) if name != chosen}
    return networks


def preselect_networks(chosen: str, compare: bool) -> None:
    """Have `choose_networks` start from this network. compare: whether to show the others' answers, too. To be called
    in a callback.
    """
    st.session_state.update(network=chosen, compare=compare)


def label(name: str) -> str:
    """Return a network's name for people."""
    return LABELS.get(name, name)


def read_network(name: str) -> Network | None:
    """Return a bundled network or one of this session; None, with an error on the page, if it cannot be read."""
    if name in session_networks():
        return session_networks()[name].network
    try:
        return cached_network(name)
    except NetworkError as error:
        log.exception("A bundled network cannot be read.")
        st.error(str(error))
        return None


def architecture(network: Network) -> str:
    """Return a line about the network's layers and parameters."""
    inputs = network.layers[0].weights.shape[0]
    layers = ", ".join(f"{layer.biases.size} {ACTIVATIONS[layer.activation].label}" for layer in network.layers)
    parameters = sum(layer.weights.size + layer.biases.size for layer in network.layers)
    return f"{inputs} inputs, then layers of neurons: {layers}; {parameters:,} parameters"
