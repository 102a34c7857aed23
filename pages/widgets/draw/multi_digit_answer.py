"""What networks read in a whole number: each digit in its box, and the ten bars of the one that the visitor taps."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model.mnist import as_vectors
from model.multi_digit import UNREAD, Digit, number_text
from model.network import Floats, Network
from model.number_format import ordinal
from pages.widgets.answer.answer_text import Probabilities, percent
from pages.widgets.answer.digit_check import digit_scores
from pages.widgets.answer.probability_bars import PREDICTION, SOURCE, answer, bars
from pages.widgets.ui.announcer import announce
from pages.widgets.ui.widget_sync import sync_widget

TOUCHING = f"Where it says {UNREAD}, two digits seem to touch: leave a gap between them."


class Reading(NamedTuple):
    """What a network reads in the digits of a number."""

    probabilities: Probabilities  # [digits, 10]
    text: str  # a character for each digit: what is read, or UNREAD
    are_digits: npt.NDArray[np.bool_]  # [digits], whether each looks like a digit

    def box_label(self, i: int) -> str:
        """Return what is read in a digit, and how sure that is, short enough for its box."""
        if self.text[i] == UNREAD:
            return UNREAD
        sure = f": {percent(float(self.probabilities[i].max()))}" if self.are_digits[i] else "?"
        return self.text[i] + sure

    def option_label(self, i: int) -> str:
        """Return a digit's name in the choice, with its place: Streamlit tells options apart by their names."""
        return f"{ordinal(i + 1)}: {self.text[i]}"


def read_number(network: Network, digits: Sequence[Digit], scores: Floats, threshold: float) -> Reading:
    """Return what a network reads in one or more digits.

    scores: float32 [digits], how much each looks like a digit; threshold: from which score on it counts as one.
    """
    probabilities = network.predict(as_vectors(np.stack([digit.picture for digit in digits])))
    return Reading(probabilities, number_text(digits, probabilities, scores), np.asarray(scores >= threshold))


def show_number(
    digits: Sequence[Digit],
    networks: dict[str, Network | None],
    picture: DeltaGenerator,
    size: tuple[float, float],
    key: str,
    is_canvas: bool,
) -> int | None:
    """Show what networks read in one or more digits: the number, boxes over a picture, and the bars of the digit that
    the visitor chose. Return the position of that digit, or None where no digit can be read.

    networks: by their names for people, the chosen one first. picture: the place for the boxes; size: its width and
    height in pixels. is_canvas: whether the picture is the canvas, whose answer can be found on the page.
    """
    (_, network), *others = networks.items()
    if network is None:
        st.markdown("No answer: this network cannot be read.")
        return None
    scores, threshold = digit_scores(as_vectors(np.stack([digit.picture for digit in digits])))
    reading = read_number(network, digits, scores, threshold)
    source, prediction = (SOURCE, PREDICTION) if is_canvas else ("", "")
    comparison = "".join(
        f"<p>{name} reads <strong>{read_number(other, digits, scores, threshold).text}</strong></p>"
        for name, other in others
        if other
    )
    st.html(f'<div class="reading"{source}><p class="number"{prediction}>{reading.text}</p>{comparison}</div>')
    if UNREAD in reading.text:
        st.markdown(TOUCHING)
    chosen = choose_digit(reading, key)
    with picture:
        show_boxes(digits, reading, chosen, size)
    above, probabilities = "", None
    if chosen is not None:
        probabilities = reading.probabilities[chosen]
        above = answer(probabilities, digits[chosen].picture, bool(reading.are_digits[chosen]), chosen=False)
    st.html(f'<div class="reading">{above}{bars(probabilities, is_canvas)}</div>')
    announce(f"Read: {' '.join(reading.text).replace(UNREAD, 'two that touch')}", f"{key}_said")
    return chosen


def show_boxes(digits: Sequence[Digit], reading: Reading, chosen: int | None, size: tuple[float, float]) -> None:
    """Draw a box around each digit with what is read in it."""
    width, height = size
    boxes = []
    for i, digit in enumerate(digits):
        left, top, right, bottom = digit.box
        place = (
            f"left: {left / width:.2%}; top: {top / height:.2%}; "
            f"width: {(right - left) / width:.2%}; height: {(bottom - top) / height:.2%}"
        )
        mark = " chosen" if i == chosen else ""
        boxes.append(f'<div class="box{mark}" style="{place}"><span>{reading.box_label(i)}</span></div>')
    st.html(f'<div class="boxes" style="aspect-ratio: {width} / {height}">{"".join(boxes)}</div>')


def choose_digit(reading: Reading, key: str) -> int | None:
    """Return the position of the digit whose bars the visitor wants to see, from 0; None where no digit can be read."""
    readable = [i for i, name in enumerate(reading.text) if name != UNREAD]
    if not readable:
        return None
    wanted = st.session_state.get(key) or 0
    chosen = min(readable, key=lambda i: abs(i - wanted))
    st.segmented_control(
        "Tap a digit to see its ten bars",
        readable,
        default=sync_widget(key, chosen),
        format_func=reading.option_label,
        required=True,
        key=key,
    )
    return chosen
