"""One image of MNIST, picked by its number or by stepping through a digit's images."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import streamlit as st

from model.mnist import Mnist
from pages.widgets.app.navigation import request_page, switch_page_if_requested
from pages.widgets.app.projector import in_pixels
from pages.widgets.digit.mnist_on_canvas import draw_image
from pages.widgets.ui.images import image_html
from pages.widgets.ui.pixel_grid import Pixels
from pages.widgets.ui.widget_sync import sync_widget

FIRST = 7777  # the notebook's
ALL = "all"


class Part(NamedTuple):
    """One of MNIST's two parts."""

    name: str  # "Training" or "Test"
    images: npt.NDArray[np.uint8]  # [N, 28, 28]
    labels: npt.NDArray[np.uint8]  # [N]


class MnistImage(NamedTuple):
    """An image and what MNIST says that it is."""

    name: str  # for people
    pixels: Pixels
    label: int


def parts_of(mnist: Mnist) -> dict[str, Part]:
    """Both parts, by their names."""
    return {
        "Training": Part("Training", mnist.x_train, mnist.y_train),
        "Test": Part("Test", mnist.x_test, mnist.y_test),
    }


def choose_image(mnist: Mnist) -> MnistImage:
    """The image that the visitor picked; at first the notebook's, training image 7777."""
    parts = parts_of(mnist)
    name: str = st.segmented_control(
        "Images",
        list(parts),
        default="Training",
        format_func=lambda name: f"{name}: {len(parts[name].labels):,}",
        required=True,
        key="mnist_part",
        persist_state="session",
    )
    part = parts[name]
    last = len(part.labels) - 1
    number = min(st.session_state.get("mnist_image", FIRST), last)
    st.number_input(
        f"Image, 0 to {last:,}",
        0,
        last,
        sync_widget("mnist_number", number),
        key="mnist_number",
        on_change=lambda: pick(st.session_state["mnist_number"]),
    )
    choose_step(part.labels, number)
    return MnistImage(f"{part.name} image {number}", part.images[number], int(part.labels[number]))


def choose_step(labels: npt.NDArray[np.uint8], number: int) -> None:
    """Go to the image before or after, of all digits or of one."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        width, digits = in_pixels(120), [ALL, *range(10)]
        digit = st.selectbox("Step through", digits, key="mnist_step", persist_state="session", width=width)
        for name, forward in (("Previous", False), ("Next", True)):
            st.button(name, key=f"mnist_{name.lower()}", on_click=pick, args=(beside(labels, number, digit, forward),))


def beside(labels: npt.NDArray[np.uint8], number: int, digit: int | str, forward: bool) -> int:
    """The number of the next or the previous image of that digit, or of any; after the last one comes the first."""
    numbers = np.arange(len(labels)) if digit == ALL else np.flatnonzero(labels == digit)
    place = np.searchsorted(numbers, number, side="right") if forward else np.searchsorted(numbers, number) - 1
    return int(numbers[place % len(numbers)])


def pick(number: int) -> None:
    """Pick an image."""
    st.session_state["mnist_image"] = number


def show_image(image: MnistImage) -> None:
    """The image, large, and the way to draw over it."""
    switch_page_if_requested()
    st.html(f'<div class="large">{image_html(image.pixels, f"{image.name}, 28 by 28 pixels")}</div>')
    st.markdown(f"{image.name}: **the label is {image.label}**.")
    st.button("Draw over it", icon=":material/draw:", key="draw_over", on_click=draw_over, args=(image,))


def draw_over(image: MnistImage) -> None:
    """Put the image on the canvas, and go there."""
    draw_image(image.pixels, image.label)
    request_page("pages/draw.py")
