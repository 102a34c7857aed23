"""Bars that move while the pen draws: the browser reads the canvas itself until the server's answer comes."""

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from model.network import Network
from model.quantisation import pack
from pages.widgets.answer.probability_bars import INVITATION, MIN_CONFIDENCE, MIN_MARGIN
from pages.widgets.app.streamlit_patches import publish
from pages.widgets.networks.network_cache import NetworkCache

# Where one of the server's latest answers was slow, a browser that answers by itself sends a drawing once the pen
# has rested: for longer than between a digit's strokes, and not as long as people look at an answer.
SLOW_ANSWER = 0.25  # seconds
LATEST_ANSWERS = 20  # so that only one answer in twenty is slow, or everybody rests
REST = 0.8  # seconds

browser_part = st.components.v2.component(
    "inkling_live",
    html='<p aria-live="polite"></p>',
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


class PackedNetwork(NamedTuple):
    """A network as browsers take it."""

    name: str  # made from its weights, so that another network never goes by it
    content: bytes


packed_networks: NetworkCache[PackedNetwork | None] = NetworkCache()


def packed_network(network: Network | None) -> PackedNetwork | None:
    """The network for browsers, packed once; None where there is none, or none that can be computed with."""
    if network is None:
        return None

    def compute() -> PackedNetwork | None:
        content = pack(network) if network.stays_finite else b""
        return PackedNetwork(hashlib.sha256(content).hexdigest(), content) if content else None

    return packed_networks.get(network, compute)


def address_of(network: Network | None) -> str | None:
    """Return the address below Streamlit's at which browsers may fetch the network while this page stands; None where
    they cannot, and the server answers alone.
    """
    content = packed_network(network)
    return publish(content.content, content.name) if content else None


def show_live_preview(networks: dict[str, Network | None]) -> None:
    """What moves the bars of these networks, in the order of their answers on the page.

    A browser that has drawn the page fetches the networks that it does not hold yet, one after the other.
    """
    data = {
        "networks": [address_of(network) for network in networks.values()],
        "invitation": INVITATION,
        "sure": MIN_CONFIDENCE,
        "apart": MIN_MARGIN,
        "pace": {"slow": 1000 * SLOW_ANSWER, "latest": LATEST_ANSWERS, "rest": 1000 * REST},  # milliseconds
    }
    browser_part(data=json.dumps(data).encode(), key="live")
