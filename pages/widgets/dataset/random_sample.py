"""A hundred images of MNIST at once."""

import numpy as np
import numpy.typing as npt
import streamlit as st

from model.mnist import Mnist
from model.preprocessing import SIDE
from pages.widgets.ui.images import image_html
from pages.widgets.ui.pixel_grid import Pixels

COLUMNS = 10
ALL = "all digits"


@st.fragment
def show_sample(mnist: Mnist) -> None:
    """A hundred training images, drawn by lot, of all digits or of one; others on request."""
    digit = st.segmented_control(
        "A hundred images of", [ALL, *range(10)], default=ALL, required=True, key="sample_of", persist_state="session"
    )
    st.button("Another hundred", icon=":material/casino:", key="sample_again", on_click=forget_sample)
    numbers = sample_of(mnist, digit)
    st.html(f'<div class="mosaic">{image_html(sheet(mnist.x_train[numbers]), f"A hundred images of {digit}")}</div>')
    st.caption("Training images, drawn by lot. Look for ones that you would not read either.")


def forget_sample() -> None:
    """Have other images drawn."""
    st.session_state.pop("sample", None)


def sample_of(mnist: Mnist, digit: int | str) -> npt.NDArray[np.intp]:
    """The numbers of a hundred training images of that digit, the same ones until others are asked for."""
    samples: dict[int | str, npt.NDArray[np.intp]] = st.session_state.setdefault("sample", {})
    if digit not in samples:
        numbers = np.arange(len(mnist.y_train)) if digit == ALL else np.flatnonzero(mnist.y_train == digit)
        samples[digit] = np.random.default_rng().choice(numbers, COLUMNS**2, replace=False)
    return samples[digit]


def sheet(images: npt.NDArray[np.uint8]) -> Pixels:
    """A hundred images, uint8 [100, 28, 28], in ten rows and columns: uint8 [280, 280]."""
    return images.reshape(COLUMNS, COLUMNS, SIDE, SIDE).swapaxes(1, 2).reshape(COLUMNS * SIDE, -1)
