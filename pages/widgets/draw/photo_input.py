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
from model.wording import with_article
from pages.widgets.app.navigation import request_page_rerun, rerun_page_if_requested
from pages.widgets.app.projector import in_pixels
from pages.widgets.canvas.component import sketchbook
from pages.widgets.digit.mnist_on_canvas import as_stroke, draw_mnist_image
from pages.widgets.draw.multi_digit_answer import show_number
from pages.widgets.gallery.view import ON_CANVAS
from pages.widgets.networks.mnist_predictions import read_mnist
from pages.widgets.ui import palette
from pages.widgets.ui.component_events import take_file, uploader_key
from pages.widgets.ui.images import data_url
from pages.widgets.ui.pixel_grid import Pixels

log = logging.getLogger(__name__)

FIRST_NUMBER = 9  # the notebook's
MAX_NUMBER = 9_999
WAYS = ["A picture", "The camera", "A test image"]
INK = ImageColor.getrgb(palette.FIRST)
PAPER_OPACITY = 0.5  # how much of the photograph stays where there is no ink; the rest is white


class PhotographReading(NamedTuple):
    """A photograph that was read, small enough to be kept in the session."""

    address: str  # of the picture with its ink marked
    size: tuple[int, int]  # its width and height
    digits: list[Digit]


@st.fragment
def show_photo_input(networks: dict[str, Network | None]) -> None:
    """Opened on request: the camera, for one, starts as soon as it is on the page."""
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
    """Digits on paper: take a photograph, and see what is read in the last one."""
    st.markdown(
        "Digits on paper, dark on light or light on dark, with a gap between them: each is read, left to right."
    )
    show_photograph_source(from_camera)
    seen: PhotographReading | str | None = st.session_state.get("photograph")
    if isinstance(seen, str):
        st.error(seen)
    elif seen:
        show_photograph(seen, networks)


def show_photograph_source(from_camera: bool) -> None:
    """Read what the visitor brings, once."""
    name = "camera" if from_camera else "photograph"
    if from_camera:
        file = st.camera_input("Photograph of digits", key=uploader_key(name), label_visibility="collapsed")
    else:
        file = st.file_uploader(
            "PNG, JPEG or WebP, up to 10 megapixels",
            max_upload_size=MAX_PHOTOGRAPH_BYTES // 2**20,
            key=uploader_key(name),
        )
    take_file(file, name, summarise_photograph, "photograph")


def summarise_photograph(data: bytes) -> PhotographReading | str:
    """What is on a photograph, or the sentence that says why it cannot be read."""
    try:
        photograph = read_photograph(data)
    except PhotographError as error:
        log.info("A photograph was refused: %s", error)
        return str(error)
    height, width = photograph.ink.shape
    return PhotographReading(data_url(mark_ink(photograph), "JPEG"), (width, height), photograph.digits)


def mark_ink(photograph: Photograph) -> Image.Image:
    """The photograph, paler, with what was taken for ink in colour."""
    paler = 255 - PAPER_OPACITY * (255 - photograph.picture.astype(np.float32))
    return Image.fromarray(np.where(photograph.ink[..., None], INK, paler).astype(np.uint8))


def show_photograph(seen: PhotographReading, networks: dict[str, Network | None]) -> None:
    """The photograph with a box around each digit, and what networks read."""
    width, height = seen.size
    picture = st.container(key="photograph", width=in_pixels(width))
    with picture:
        st.html(f'<img class="photograph" alt="Your picture; what was taken for ink is coloured" src="{seen.address}">')
    st.caption("What was taken for ink is coloured.")
    chosen = show_number(seen.digits, networks, picture, (width, height), "photographed", is_canvas=False)
    if chosen is not None:
        st.button(
            "Put this digit on the canvas",
            icon=":material/draw:",
            key="draw_photographed",
            on_click=draw_image,
            args=(seen.digits[chosen].picture,),
        )


def show_test_image() -> None:
    """One of MNIST's test images, by its number."""
    mnist = read_mnist()
    if mnist is None:
        return
    number = st.number_input(
        f"Test image, 0 to {MAX_NUMBER:,}", 0, MAX_NUMBER, FIRST_NUMBER, key="way_in_number", persist_state="session"
    )
    st.button(
        "Put it on the canvas",
        icon=":material/draw:",
        key="draw_test_image",
        on_click=draw_image,
        args=(mnist.x_test[number], int(mnist.y_test[number])),
    )
    st.caption(f"MNIST's label says that it is {with_article(mnist.y_test[number])}.")


def draw_image(pixels: Pixels, label: int | None = None) -> None:
    """Have the canvas show an image; undo brings back what was there. label: MNIST's, if it is one of its images."""
    st.session_state["whole_number"] = False
    st.session_state["image_was_drawn"] = True
    if label is None:
        sketchbook().replace((as_stroke(pixels),))
    else:
        draw_mnist_image(pixels, label)
    request_page_rerun()
