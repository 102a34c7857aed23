"""Whether a picture looks like a digit at all: networks name one whatever they are shown."""

import logging

import numpy as np
import numpy.typing as npt
import streamlit as st

from model.digit_check import ENCODER_NAME, DigitCheck, load_digit_check
from model.network import Floats, NetworkError
from pages.widgets.networks.picker import cached_network

log = logging.getLogger(__name__)

NOT_A_DIGIT = "This does not look like a digit."


@st.cache_resource(show_spinner=False)
def cached_digit_check() -> DigitCheck:
    """Return the check, which all visitors share. Raises NetworkError."""
    return load_digit_check(cached_network(ENCODER_NAME))


def are_digits(x: Floats) -> npt.NDArray[np.bool_]:
    """Return which of the pictures, float32 [N, 784], look like digits: bool [N], all True with a damaged check."""
    scores, threshold = digit_scores(x)
    return np.asarray(scores >= threshold)


def digit_scores(x: Floats) -> tuple[Floats, float]:
    """Return how much pictures, float32 [N, 784], look like digits, float32 [N] in 0..1, and the threshold for digits.

    Where the check is damaged, the page says so, and each picture scores 1.
    """
    try:
        check = cached_digit_check()
    except NetworkError:
        log.exception("The check for digits cannot be read.")
        st.error(
            f"Inkling cannot check whether this is a digit, because a file in model/{ENCODER_NAME} cannot be read: "
            f"restore it with `git checkout -- model/{ENCODER_NAME}`."
        )
        return np.ones(len(x), dtype=np.float32), 0.0
    return check.score(x), check.threshold
