"""One image of MNIST, selected by its number or by stepping through the images of a digit."""

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
from pages.widgets.ui.widget_sync import show_number_input

FIRST = 7777  # the image in the lesson's notebook
ALL = "all"
PART, DIGIT, IMAGE = "mnist_part", "mnist_step", "mnist_image"  # keys of the session

Bytes = npt.NDArray[np.uint8]


class MnistImage(NamedTuple):
    """An image and its label."""

    name: str  # for people
    pixels: Pixels
    label: int


def parts_of(mnist: Mnist) -> dict[str, tuple[Bytes, Bytes]]:
    """Return both parts of MNIST by their names: images, uint8 [N, 28, 28], and labels, uint8 [N]."""
    return {"Training": (mnist.x_train, mnist.y_train), "Test": (mnist.x_test, mnist.y_test)}


def choose_image(mnist: Mnist) -> MnistImage:
    """Let the visitor choose an image; at first, it is training image 7777, as in the lesson's notebook."""
    parts = parts_of(mnist)
    name: str = st.segmented_control(
        "Images",
        list(parts),
        default="Training",
        format_func=lambda name: f"{name}: {len(parts[name][0]):,}",
        required=True,
        key=PART,
        persist_state="session",
    )
    images, labels = parts[name]
    number = min(st.session_state.get(IMAGE, FIRST), len(labels) - 1)
    show_number_input("Image", range(len(labels)), number, "mnist_number", select_mnist_image)
    show_steps(labels, number)
    return MnistImage(f"{name} image {number}", images[number], int(labels[number]))


def show_steps(labels: Bytes, number: int) -> None:
    """Show buttons to the previous and the next image, of all digits or of one that the visitor chooses."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        width, digits = in_pixels(120), [ALL, *range(10)]
        digit = st.selectbox("Step through", digits, key=DIGIT, persist_state="session", width=width)
        numbers = np.arange(len(labels)) if digit == ALL else np.flatnonzero(labels == digit)
        previous = numbers[np.searchsorted(numbers, number) - 1]  # before the first image comes the last
        following = numbers[np.searchsorted(numbers, number, side="right") % len(numbers)]
        for name, target in (("Previous", previous), ("Next", following)):
            st.button(name, key=f"mnist_{name.lower()}", on_click=select_mnist_image, args=(int(target),))


def select_mnist_image(number: int) -> None:
    """Select an image of the part of MNIST that is shown."""
    st.session_state[IMAGE] = number


def preselect_image(number: int, digit: int) -> None:
    """Show a training image, ready to step through those of a digit. To be called in a callback."""
    st.session_state.update({PART: "Training", DIGIT: digit, IMAGE: number})


def show_image(image: MnistImage) -> None:
    """Show the image, large, and a button to draw over it."""
    switch_page_if_requested()
    st.html(f'<div class="large">{image_html(image.pixels, f"{image.name}, 28 by 28 pixels")}</div>')
    st.markdown(f"{image.name}: **the label is {image.label}**.")
    st.button("Draw over it", icon=":material/draw:", key="draw_over", on_click=draw_over, args=(image,))


def draw_over(image: MnistImage) -> None:
    """Put the image on the canvas, and go to it."""
    draw_image(image.pixels, image.label)
    request_page("pages/draw.py")
