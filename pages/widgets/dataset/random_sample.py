"""A hundred random images of MNIST at once."""

import numpy as np
import numpy.typing as npt
import streamlit as st

from model.mnist import Mnist
from model.preprocessing import SIDE
from pages.widgets.ui.images import image_html
from pages.widgets.ui.pixel_grid import Pixels

COLUMNS = 10
ALL = "all digits"
DIGIT = "sample_of"  # key of the session


@st.fragment
def show_sample(mnist: Mnist) -> None:
    """Show a hundred random training images, of all digits or of one, and a button to another hundred."""
    digit = st.segmented_control(
        "A hundred images of", [ALL, *range(10)], default=ALL, required=True, key=DIGIT, persist_state="session"
    )
    st.button("Another hundred", icon=":material/casino:", key="sample_again", on_click=discard_samples)
    images = image_sheet(mnist.x_train[sample_numbers(mnist, digit)])
    st.html(f'<div class="mosaic">{image_html(images, f"A hundred images of {digit}")}</div>')
    st.caption("Training images, chosen at random. Look for some that you cannot read either.")


def preselect_sample(digit: int) -> None:
    """Show images of this digit. To be called in a callback."""
    st.session_state[DIGIT] = digit


def discard_samples() -> None:
    """Have other images chosen."""
    st.session_state.pop("sample", None)


def sample_numbers(mnist: Mnist, digit: int | str) -> npt.NDArray[np.intp]:
    """Return the numbers of a hundred training images of a digit, the same until they are discarded."""
    samples: dict[int | str, npt.NDArray[np.intp]] = st.session_state.setdefault("sample", {})
    if digit not in samples:
        numbers = np.arange(len(mnist.y_train)) if digit == ALL else np.flatnonzero(mnist.y_train == digit)
        samples[digit] = np.random.default_rng().choice(numbers, COLUMNS**2, replace=False)
    return samples[digit]


def image_sheet(images: npt.NDArray[np.uint8]) -> Pixels:
    """Return a hundred images, uint8 [100, 28, 28], in ten rows and columns: uint8 [280, 280]."""
    return images.reshape(COLUMNS, COLUMNS, SIDE, SIDE).swapaxes(1, 2).reshape(COLUMNS * SIDE, -1)
