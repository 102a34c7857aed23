"""Bars that move while the pen draws: the browser reads the canvas itself until the server's answer comes."""

import hashlib
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from model.network import Network
from model.quantised import framed, pack
from pages.widgets.per_network import PerNetwork
from pages.widgets.reading import APART, SURE
from pages.widgets.sent import sent

browser_part = st.components.v2.component(
    "inkling_live",
    html='<p aria-live="polite"></p>',
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


class Packed(NamedTuple):
    """A network as browsers take it."""

    name: str  # made from its weights, so that another network never goes by it
    content: bytes


packed_networks: PerNetwork[Packed | None] = PerNetwork()


def packed(network: Network | None) -> Packed | None:
    """The network for browsers, packed once; None where there is none, or none that can be computed with."""
    if network is None:
        return None

    def compute() -> Packed | None:
        content = pack(network) if network.stays_finite else b""
        return Packed(hashlib.sha256(content).hexdigest()[:16], content) if content else None

    return packed_networks.get(network, compute)


@st.fragment
def show_live(networks: dict[str, Network | None]) -> None:
    """What moves the bars of these networks, in the order of their answers on the page.

    A browser that has drawn the page asks for the networks that it does not hold yet, one after the other.
    """
    by_place = [packed(network) for network in networks.values()]
    wanted = st.session_state.pop("wanted_network", None)
    content = next((each.content for each in by_place if each and each.name == wanted), b"")
    frame = {
        "networks": [each and each.name for each in by_place],
        "content": wanted if content else None,
        "sure": SURE,
        "apart": APART,
    }
    browser_part(data=framed(frame, content), key="live", on_wanted_change=take_wish)


def take_wish() -> None:
    """The browser lacks a network."""
    st.session_state["wanted_network"] = sent("live", "wanted")
