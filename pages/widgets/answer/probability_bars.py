"""What networks read in a drawing: the digit, ten bars, and the picture that the networks saw."""

import itertools

import numpy as np
import numpy.typing as npt
import streamlit as st

from pages.widgets.answer.answer_text import TEXTS, Probabilities, percent, verdict
from pages.widgets.ui.images import image_html


def show_answers(
    readings: dict[str, Probabilities | None], seen: npt.NDArray[np.uint8] | None, looks_like_a_digit: bool = True
) -> None:
    """Show the networks' answers to one drawing, side by side. An answer that is not there yet keeps its place, so that
    nothing jumps when it comes.

    readings: the probabilities, float32 [10], by the network's label; None where there is no answer. The first network
    is the chosen one: only its answer carries the attributes by which others find it on the page.
    seen: the picture that the networks saw, uint8 [28, 28]; None before anything is drawn.
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
    """Return one network's answer and its ten bars as HTML."""
    above = answer(probabilities, seen, looks_like_a_digit, chosen)
    source = f'{SOURCE} data-answer="{next(answer_numbers)}"' if chosen else ""
    return f'<div class="reading"{source}>{above}{bars(probabilities, chosen)}</div>'


def answer(
    probabilities: Probabilities | None, seen: npt.NDArray[np.uint8] | None, looks_like_a_digit: bool, chosen: bool
) -> str:
    """Return the digit that was read, how sure the network is, and the picture that it saw, as HTML."""
    if seen is not None and probabilities is None:
        return '<div class="answer"><p class="verdict">No answer: this network cannot be read.</p></div>'
    if seen is None or probabilities is None:  # widgets/canvas/live_preview.js fills the empty places
        return (
            '<div class="answer"><span class="digit" hidden></span>'
            f'<p class="verdict">{TEXTS["invitation"]}</p>'
            f'<figure hidden><img alt="{SEEN}">{CAPTION}</figure></div>'
        )
    doubtful = "" if looks_like_a_digit else " doubtful"
    return (
        f'<div class="answer{doubtful}">'
        f'<span class="digit"{PREDICTION if chosen else ""}>{probabilities.argmax()}</span>'
        f'<p class="verdict">{verdict(probabilities, looks_like_a_digit)}</p>'
        f"<figure>{image_html(seen, SEEN)}{CAPTION}</figure></div>"
    )


def bars(probabilities: Probabilities | None, chosen: bool) -> str:
    """Return the ten probabilities as an HTML list of bars, the highest one marked."""
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


SEEN = "The digit as the network saw it, 28 by 28 pixels"
CAPTION = "<figcaption>what it saw</figcaption>"
SOURCE = ' data-source="server"'
# Each answer gets a number of its own. Without it, Streamlit would leave equal HTML in place, even where
# widgets/canvas/live_preview.js has changed it.
answer_numbers = itertools.count()
PREDICTION = ' data-testid="prediction"'
TOP = ' class="top"'
