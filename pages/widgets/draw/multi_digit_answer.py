"""What networks read in a whole number: each digit in its box, and the ten bars of the one that the visitor taps."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model.mnist import as_vectors
from model.multi_digit import Digit
from model.network import Floats, Network
from model.wording import ordinal
from pages.widgets.answer.digit_check import digit_scores
from pages.widgets.answer.probability_bars import PREDICTION, SOURCE, Probabilities, answer, bars, percent
from pages.widgets.ui.announcer import announce
from pages.widgets.ui.widget_sync import sync_widget

UNREAD = "?"  # stands for digits that touch each other
TOUCHING = f"Where it says {UNREAD}, two digits seem to touch: leave a gap between them."


class Reading(NamedTuple):
    """What a network reads in the digits of a number."""

    probabilities: Probabilities  # [digits, 10]
    text: str  # a digit each, or UNREAD
    looks: npt.NDArray[np.bool_]  # [digits], whether each looks like one

    def short(self, i: int) -> str:
        """What is read in a digit, and how sure that is, in few letters."""
        if self.text[i] == UNREAD:
            return UNREAD
        return f"{self.text[i]}: {percent(float(self.probabilities[i].max()))}" if self.looks[i] else f"{self.text[i]}?"

    def option(self, i: int) -> str:
        """A digit to choose: by its place, because Streamlit tells options apart by what they say."""
        return f"{ordinal(i + 1)}: {self.text[i]}"


def read_number(network: Network, digits: Sequence[Digit], scores: Floats, threshold: float) -> Reading:
    """What a network reads in digits, one at least. scores: float32 [digits], how much each looks like one; threshold:
    how much one has to.
    """
    probabilities = network.predict(as_vectors(np.stack([digit.picture for digit in digits])))
    named = zip(digits, scores, probabilities.argmax(axis=1), strict=True)
    text = "".join(UNREAD if digit.looks_like_two_digits(score) else str(name) for digit, score, name in named)
    return Reading(probabilities, text, np.asarray(scores >= threshold))


def show_number(
    digits: Sequence[Digit],
    networks: dict[str, Network | None],
    picture: DeltaGenerator,
    size: tuple[float, float],
    key: str,
    drawn: bool,
) -> int | None:
    """What networks, by their names for people, read in digits, one at least: boxes over a picture, and the number; the
    bars of the digit that the visitor tapped, whose place is returned, or None where none of them can be read.

    picture: where the boxes go; size: its width and height in pixels. drawn: whether it is the canvas, whose answer
    carries the names by which it is found on the page.
    """
    (_, network), *others = networks.items()
    if network is None:
        st.markdown("No answer: this network cannot be read.")
        return None
    scores, threshold = digit_scores(as_vectors(np.stack([digit.picture for digit in digits])))
    reading = read_number(network, digits, scores, threshold)
    source, prediction = (SOURCE, PREDICTION) if drawn else ("", "")
    st.html(
        f'<div class="reading"{source}><p class="number"{prediction}>{reading.text}</p>'
        + "".join(
            f"<p>{name} reads <strong>{read_number(other, digits, scores, threshold).text}</strong></p>"
            for name, other in others
            if other
        )
        + "</div>"
    )
    if UNREAD in reading.text:
        st.markdown(TOUCHING)
    chosen = choose_digit(reading, key)
    with picture:
        show_boxes(digits, reading, chosen, size)
    if chosen is None:
        html = bars(None, drawn)
    else:
        probabilities = reading.probabilities[chosen]
        html = answer(probabilities, digits[chosen].picture, bool(reading.looks[chosen]), False) + bars(
            probabilities, drawn
        )
    st.html(f'<div class="reading">{html}</div>')
    announce(f"Read: {' '.join(reading.text).replace(UNREAD, 'two that touch')}", f"{key}_said")
    return chosen


def show_boxes(digits: Sequence[Digit], reading: Reading, chosen: int | None, size: tuple[float, float]) -> None:
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


def choose_digit(reading: Reading, key: str) -> int | None:
    """The digit whose bars the visitor wants to see, counted from 0; None where none can be read."""
    readable = [i for i, name in enumerate(reading.text) if name != UNREAD]
    if not readable:
        return None
    wanted = st.session_state.get(key) or 0
    chosen = min(readable, key=lambda i: abs(i - wanted))
    st.segmented_control(
        "Tap a digit to see its ten bars",
        readable,
        default=sync_widget(key, chosen),
        format_func=reading.option,
        required=True,
        key=key,
    )
    return chosen
