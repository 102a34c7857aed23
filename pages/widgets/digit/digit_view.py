"""The digit that pages look into a network with: the session's drawing, a test image, or an example."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model.files.strokes import CANVAS_SIDE, Stroke
from model.mnist import Mnist, as_vectors
from model.network import Floats, Network
from pages.widgets.app.projector import in_pixels
from pages.widgets.canvas.component import drawing_history, show_canvas
from pages.widgets.digit.canvas_settings import pen_width
from pages.widgets.networks.mnist_predictions import EXAMPLE, mistake_after, read_mnist
from pages.widgets.networks.picker import choose_network

NETWORK_KEY = "network_inside"  # of the choice that the pages share


class SelectedDigit(NamedTuple):
    """A digit to look into a network with."""

    vector: Floats  # [784]
    pixels: npt.NDArray[np.uint8]  # [28, 28]
    name: str  # for people
    label: int | None = None  # MNIST's; a drawing has none


class PinnedImage(NamedTuple):
    """A test image, and the strokes that were on the canvas when it was pinned: the next stroke unpins it."""

    image: int
    strokes: tuple[Stroke, ...]


def pinned_image() -> int | None:
    """Return the number of the test image that the visitor looks at; None for the drawing or the example."""
    pinned: PinnedImage | None = st.session_state.get("pinned_image")
    return pinned.image if pinned and pinned.strokes == drawing_history().drawing.strokes else None


def pin_image(image: int | None) -> None:
    """Show a test image instead of the drawing; None goes back to the drawing."""
    st.session_state["pinned_image"] = None if image is None else PinnedImage(image, drawing_history().drawing.strokes)


def look_into_network(name: str) -> None:
    """Have the pages about the inside of a network show this one. To be called in a callback."""
    st.session_state[NETWORK_KEY] = name


def selected_digit(mnist: Mnist | None) -> SelectedDigit | None:
    """Return the digit to look at; None if nothing is drawn and MNIST cannot be read."""
    image, drawn = pinned_image(), drawing_history().pixels
    if image is None and drawn is not None:
        return SelectedDigit(as_vectors(drawn)[0], drawn, "Your drawing")
    if mnist is None:
        return None
    number = EXAMPLE if image is None else image
    pixels, label = mnist.x_test[number], int(mnist.y_test[number])
    name = f"Test image {number}, labelled {label}"
    return SelectedDigit(as_vectors(pixels)[0], pixels, f"An example: {name.lower()}" if image is None else name, label)


class DigitView(NamedTuple):
    """A digit, the network that reads it, and where to show what comes of it."""

    subject: SelectedDigit
    name: str  # the network's
    network: Network
    mnist: Mnist | None
    answer: DeltaGenerator  # the place beside the canvas
    view: DeltaGenerator  # the place right below it


def canvas_row() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Return the places of the canvas and, beside it or below it on a phone, of what is read in it."""
    with st.container(horizontal=True, gap="medium"):
        return st.container(width=in_pixels(CANVAS_SIDE)), st.container(key="reading")


def show_digit_view() -> DigitView:
    """Show the canvas, the choice of a network and the buttons to its mistakes; return what they select.

    Without a digit or a network, say so and stop the page here.
    """
    left, right = canvas_row()
    view = st.container()
    name, network = choose_network(NETWORK_KEY, "notebook")
    mnist = read_mnist()
    with left:
        show_canvas(pen_width())
    with right:
        place = st.container()
        answer = st.container()
    if network and mnist:
        show_mistakes(network, mnist)
    shown = selected_digit(mnist)
    if shown is None:
        place.info("Nothing is drawn yet: draw a digit.")
    if shown is None or network is None:
        st.stop()
    place.markdown(f"**{shown.name}**")
    return DigitView(shown, name, network, mnist, answer, view)


def show_mistakes(network: Network, mnist: Mnist) -> None:
    """Show buttons to the next test image that the network misreads, and back to what was there before."""
    image = pinned_image()
    mistake = mistake_after(network, mnist, -1 if image is None else image)
    with st.container(horizontal=True):
        st.button("Next mistake", key="next_mistake", on_click=pin_image, args=(mistake,), disabled=mistake is None)
        home = "example" if drawing_history().pixels is None else "drawing"
        st.button(f"Back to the {home}", key="back", on_click=pin_image, args=(None,), disabled=image is None)
    st.caption("Shows the next of MNIST's 10,000 test images that this network misreads.")
