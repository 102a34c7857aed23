"""What networks read in a drawing: the digit, ten bars, and the picture that they saw."""

import itertools
from html import unescape

import numpy as np
import numpy.typing as npt
import streamlit as st

from pages.widgets.answer.digit_check import NOT_A_DIGIT
from pages.widgets.ui.images import image_html

# Below this, or with two digits less far apart, an answer is called unsure.
MIN_CONFIDENCE = 0.60
MIN_MARGIN = 0.20

Probabilities = npt.NDArray[np.float32]


def show_answers(
    readings: dict[str, Probabilities | None], seen: npt.NDArray[np.uint8] | None, looks_like_a_digit: bool = True
) -> None:
    """The networks' answers for one drawing, side by side. Where there is none yet, its places stay, so that nothing
    jumps when it comes.

    readings: by the network's name for people, float32 [10], or None where there is no answer. The first is the chosen
    network's: it alone carries the names by which the answer is found on the page. seen: uint8 [28, 28], the picture
    that the networks saw.
    """
    columns = [
        column(probabilities, seen, looks_like_a_digit, chosen=i == 0)
        for i, probabilities in enumerate(readings.values())
    ]
    if len(columns) == 1:
        st.html(columns[0])
        return
    sections = (
        f'<section aria-label="{name}"><p class="network">{name}</p>{html}</section>'
        for name, html in zip(readings, columns, strict=True)
    )
    st.html(f'<div class="compared">{"".join(sections)}</div>')


def column(
    probabilities: Probabilities | None, seen: npt.NDArray[np.uint8] | None, looks_like_a_digit: bool, chosen: bool
) -> str:
    """One network's answer and its ten bars."""
    above = answer(probabilities, seen, looks_like_a_digit, chosen)
    source = f'{SOURCE} data-answer="{next(numbers)}"' if chosen else ""
    return f'<div class="reading"{source}>{above}{bars(probabilities, chosen)}</div>'


def answer(
    probabilities: Probabilities | None, seen: npt.NDArray[np.uint8] | None, looks_like_a_digit: bool, chosen: bool
) -> str:
    """The digit read, large, how sure that is, and the picture."""
    if seen is not None and probabilities is None:
        return '<div class="answer"><p class="verdict">No answer: this network cannot be read.</p></div>'
    if seen is None or probabilities is None:  # the empty places are filled by widgets/canvas/live_preview.js
        return (
            '<div class="answer"><span class="digit" hidden></span>'
            f'<p class="verdict">{INVITATION}</p>'
            f'<figure hidden><img alt="{SEEN}">{CAPTION}</figure></div>'
        )
    doubtful = "" if looks_like_a_digit else " doubtful"
    return (
        f'<div class="answer{doubtful}">'
        f'<span class="digit"{PREDICTION if chosen else ""}>{probabilities.argmax()}</span>'
        f'<p class="verdict">{verdict(probabilities, looks_like_a_digit)}</p>'
        f"<figure>{image_html(seen, SEEN)}{CAPTION}</figure></div>"
    )


def verdict(probabilities: Probabilities, looks_like_a_digit: bool = True) -> str:
    """How sure the network is, in a line; it names a digit whatever it is shown."""
    first, second = (int(digit) for digit in np.argsort(-probabilities, kind="stable")[:2])
    if not looks_like_a_digit:
        return NOT_A_DIGIT
    p, q = float(probabilities[first]), float(probabilities[second])
    if p < MIN_CONFIDENCE or p - q < MIN_MARGIN:
        return f"Not sure: <strong>{first}</strong> ({percent(p)}) or <strong>{second}</strong> ({percent(q)})?"
    return f"<strong>{percent(p)}</strong> sure"


def bars(probabilities: Probabilities | None, chosen: bool) -> str:
    """The ten probabilities in the order of the digits, the largest one marked."""
    top = None if probabilities is None else int(probabilities.argmax())
    rows = []
    for digit in range(10):
        p = 0.0 if probabilities is None else float(probabilities[digit])
        data = f' data-digit="{digit}" data-probability="{p:.6f}"' if chosen else ""
        rows.append(
            f"<li{data}{TOP if digit == top else ''}>"
            f'<span class="name">{digit}</span>'
            f'<span class="track"><span class="bar" style="width: {p:.2%}"></span></span>'
            f'<span class="percent">{"" if probabilities is None else percent(p)}</span></li>'
        )
    return f'<ol class="bars" aria-label="The probability of each digit">{"".join(rows)}</ol>'


INVITATION = "Draw one digit, 0 to 9, with mouse, finger or pen."
SEEN = "The digit as the network saw it, 28 by 28 pixels"
CAPTION = "<figcaption>what it saw</figcaption>"
SOURCE = ' data-source="server"'
# Each answer has a number of its own: a browser leaves the same HTML as it is, also where
# widgets/canvas/live_preview.js changed it.
numbers = itertools.count()
PREDICTION = ' data-testid="prediction"'
TOP = ' class="top"'


def plain_percent(p: float) -> str:
    """The same for what is not HTML."""
    return unescape(percent(p))


def percent(p: float) -> str:
    """A probability for people. Softmax is never certain, so nothing is called 100 %, not even what rounds to 1."""
    return "&gt; 99.9%" if p >= 0.9995 else f"{p:.1%}"
