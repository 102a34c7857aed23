"""The challenge: draw each digit once, in random order; every network gets a score."""

import random
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from model.bundled_networks import BUNDLED_NAMES
from model.files.strokes import Stroke
from model.mnist import as_vectors
from model.network import Network
from model.wording import with_article
from pages.widgets.canvas.component import receive_late_stroke, sketchbook
from pages.widgets.gallery.view import keep_drawing
from pages.widgets.networks.picker import label, read_network
from pages.widgets.networks.session_networks import session_networks


def shuffled_digits() -> list[int]:
    """The ten digits."""
    return random.sample(range(10), 10)


@dataclass
class Challenge:
    """Which digits are asked for, and what each network, by its name for people, read in those that were drawn."""

    asked: list[int] = field(default_factory=shuffled_digits)
    read: list[dict[str, int]] = field(default_factory=list)
    taken: set[tuple[Stroke, ...]] = field(default_factory=set)  # drawings

    @property
    def is_over(self) -> bool:
        """Whether all were drawn."""
        return len(self.read) == len(self.asked)


def current_challenge() -> Challenge | None:
    """The session's, if it is on."""
    return st.session_state.get("challenge")


def show_challenge_start() -> None:
    """How it goes, and a button."""
    expander = st.expander("Challenge: all ten digits", on_change="rerun", key="challenge_opened")
    if not expander.open:
        return
    with expander:
        st.markdown(
            "You are asked for each digit once, in random order. At the end you see how many of your ten drawings each "
            "network read right."
        )
        st.button("Start", key="start_challenge", on_click=start_challenge)


def start_challenge() -> None:
    """Begin, or begin again, with an empty canvas."""
    current = st.session_state["challenge"] = Challenge()
    st.session_state["whole_number"] = False
    sketchbook().clear()
    st.toast(f"It has begun: draw {with_article(current.asked[0])} on the canvas, above.")


def stop_challenge() -> None:
    """End it."""
    st.session_state["challenge"] = None


def show_challenge(networks: dict[str, Network | None]) -> None:
    """The digit that is asked for, or the scores. networks: by their names for people, the chosen one first."""
    current = current_challenge()
    if current is None:
        return
    if current.is_over:
        show_scores(current)
        return
    number, digit = len(current.read) + 1, current.asked[len(current.read)]
    with st.container(horizontal=True, vertical_alignment="center", key="challenge"):
        st.markdown(f"Draw **{with_article(digit)}** ({number} of {len(current.asked)})")
        st.button(
            "Done",
            type="primary",
            key="challenge_done",
            on_click=submit_drawing,
            args=next(iter(networks.items())),
        )
        st.button("Stop", key="challenge_stop", on_click=stop_challenge)


def submit_drawing(name: str, network: Network | None) -> None:
    """Let every network read what is on the canvas, keep it in the gallery, and ask for the next digit."""
    current, book = current_challenge(), sketchbook()
    receive_late_stroke()
    if current is None or current.is_over:
        return
    if book.pixels is None:
        st.toast(f"Draw {with_article(current.asked[len(current.read)])} first.")
        return
    if book.drawing.strokes in current.taken:  # undo, for one, has brought it back
        st.toast(f"This one has been taken: draw {with_article(current.asked[len(current.read)])}.")
        return
    current.taken.add(book.drawing.strokes)
    if network:
        keep_drawing(name, network, current.asked[len(current.read)])
    vector = as_vectors(book.pixels)[0]
    current.read.append({each: int(one.predict(vector).argmax()) for each, one in readable_networks().items()})
    book.clear()


def readable_networks() -> dict[str, Network]:
    """Those that can be read, by their names for people."""
    networks = {label(name): read_network(name) for name in (*BUNDLED_NAMES, *session_networks())}
    return {name: network for name, network in networks.items() if network}


def show_scores(current: Challenge) -> None:
    """How many of the ten each network read right, and what it took for what."""
    rows = []
    for name in current.read[0]:
        read = [answers.get(name) for answers in current.read]  # a network may have gone
        wrong = [f"{digit} as {as_}" for digit, as_ in sorted(zip(current.asked, read, strict=True)) if digit != as_]
        rows.append((name, f"{len(current.asked) - len(wrong)} of {len(current.asked)}", ", ".join(wrong) or "nothing"))
    st.markdown("**The challenge is over.**")
    st.table(pd.DataFrame(rows, columns=["Network", "read right", "read wrong"]), hide_index=True)
    with st.container(horizontal=True):
        st.button("Again", key="challenge_again", on_click=start_challenge)
        st.button("Close", key="challenge_close", on_click=stop_challenge)
