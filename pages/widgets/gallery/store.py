"""The session's gallery: drawings with what a network read and what they really were."""

import streamlit as st

from model.files.gallery_file import GalleryItem
from model.files.limits import MAX_GALLERY_ITEMS, MAX_GALLERY_MOVES
from model.files.strokes import Stroke


def gallery_items() -> list[GalleryItem]:
    """Return the session's gallery, the oldest drawing first."""
    gallery: list[GalleryItem] = st.session_state.setdefault("gallery_items", [])
    return gallery


def has_room(gallery: list[GalleryItem], item: GalleryItem) -> bool:
    """Return whether a gallery has room for one more drawing. Any gallery that keeps to this fits into its file."""
    return len(gallery) < MAX_GALLERY_ITEMS and sum(each.moves for each in (*gallery, item)) <= MAX_GALLERY_MOVES


def gallery_index(strokes: tuple[Stroke, ...]) -> int | None:
    """Return the position in the gallery of the drawing with these strokes, if it is there."""
    return next((i for i, item in enumerate(gallery_items()) if item.strokes == strokes), None)


def add_item(item: GalleryItem) -> bool:
    """Add a drawing, or replace the one with the same strokes. Return whether there was room."""
    place = gallery_index(item.strokes)
    if place is not None:
        gallery_items()[place] = item
    elif has_room(gallery_items(), item):
        gallery_items().append(item)
    else:
        return False
    return True


def merge_gallery(gallery: list[GalleryItem], brought: list[GalleryItem]) -> tuple[int, int]:
    """Add the drawings that a gallery lacks, as long as there is room. Return how many were added, and how many were
    there already.
    """
    known = {item.strokes: item for item in gallery}
    moves = sum(item.moves for item in gallery)
    before = len(gallery)
    new = [item for item in brought if known.setdefault(item.strokes, item) is item]
    for item in new:
        if len(gallery) < MAX_GALLERY_ITEMS and moves + item.moves <= MAX_GALLERY_MOVES:
            gallery.append(item)
            moves += item.moves
    return len(gallery) - before, len(brought) - len(new)
