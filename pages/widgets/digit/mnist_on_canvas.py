"""An image, such as one of MNIST, on the canvas as if somebody had drawn it."""

import streamlit as st

from model.files.strokes import Stroke
from model.number_format import with_article
from model.tracing import PEN, trace_image
from pages.widgets.canvas.component import drawing_history
from pages.widgets.ui.pixel_grid import Pixels


def draw_image(pixels: Pixels, label: int | None) -> None:
    """Draw an image on the canvas; undo brings back what was there. label: MNIST's, if the image is one of MNIST's."""
    strokes = (as_stroke(pixels),)
    drawing_history().replace(strokes)
    if label is not None:
        st.session_state["mnist_on_canvas"] = (strokes, label)


def explain_odd_digit() -> None:
    """Show why a digit does not look like one, if it is MNIST's and nobody has drawn over it yet."""
    strokes, label = st.session_state.get("mnist_on_canvas", ((), None))
    if label is not None and drawing_history().drawing.strokes == strokes:
        st.caption(
            f"MNIST's label says that it is {with_article(label)}, but it is an odd one. A second, small network tells "
            "digits from scribbles, and takes almost one in a hundred of MNIST's digits for a scribble."
        )


def as_stroke(pixels: Pixels) -> Stroke:
    """Return an image as one stroke of a narrow pen, so that one undo takes it off the canvas."""
    moves = []
    for (start_x, y), (end_x, _) in trace_image(pixels):
        moves += [("M", float(start_x), float(y)), ("L", float(end_x), float(y))]
    return Stroke(PEN, tuple(moves))
