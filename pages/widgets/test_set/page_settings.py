"""What the visitor chooses for the whole page: one network or two, which of them to look at, and the part to see."""

from collections.abc import Collection

import streamlit as st

from model.network import Network
from pages.widgets.networks.picker import NO_OTHER, choose_beside, choose_network, label
from pages.widgets.ui.widget_sync import sync_widget

# Keys of the session
NETWORK, BESIDE, PART = "network_test", "network_beside", "test_part"
VIEWED, VIEWED_CHOICE = "viewed_network", "viewed_network_choice"


def choose_tested_networks() -> dict[str, Network]:
    """Let the visitor choose the network to test and, if wanted, one to compare it with. Return them by their names for
    people, without those that cannot be read.
    """
    left, right = st.columns(2)
    with left:
        chosen, network = choose_network(NETWORK, "notebook")
    with right:
        beside = choose_beside(chosen, BESIDE)
    pair = [(chosen, network), *([beside] if beside else [])]
    return {label(name): network for name, network in pair if network}


def tested_network() -> str:
    """Return the name of the network that the visitor chose to test."""
    name: str = st.session_state[NETWORK]
    return name


def choose_part(parts: Collection[str]) -> str:
    """Let the visitor choose a part of the page; at first, it is the first part."""
    part: str = st.segmented_control(
        "Part of this page",
        parts,
        default=next(iter(parts)),
        required=True,
        key=PART,
        persist_state="session",
        label_visibility="collapsed",
    )
    return part


def preselect_part(part: str, network: str = "notebook", beside: str = NO_OTHER) -> None:
    """Show a part of the page for one network or two. To be called in a callback."""
    st.session_state.update({PART: part, NETWORK: network, BESIDE: beside})
    view_network(label(network))


def view_network(name: str) -> None:
    """Show the images of a network. name: for people."""
    st.session_state[VIEWED] = name


def viewed_network(networks: dict[str, Network]) -> str:
    """Return the name for people of the network whose images are shown: at first, it is the first network."""
    name: str = st.session_state.get(VIEWED, "")
    return name if name in networks else next(iter(networks))


def choose_viewed_network(networks: dict[str, Network], question: str) -> str:
    """Let the visitor choose one of two networks to look at; return the name of the network for people."""
    name = viewed_network(networks)
    if len(networks) > 1:
        st.segmented_control(
            question,
            list(networks),
            default=sync_widget(VIEWED_CHOICE, name),
            required=True,
            key=VIEWED_CHOICE,
            on_change=lambda: view_network(st.session_state[VIEWED_CHOICE]),
        )
    return name
