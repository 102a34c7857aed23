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
    """What it takes to tell, shared by all visitors. Raises NetworkError."""
    return load_digit_check(cached_network(ENCODER_NAME))


def are_digits(x: Floats) -> npt.NDArray[np.bool_]:
    """Which of the pictures, float32 [N, 784], look like a digit: bool [N]; all of them where nothing can tell."""
    scores, threshold = digit_scores(x)
    return np.asarray(scores >= threshold)


def digit_scores(x: Floats) -> tuple[Floats, float]:
    """How much pictures, float32 [N, 784], look like digits: float32 [N] in 0..1, all 1, and the reason on the page,
    where nothing can tell; and how much one has to.
    """
    try:
        likeness = cached_digit_check()
    except NetworkError:
        log.exception("What looks like a digit cannot be told.")
        st.error(
            f"Whether this looks like a digit cannot be told, because a file in model/{ENCODER_NAME} cannot be read: "
            f"restore it with `git checkout -- model/{ENCODER_NAME}`."
        )
        return np.ones(len(x), dtype=np.float32), 0.0
    return likeness.score(x), likeness.threshold
