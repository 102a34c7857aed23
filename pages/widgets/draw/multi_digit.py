"""A wider canvas for whole numbers, each digit boxed and read."""

import streamlit as st

from model.files.strokes import CANVAS_SIDE
from model.multi_digit import segment_digits
from model.network import Network
from pages.widgets.app.projector import in_pixels
from pages.widgets.canvas.component import NUMBER_CANVAS, drawing_history, show_canvas
from pages.widgets.canvas.drawing import as_line
from pages.widgets.draw.challenge import current_challenge
from pages.widgets.draw.multi_digit_answer import show_number

# More than this is no number, and reading it would delay the answers to other visitors' strokes.
MAX_STROKES = 100
MAX_MOVES = 5_000  # of the pen
MAX_DIGITS = 12
TOO_MANY = f"A number may have {MAX_DIGITS} digits at most: press Undo, or press Clear and write again."


@st.fragment
def show_multi_digit_canvas(pen_width: int, networks: dict[str, Network | None]) -> None:
    """Show the canvas, a box around each digit, and the number. networks: by their names for people."""
    if current_challenge():
        st.info("The challenge is paused: switch “Draw a whole number” off to go on with it.")
    sheet = st.container(width=in_pixels(NUMBER_CANVAS.width), key="sheet")
    with sheet:
        show_canvas(pen_width, NUMBER_CANVAS)
    strokes = [stroke for stroke in drawing_history(NUMBER_CANVAS).drawing.strokes if stroke.path]
    few = len(strokes) <= MAX_STROKES and sum(len(stroke.path) for stroke in strokes) <= MAX_MOVES
    digits = segment_digits([as_line(stroke) for stroke in strokes]) if few else []
    with st.container(key="number"):
        if not strokes:
            st.markdown("Write a number with mouse, finger or pen, with a gap between its digits.")
        elif 1 <= len(digits) <= MAX_DIGITS:
            show_number(digits, networks, sheet, (NUMBER_CANVAS.width, CANVAS_SIDE), "number_digit", is_canvas=True)
        else:
            st.info(TOO_MANY)
