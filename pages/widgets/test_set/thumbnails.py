"""Small pictures of test images, to pick one of them; and of which network they are."""

from collections.abc import Callable

import streamlit as st
from PIL import Image

from model.mnist import Mnist
from model.network import Network
from pages.widgets.app.projector import in_pixels
from pages.widgets.test_set.image_detail import enter_image, select_image, selected_image, suggest_image
from pages.widgets.ui.images import data_url
from pages.widgets.ui.widget_sync import sync_widget

MAX_SHOWN = 20  # pictures at a time


def look_at(name: str) -> None:
    """Show the images of a network."""
    st.session_state["looked_at"] = name


def looked_at(networks: dict[str, Network]) -> str:
    """The name of the network whose images are shown: the first one's, until the visitor asks for another's."""
    name: str = st.session_state.get("looked_at", "")
    return name if name in networks else next(iter(networks))


def choose_looked_at(networks: dict[str, Network], question: str) -> str:
    """Whose images, where there are several networks."""
    name = looked_at(networks)
    if len(networks) > 1:
        st.segmented_control(
            question,
            list(networks),
            default=sync_widget("look_at", name),
            required=True,
            key="look_at",
            on_change=lambda: look_at(st.session_state["look_at"]),
        )
    return name


def show_thumbnails(images: list[int], caption: Callable[[int], str], mnist: Mnist) -> None:
    """Pictures of test images, one at least; those around the picked one where there are many.

    images: their numbers, in the order shown; the first one stands for the picked one until there is one.
    """
    suggest_image(images[0])
    picked = selected_image()
    place = images.index(picked) if picked in images else -1
    sheet = max(place, 0) // MAX_SHOWN
    show_steps(images, place, sheet)
    with st.container(horizontal=True, gap="xxsmall", key="gallery"):
        for image in images[sheet * MAX_SHOWN : (sheet + 1) * MAX_SHOWN]:
            st.button(
                f"![Test image {image}]({data_url(Image.fromarray(mnist.x_test[image]))}) "
                + (f":primary-background[{caption(image)}]" if image == picked else caption(image)),
                key=f"picture_{image}",
                on_click=select_image,
                args=(image,),
            )


def show_steps(images: list[int], place: int, sheet: int) -> None:
    """One image on or back; and, where they are too many to show, twenty at once. place: -1 where none is picked."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        at_first, at_last = place <= 0, place == len(images) - 1
        before, after = images[max(place - 1, 0)], images[min(place + 1, len(images) - 1)]
        st.button("Previous", key="previous_image", on_click=select_image, args=(before,), disabled=at_first)
        st.button("Next", key="next_image", on_click=select_image, args=(after,), disabled=at_last)
        sheets = -(-len(images) // MAX_SHOWN)
        if sheets > 1:
            st.number_input(
                f"Page, 1 to {sheets}",
                1,
                sheets,
                sync_widget("sheet", sheet + 1),
                key="sheet",
                on_change=lambda: enter_image(images[(st.session_state["sheet"] - 1) * MAX_SHOWN]),
                width=in_pixels(120),
            )
