"""The session's gallery: drawings with what was read in them and what they really were."""

from datetime import UTC, datetime

import streamlit as st

from model.files.gallery_file import MOST_KEPT, MOST_MOVES, Kept
from model.files.strokes import Stroke


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


def keep_all(gallery: list[Kept], brought: list[Kept]) -> tuple[int, int]:
    """Add what a gallery does not have, as far as there is room: how many were added, and how many were there."""
    known = {one.strokes: one for one in gallery}
    moves = sum(one.moves for one in gallery)
    before = len(gallery)
    new = [one for one in brought if known.setdefault(one.strokes, one) is one]
    for one in new:
        if len(gallery) < MOST_KEPT and moves + one.moves <= MOST_MOVES:
            gallery.append(one)
            moves += one.moves
    return len(gallery) - before, len(brought) - len(new)


def now() -> str:
    """The time, as it is kept."""
    return datetime.now(UTC).isoformat(timespec="seconds")
