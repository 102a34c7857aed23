"""The session's gallery: drawings with what was read in them and what they really were."""

from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import streamlit as st

from pages.widgets.drawing import Stroke
from pages.widgets.reading import Probabilities

MOST_KEPT = 200  # drawings
MOST_MOVES = 100_000  # of the pen, in all of them


class Kept(NamedTuple):
    """A drawing, what a network read in it, and what it was."""

    strokes: tuple[Stroke, ...]
    picture: npt.NDArray[np.uint8]  # [28, 28], what the network saw
    network: str  # its name for people
    probabilities: Probabilities  # [10]
    truth: int  # 0 to 9
    time: str  # of the answer: 2026-11-23T21:05:00+00:00

    @property
    def read(self) -> int:
        """The digit that the network read."""
        return int(self.probabilities.argmax())

    @property
    def moves(self) -> int:
        """How many moves of the pen it is made of, with the ones that put it down."""
        return sum(1 + len(stroke.path) for stroke in self.strokes)


def kept() -> list[Kept]:
    """The session's gallery, in the order kept."""
    gallery: list[Kept] = st.session_state.setdefault("kept", [])
    return gallery


def fits(gallery: list[Kept], one: Kept) -> bool:
    """Whether a gallery has room for one more. Its file can be brought back as long as all in it did."""
    return len(gallery) < MOST_KEPT and sum(each.moves for each in (*gallery, one)) <= MOST_MOVES


def place_of(strokes: tuple[Stroke, ...]) -> int | None:
    """The place in the gallery of the drawing with these strokes, if it is there."""
    return next((i for i, one in enumerate(kept()) if one.strokes == strokes), None)


def keep(one: Kept) -> bool:
    """Add a drawing, or say anew what one that is there was; whether there was room for it."""
    place = place_of(one.strokes)
    if place is not None:
        kept()[place] = one
    elif fits(kept(), one):
        kept().append(one)
    else:
        return False
    return True


def now() -> str:
    """The time, as it is kept."""
    return datetime.now(UTC).isoformat(timespec="seconds")
