"""Bars that move while the pen draws: the browser reads the canvas itself until the server's answer comes."""

import hashlib
import json
import logging
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit import runtime

from model.network import Network
from model.quantised import pack
from pages.widgets.per_network import PerNetwork
from pages.widgets.reading import APART, INVITATION, SURE

log = logging.getLogger(__name__)

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
        return Packed(hashlib.sha256(content).hexdigest(), content) if content else None

    return packed_networks.get(network, compute)


def publish(network: Network | None) -> str | None:
    """Return the address below Streamlit's at which browsers may fetch the network while this page stands; None where
    they cannot, and the server answers alone.

    It is where Streamlit keeps pictures, but has no public way to put anything else; `st.image` does the same.
    """
    content = packed(network)
    if content is None:
        return None
    try:
        # Its type says that it is compressed, or Streamlit would do that for each visitor. Its name tells it from all
        # others: Streamlit compares large files by some of their bytes only.
        address = runtime.get_instance().media_file_mgr.add(
            content.content, "application/gzip", f"live {content.name}", file_name=content.name
        )
    except (AttributeError, RuntimeError, TypeError):
        log.warning("Streamlit has no place for networks: browsers do not read by themselves.", exc_info=True)
        return None
    return address


def show_live(networks: dict[str, Network | None]) -> None:
    """What moves the bars of these networks, in the order of their answers on the page.

    A browser that has drawn the page fetches the networks that it does not hold yet, one after the other.
    """
    data = {
        "networks": [publish(network) for network in networks.values()],
        "invitation": INVITATION,
        "sure": SURE,
        "apart": APART,
        "pace": {"slow": 1000 * SLOW_ANSWER, "latest": LATEST_ANSWERS, "rest": 1000 * REST},  # milliseconds
    }
    browser_part(data=json.dumps(data).encode(), key="live")
