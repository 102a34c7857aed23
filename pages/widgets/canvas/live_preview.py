"""Bars that move while the pen draws: the browser reads the canvas itself until the server answers."""

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

from model.network import Network
from model.quantisation import pack
from pages.widgets.answer.answer_text import MIN_CONFIDENCE, MIN_MARGIN, NEARLY_CERTAIN, TEXTS
from pages.widgets.app.streamlit_patches import publish
from pages.widgets.networks.network_cache import NetworkCache
from pages.widgets.ui.browser_component import browser_component

# Where one of the server's latest answers was slow, a browser that answers by itself sends a drawing once the pen has
# rested: for longer than between two strokes of a digit, and for less time than people look at an answer.
SLOW_ANSWER = 0.25  # seconds
LATEST_ANSWERS = 20  # so where more than one answer in twenty is slow, everybody rests
REST = 0.8  # seconds

HERE = Path(__file__)
browser_part = browser_component(
    "live", HERE.with_name("mounts.js"), HERE.with_suffix(".js"), html='<p aria-live="polite"></p>'
)


class PackedNetwork(NamedTuple):
    """A network as browsers read it."""

    name: str  # made from the weights, so that no other network has it
    content: bytes


packed_networks: NetworkCache[PackedNetwork | None] = NetworkCache()


def packed_network(network: Network | None) -> PackedNetwork | None:
    """Return the network for browsers, packed once; None without a network, or with one that overflows."""
    if network is None:
        return None

    def compute() -> PackedNetwork | None:
        content = pack(network) if network.stays_finite else b""
        return PackedNetwork(hashlib.sha256(content).hexdigest(), content) if content else None

    return packed_networks.get(network, compute)


def address_of(network: Network | None) -> str | None:
    """Return the address below Streamlit's at which browsers may fetch the network while this page stands; None where
    they cannot: then the server answers alone.
    """
    content = packed_network(network)
    return publish(content.content, content.name) if content else None


def show_live_preview(networks: dict[str, Network | None]) -> None:
    """Have the browser move the bars of these networks, in the order of their answers on the page.

    Once the page stands, the browser fetches the networks that it does not hold yet, one after the other.
    """
    data = {
        "networks": [address_of(network) for network in networks.values()],
        "texts": TEXTS,
        "minConfidence": MIN_CONFIDENCE,
        "minMargin": MIN_MARGIN,
        "nearlyCertain": NEARLY_CERTAIN,
        "pace": {"slow": 1000 * SLOW_ANSWER, "latest": LATEST_ANSWERS, "rest": 1000 * REST},  # milliseconds
    }
    browser_part(data=json.dumps(data).encode(), key="live")
