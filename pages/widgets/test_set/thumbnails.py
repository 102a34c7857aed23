"""Small pictures of test images, to select one of them."""

from collections.abc import Callable

import streamlit as st
from PIL import Image

from model.mnist import Mnist
from pages.widgets.app.projector import in_pixels
from pages.widgets.test_set.image_detail import enter_image, is_outdated, select_image, selected_image, suggest_image
from pages.widgets.ui.images import data_url
from pages.widgets.ui.widget_sync import show_number_input

MAX_SHOWN = 20  # pictures at a time


def show_thumbnails(images: list[int], caption: Callable[[int], str], mnist: Mnist) -> None:
    """Show pictures of test images, twenty at a time: those around the selected one.

    images: their numbers, at least one, in the order shown. The first one is selected until the visitor selects one.
    """
    suggest_image(images[0])
    selected = selected_image()
    place = images.index(selected) if selected in images else -1
    sheet = max(place, 0) // MAX_SHOWN
    show_steps(images, place, sheet)
    with st.container(horizontal=True, gap="xxsmall", key="gallery"):
        for image in images[sheet * MAX_SHOWN : (sheet + 1) * MAX_SHOWN]:
            st.button(
                f"![Test image {image}]({data_url(Image.fromarray(mnist.x_test[image]))}) "
                + (f":primary-background[{caption(image)}]" if image == selected else caption(image)),
                key=f"picture_{image}",
                on_click=select_image,
                args=(image,),
            )


def show_steps(images: list[int], place: int, sheet: int) -> None:
    """Show buttons to the previous and the next image and, if there are many, an input for the page.

    place: where the selected image is in `images`, -1 if it is not among them; sheet: the page shown, from 0.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        at_first, at_last = place <= 0, place == len(images) - 1
        before, after = images[max(place - 1, 0)], images[min(place + 1, len(images) - 1)]
        st.button("Previous", key="previous_image", on_click=select_image, args=(before,), disabled=at_first)
        st.button("Next", key="next_image", on_click=select_image, args=(after,), disabled=at_last)
        if len(images) > MAX_SHOWN:
            show_number_input(
                "Page",
                range(1, -(-len(images) // MAX_SHOWN) + 1),
                sheet + 1,
                "sheet",
                lambda page: None if is_outdated() else enter_image(images[(page - 1) * MAX_SHOWN]),
                in_pixels(120),
            )
