"""The challenge: draw each digit once, in random order; every network gets a score."""

import random
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from model.bundled_networks import BUNDLED_NAMES
from model.files.strokes import Stroke
from model.mnist import as_vectors
from model.network import Network
from model.number_format import with_article
from pages.widgets.canvas.component import drawing_history, receive_late_stroke
from pages.widgets.digit.canvas_settings import end_whole_number
from pages.widgets.gallery.view import keep_drawing
from pages.widgets.networks.picker import label, read_network
from pages.widgets.networks.session_networks import session_networks


@dataclass
class Challenge:
    """The digits that are asked for, and what each network, by its name for people, read in those drawn so far."""

    asked: list[int] = field(default_factory=lambda: random.sample(range(10), 10))
    read: list[dict[str, int]] = field(default_factory=list)
    drawings: set[tuple[Stroke, ...]] = field(default_factory=set)

    @property
    def digit(self) -> int | None:
        """Return the digit to draw now; None when all are drawn."""
        return self.asked[len(self.read)] if len(self.read) < len(self.asked) else None


def current_challenge() -> Challenge | None:
    """Return the session's challenge, if there is one."""
    return st.session_state.get("challenge")


def show_challenge_start() -> None:
    """Show an expander with what the challenge is, and the button that starts it."""
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
    """Begin a new challenge with an empty canvas."""
    challenge = st.session_state["challenge"] = Challenge()
    end_whole_number()
    drawing_history().clear()
    st.toast(f"It has begun: draw {with_article(challenge.asked[0])} on the canvas, above.")


def stop_challenge() -> None:
    """End the challenge."""
    st.session_state["challenge"] = None


def show_challenge(networks: dict[str, Network | None]) -> None:
    """Show the digit to draw now, or the scores. networks: by their names for people, the chosen one first."""
    challenge = current_challenge()
    if challenge is None:
        return
    if challenge.digit is None:
        show_scores(challenge)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="challenge"):
        number = f"{len(challenge.read) + 1} of {len(challenge.asked)}"
        st.markdown(f"Draw **{with_article(challenge.digit)}** ({number})")
        chosen = next(iter(networks.items()))
        st.button("Done", type="primary", key="challenge_done", on_click=submit_drawing, args=chosen)
        st.button("Stop", key="challenge_stop", on_click=stop_challenge)


def submit_drawing(name: str, network: Network | None) -> None:
    """Let every network read what is on the canvas, keep it in the gallery, and ask for the next digit."""
    challenge, history = current_challenge(), drawing_history()
    receive_late_stroke()
    if challenge is None or challenge.digit is None:
        return
    if history.pixels is None:
        st.toast(f"Draw {with_article(challenge.digit)} first.")
        return
    if history.drawing.strokes in challenge.drawings:  # undo, for one, has brought it back
        st.toast(f"You have handed this one in already: draw {with_article(challenge.digit)}.")
        return
    challenge.drawings.add(history.drawing.strokes)
    if network:
        keep_drawing(name, network, challenge.digit)
    vector = as_vectors(history.pixels)[0]
    networks = {label(each): read_network(each) for each in (*BUNDLED_NAMES, *session_networks())}
    challenge.read.append({each: int(one.predict(vector).argmax()) for each, one in networks.items() if one})
    history.clear()


def show_scores(challenge: Challenge) -> None:
    """Show how many of the ten drawings each network read right, and its mistakes."""
    rows = []
    for name in challenge.read[0]:
        read = [answers.get(name) for answers in challenge.read]  # None where the network has gone meanwhile
        pairs = sorted(zip(challenge.asked, read, strict=True))
        wrong = [f"{digit} as {answer}" for digit, answer in pairs if digit != answer]
        rows.append((name, f"{len(pairs) - len(wrong)} of {len(pairs)}", ", ".join(wrong) or "nothing"))
    st.markdown("**The challenge is over.**")
    st.table(pd.DataFrame(rows, columns=["Network", "read right", "read wrong"]), hide_index=True)
    with st.container(horizontal=True):
        st.button("Again", key="challenge_again", on_click=start_challenge)
        st.button("Close", key="challenge_close", on_click=stop_challenge)
