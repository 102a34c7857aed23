"""What networks read in a whole number: each digit in its box, and the ten bars of the one that the visitor taps."""

from collections.abc import Sequence
from html import unescape
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model.mnist import as_vectors
from model.network import Network
from model.whole_number import Digit
from pages.widgets.looks import look_like_digits
from pages.widgets.reading import PREDICTION, SOURCE, Probabilities, answer, bars, percent
from pages.widgets.shown import show_as

UNREAD = "?"  # stands for digits that touch each other
TOUCHING = '<div class="answer"><p class="verdict">Two digits seem to touch here: leave a gap between them.</p></div>'


class Reading(NamedTuple):
    """What a network reads in the digits of a number."""

    probabilities: Probabilities  # [digits, 10]
    text: str  # a digit each, or UNREAD

    def short(self, i: int) -> str:
        """What is read in a digit, and how sure that is, in few letters."""
        return UNREAD if self.text[i] == UNREAD else f"{self.text[i]}: {percent(float(self.probabilities[i].max()))}"


def read_number(network: Network, digits: Sequence[Digit], looks: npt.NDArray[np.bool_]) -> Reading:
    """What a network reads in digits, one at least. looks: bool [digits], whether each looks like one."""
    probabilities = network.predict(as_vectors(np.stack([digit.picture for digit in digits])))
    named = zip(digits, looks, probabilities.argmax(axis=1), strict=True)
    return Reading(
        probabilities, "".join(UNREAD if digit.seems_two(look) else str(name) for digit, look, name in named)
    )


def show_number(
    digits: Sequence[Digit],
    networks: dict[str, Network | None],
    picture: DeltaGenerator,
    size: tuple[float, float],
    key: str,
    drawn: bool,
) -> int:
    """What networks, by their names for people, read in digits, one at least: boxes over a picture, and the number; the
    bars of the digit that the visitor tapped, whose place is returned.

    picture: where the boxes go; size: its width and height in pixels. drawn: whether it is the canvas, whose answer
    carries the names by which it is found on the page.
    """
    (_, network), *others = networks.items()
    if network is None:
        st.markdown("No answer: this network cannot be read.")
        return 0
    looks = look_like_digits(as_vectors(np.stack([digit.picture for digit in digits])))
    reading = read_number(network, digits, looks)
    source, prediction = (SOURCE, PREDICTION) if drawn else ("", "")
    st.html(
        f'<div class="reading"{source}><p class="number"{prediction}>{reading.text}</p>'
        + "".join(
            f"<p>{name} reads <strong>{read_number(other, digits, looks).text}</strong></p>"
            for name, other in others
            if other
        )
        + "</div>"
    )
    chosen = choose_digit(reading, key)
    with picture:
        show_boxes(digits, reading, chosen, size)
    probabilities = reading.probabilities[chosen]
    if reading.text[chosen] == UNREAD:
        html = TOUCHING + bars(None, drawn)
    else:
        html = answer(probabilities, digits[chosen].picture, bool(looks[chosen]), False) + bars(probabilities, drawn)
    st.html(f'<div class="reading">{html}</div>')
    return chosen


def show_boxes(digits: Sequence[Digit], reading: Reading, chosen: int, size: tuple[float, float]) -> None:
    """A box around each digit with what is read in it."""
    boxes = []
    for i, digit in enumerate(digits):
        (left, top, right, bottom), (width, height) = digit.box, size
        place = (
            f"left: {left / width:.2%}; top: {top / height:.2%}; "
            f"width: {(right - left) / width:.2%}; height: {(bottom - top) / height:.2%}"
        )
        mark = " chosen" if i == chosen else ""
        boxes.append(f'<div class="box{mark}" style="{place}"><span>{reading.short(i)}</span></div>')
    st.html(f'<div class="boxes" style="aspect-ratio: {size[0]} / {size[1]}">{"".join(boxes)}</div>')


def choose_digit(reading: Reading, key: str) -> int:
    """The digit whose bars the visitor wants to see, counted from 0."""
    chosen = min(st.session_state.get(key) or 0, len(reading.text) - 1)
    st.segmented_control(
        "Tap a digit to see its ten bars",
        range(len(reading.text)),
        default=show_as(key, chosen),
        format_func=lambda i: unescape(reading.short(i)),
        required=True,
        key=key,
    )
    return chosen
