"""Other ways in than drawing: a picture from a file or the camera, and an image of MNIST's test set."""

import logging
from typing import NamedTuple

import numpy as np
import streamlit as st
from PIL import Image, ImageColor

from model.files.limits import MAX_PHOTOGRAPH_BYTES
from model.files.photographs import Photograph, PhotographError, read_photograph
from model.multi_digit import Digit
from model.network import Network
from model.number_format import with_article
from pages.widgets.app.navigation import request_page_rerun, rerun_page_if_requested
from pages.widgets.app.projector import in_pixels
from pages.widgets.digit.canvas_settings import end_whole_number
from pages.widgets.digit.mnist_on_canvas import draw_image
from pages.widgets.draw.multi_digit_answer import show_number
from pages.widgets.gallery.view import ON_CANVAS
from pages.widgets.networks.mnist_predictions import read_mnist
from pages.widgets.ui import palette
from pages.widgets.ui.images import data_url
from pages.widgets.ui.pixel_grid import Pixels
from pages.widgets.ui.uploader import take_file, uploader_key

log = logging.getLogger(__name__)

FIRST_NUMBER = 9  # as in the lesson's notebook
MAX_NUMBER = 9_999
WAYS = ["A picture", "The camera", "A test image"]
INK = ImageColor.getrgb(palette.FIRST)
PAPER_OPACITY = 0.5  # of the photograph where there is no ink, on white


class PhotographReading(NamedTuple):
    """A photograph that was read, small enough to be kept in the session."""

    address: str  # of the picture with its ink marked
    size: tuple[int, int]  # its width and height in pixels
    digits: list[Digit]


@st.fragment
def show_photo_input(networks: dict[str, Network | None]) -> None:
    """Show an expander with other ways to bring in a digit. networks: by their names for people, the chosen one first.

    Nothing is in it until it is opened, because the camera starts as soon as it is on the page.
    """
    rerun_page_if_requested()
    if st.session_state.pop("image_was_drawn", False):  # now that the whole page runs
        st.toast(ON_CANVAS)
    expander = st.expander("More ways in: a picture, the camera, a test image", on_change="rerun", key="ways_in")
    if expander.open:
        with expander:
            way = st.segmented_control("Take", WAYS, default=WAYS[0], required=True, key="way_in")
            if way == "A test image":
                show_test_image()
            else:
                show_photographs(way == "The camera", networks)


def show_photographs(from_camera: bool, networks: dict[str, Network | None]) -> None:
    """Show the camera or the uploader, and what networks read in the latest photograph."""
    st.markdown(
        "Show digits on paper, dark on light or light on dark, with a gap between them: each is read, left to right."
    )
    name = "camera" if from_camera else "photograph"
    if from_camera:
        file = st.camera_input("Photograph of digits", key=uploader_key(name), label_visibility="collapsed")
    else:
        file = st.file_uploader(
            "PNG, JPEG or WebP, up to 10 megapixels",
            max_upload_size=MAX_PHOTOGRAPH_BYTES // 2**20,
            key=uploader_key(name),
        )
    take_file(file, name, read_digits, "photograph")
    reading: PhotographReading | str | None = st.session_state.get("photograph")
    if isinstance(reading, str):
        st.error(reading)
    elif reading:
        show_photograph(reading, networks)


def read_digits(data: bytes) -> PhotographReading | str:
    """Return the digits on a photograph, or a sentence that says why it cannot be read."""
    try:
        photograph = read_photograph(data)
    except PhotographError as error:
        log.info("A photograph was refused: %s", error)
        return str(error)
    height, width = photograph.ink.shape
    return PhotographReading(data_url(mark_ink(photograph), "JPEG"), (width, height), photograph.digits)


def mark_ink(photograph: Photograph) -> Image.Image:
    """Return the photograph, paler, with its ink in colour."""
    paler = 255 - PAPER_OPACITY * (255 - photograph.picture.astype(np.float32))
    return Image.fromarray(np.where(photograph.ink[..., None], INK, paler).astype(np.uint8))


def show_photograph(reading: PhotographReading, networks: dict[str, Network | None]) -> None:
    """Show the photograph with a box around each digit, and what networks read."""
    picture = st.container(key="photograph", width=in_pixels(reading.size[0]))
    picture.html(
        f'<img class="photograph" alt="Your picture; what was taken for ink is coloured" src="{reading.address}">'
    )
    st.caption("What was taken for ink is coloured.")
    chosen = show_number(reading.digits, networks, picture, reading.size, "photographed", is_canvas=False)
    if chosen is not None:
        show_draw_button("Put this digit on the canvas", "draw_photographed", reading.digits[chosen].picture)


def show_test_image() -> None:
    """Show the choice of one of MNIST's test images by its number."""
    mnist = read_mnist()
    if mnist is None:
        return
    number = st.number_input(
        f"Test image, 0 to {MAX_NUMBER:,}", 0, MAX_NUMBER, FIRST_NUMBER, key="way_in_number", persist_state="session"
    )
    label = int(mnist.y_test[number])
    show_draw_button("Put it on the canvas", "draw_test_image", mnist.x_test[number], label)
    st.caption(f"MNIST's label says that it is {with_article(label)}.")


def show_draw_button(text: str, key: str, pixels: Pixels, label: int | None = None) -> None:
    """Show a button that draws an image on the canvas. label: MNIST's, where the image is one of MNIST's."""
    st.button(text, icon=":material/draw:", key=key, on_click=put_on_canvas, args=(pixels, label))


def put_on_canvas(pixels: Pixels, label: int | None) -> None:
    """Draw an image on the canvas, and say so."""
    end_whole_number()
    st.session_state["image_was_drawn"] = True
    draw_image(pixels, label)
    request_page_rerun()
