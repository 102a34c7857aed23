"""A wider canvas for whole numbers, each digit boxed and read."""

import streamlit as st

from model.network import Network
from model.whole_number import cut
from pages.widgets.canvas import NUMBER, show_canvas, sketchbook
from pages.widgets.drawing import CANVAS, as_line
from pages.widgets.number import show_number

MOST_DIGITS = 12


def draw_number(pen_width: int, networks: dict[str, Network | None]) -> None:
    """The canvas, boxes over it, and what networks, by their names for people, read."""
    sheet = st.container(width=NUMBER.width, key="sheet")
    with sheet:
        show_canvas(pen_width, NUMBER)
    digits = cut([as_line(stroke) for stroke in sketchbook(NUMBER).drawing.strokes])
    with st.container(key="number"):
        if not digits:
            st.markdown("Write a number with mouse, finger or pen, with a gap between its digits.")
        elif len(digits) > MOST_DIGITS:
            st.markdown(
                f"These are more than {MOST_DIGITS} pieces: press Undo or Clear, and leave gaps between digits only."
            )
        else:
            show_number(digits, networks, sheet, (NUMBER.width, CANVAS), "number_digit", drawn=True)
