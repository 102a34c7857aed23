"""What an answer says: the invitation on an empty canvas, how sure the network is, and probabilities in per cent."""

from html import unescape

import numpy as np
import numpy.typing as npt

from pages.widgets.answer.digit_check import NOT_A_DIGIT

# A network whose highest probability is lower, or closer to the second highest, is not sure.
MIN_CONFIDENCE = 0.60
MIN_MARGIN = 0.20
# Softmax is never certain: what would be rounded to 100% is only called more than 99.9%.
NEARLY_CERTAIN = 0.9995
# What an answer says, as HTML. widgets/canvas/live_preview.js fills in the same texts while the pen draws.
TEXTS = {
    "invitation": "Draw one digit, 0 to 9, with mouse, finger or pen.",
    "sure": "<strong>{p}</strong> sure",
    "unsure": "Not sure: <strong>{first}</strong> ({p}) or <strong>{second}</strong> ({q})?",
    "nearlyCertain": "&gt; 99.9%",
}

Probabilities = npt.NDArray[np.float32]


def verdict(probabilities: Probabilities, looks_like_a_digit: bool = True) -> str:
    """Return how sure the network is, in a line of HTML. Networks are sure of scribbles, too, so the digit check comes
    first.
    """
    if not looks_like_a_digit:
        return NOT_A_DIGIT
    first, second = (int(digit) for digit in np.argsort(-probabilities, kind="stable")[:2])
    p, q = float(probabilities[first]), float(probabilities[second])
    is_sure = p >= MIN_CONFIDENCE and p - q >= MIN_MARGIN
    return TEXTS["sure" if is_sure else "unsure"].format(first=first, second=second, p=percent(p), q=percent(q))


def percent(p: float) -> str:
    """Return a probability for people, as HTML: "97.5%"."""
    return TEXTS["nearlyCertain"] if p >= NEARLY_CERTAIN else f"{p:.1%}"


def plain_percent(p: float) -> str:
    """Return a probability for people as plain text."""
    return unescape(percent(p))
