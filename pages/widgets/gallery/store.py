"""The session's gallery: drawings with what was read in them and what they really were."""

from datetime import UTC, datetime

import streamlit as st

from model.files.gallery_file import GalleryItem
from model.files.limits import MAX_GALLERY_ITEMS, MAX_GALLERY_MOVES
from model.files.strokes import Stroke


def gallery_items() -> list[GalleryItem]:
    """The session's gallery, in the order kept."""
    gallery: list[GalleryItem] = st.session_state.setdefault("kept", [])
    return gallery


def has_room(gallery: list[GalleryItem], one: GalleryItem) -> bool:
    """Whether a gallery has room for one more. Its file can be brought back as long as all in it did."""
    return len(gallery) < MAX_GALLERY_ITEMS and sum(each.moves for each in (*gallery, one)) <= MAX_GALLERY_MOVES


def position_of(strokes: tuple[Stroke, ...]) -> int | None:
    """The place in the gallery of the drawing with these strokes, if it is there."""
    return next((i for i, one in enumerate(gallery_items()) if one.strokes == strokes), None)


def add_item(one: GalleryItem) -> bool:
    """Add a drawing, or say anew what one that is there was; whether there was room for it."""
    place = position_of(one.strokes)
    if place is not None:
        gallery_items()[place] = one
    elif has_room(gallery_items(), one):
        gallery_items().append(one)
    else:
        return False
    return True


def keep_all(gallery: list[GalleryItem], brought: list[GalleryItem]) -> tuple[int, int]:
    """Add what a gallery does not have, as far as there is room: how many were added, and how many were there."""
    known = {one.strokes: one for one in gallery}
    moves = sum(one.moves for one in gallery)
    before = len(gallery)
    new = [one for one in brought if known.setdefault(one.strokes, one) is one]
    for one in new:
        if len(gallery) < MAX_GALLERY_ITEMS and moves + one.moves <= MAX_GALLERY_MOVES:
            gallery.append(one)
            moves += one.moves
    return len(gallery) - before, len(brought) - len(new)


def now() -> str:
    """The time, as it is kept."""
    return datetime.now(UTC).isoformat(timespec="seconds")
