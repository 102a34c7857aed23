"""The 784 numbers of an image, as the data set has them and as networks take them."""

import streamlit as st

from pages.widgets.ui.pixel_grid import Pixels, as_share, number_grid

RANGE = "numbers_as"  # key of the session
WHOLE, DIVIDED = "0 to 255", "0 to 1"


def show_pixel_numbers(pixels: Pixels) -> None:
    """Show the numbers of an image, and let the visitor divide them by 255."""
    numbers = st.segmented_control(
        "Numbers", [WHOLE, DIVIDED], default=WHOLE, required=True, key=RANGE, persist_state="session"
    )
    if numbers == WHOLE:
        st.markdown(
            "To the computer an image is numbers: one for each pixel, 0 where there is no ink, 255 for full ink."
        )
        st.html(number_grid(pixels, str))
    else:
        st.markdown(
            "The same numbers divided by 255, rounded to two digits here. Networks learn better from small inputs: "
            "with numbers up to 255, the sums in the neurons and the gradients of the weights would be hundreds of "
            "times as large."
        )
        st.html(number_grid(pixels, as_share))


def divide_numbers() -> None:
    """Show the numbers divided by 255. To be called in a callback."""
    st.session_state[RANGE] = DIVIDED
