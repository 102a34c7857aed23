"""Whether a picture looks like a digit at all: networks name one whatever they are shown."""

import logging

import numpy as np
import numpy.typing as npt
import streamlit as st

from model.likeness import NAME, Likeness, load_likeness
from model.network import Floats, NetworkError
from pages.widgets.networks import cached_network

log = logging.getLogger(__name__)


@st.cache_resource(show_spinner=False)
def cached_likeness() -> Likeness:
    """What it takes to tell, shared by all visitors. Raises NetworkError."""
    return load_likeness(cached_network(NAME))


def look_like_digits(x: Floats) -> npt.NDArray[np.bool_]:
    """Which of the pictures, float32 [N, 784], look like a digit: bool [N]; all of them, and the reason on the page,
    where nothing can tell.
    """
    try:
        likeness = cached_likeness()
    except NetworkError:
        log.exception("What looks like a digit cannot be told.")
        st.error(
            f"Whether this looks like a digit cannot be told, because a file in model/{NAME} cannot be read: "
            f"restore it with `git checkout -- model/{NAME}`."
        )
        return np.ones(len(x), dtype=bool)
    return np.asarray(likeness.looks_like_a_digit(x))
