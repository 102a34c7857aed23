"""One test image, picked by its number or by a click: what networks read in it, and the way to the pages that look
closer.
"""

from pathlib import Path

import streamlit as st

from model.mnist import Mnist
from model.network import Network
from pages.widgets.answer.probability_bars import PREDICTION, Probabilities, bars, percent
from pages.widgets.app.navigation import request_page, switch_page_if_requested
from pages.widgets.digit.digit_view import look_into_network, pin_image
from pages.widgets.networks.mnist_predictions import EXAMPLE, probabilities_of
from pages.widgets.ui.images import image_html
from pages.widgets.ui.widget_sync import sync_widget

LAST = 9_999
PAGES = {"Open in Inside": "pages/inside.py", "Open in Loss and learning": "pages/backprop.py"}


def select_image(number: int) -> None:
    """Pick a test image by a click or a button."""
    st.session_state["test_image"] = number
    st.session_state["has_clicked"] = True


def enter_image(number: int) -> None:
    """Pick a test image by a field. With a click it comes from a browser that has not heard of the last click yet and
    still has the number from before, so then the click counts.
    """
    if not has_clicked():
        st.session_state["test_image"] = number


def has_clicked() -> bool:
    """Whether something else was picked since the image was shown."""
    return bool(st.session_state.get("has_clicked"))


def suggest_image(number: int) -> None:
    """Have an image stand for the picked one as long as there is none."""
    st.session_state["suggested_image"] = number


def deselect_image() -> None:
    """Go back to what is suggested."""
    st.session_state.pop("test_image", None)
    st.session_state["has_clicked"] = True


def selected_image() -> int:
    """The number of the test image that was picked, 0 to 9,999; until then, of the one suggested."""
    number: int = st.session_state.get("test_image", st.session_state.get("suggested_image", EXAMPLE))
    return number


def show_test_image(networks: dict[str, Network], mnist: Mnist) -> None:
    """The picked image, its label, and what networks, by their names for people, read in it."""
    switch_page_if_requested()
    st.session_state["has_clicked"] = False
    number = selected_image()
    st.number_input(
        f"Test image, 0 to {LAST:,}",
        0,
        LAST,
        sync_widget("test_image_number", number),
        key="test_image_number",
        on_change=lambda: enter_image(st.session_state["test_image_number"]),
    )
    label = int(mnist.y_test[number])
    enlarged = image_html(mnist.x_test[number], f"Test image {number}, 28 by 28 pixels")
    readings = (
        reading(name, probabilities_of(network, mnist)[number], label, chosen=i == 0)
        for i, (name, network) in enumerate(networks.items())
    )
    st.html(
        f'<div class="test-image">{enlarged}<p>Test image {number}, labelled <strong>{label}</strong></p></div>'
        f'<div class="compared">{"".join(readings)}</div>'
    )
    with st.container(horizontal=True, gap="small"):
        for name, page in PAGES.items():
            st.button(name, key=f"open_{Path(page).stem}", on_click=open_in, args=(page, number))


def reading(name: str, probabilities: Probabilities, label: int, chosen: bool) -> str:
    """One network's answer, whether it is right, and its ten probabilities."""
    digit = int(probabilities.argmax())
    sure, verdict = percent(float(probabilities[digit])), "right" if digit == label else "wrong"
    return (
        f'<section aria-label="{name}"><p class="network">{name}</p><div class="reading">'
        f'<p class="read">reads <strong{PREDICTION if chosen else ""}>{digit}</strong>, '
        f"{sure} sure: <strong>{verdict}</strong></p>{bars(probabilities, chosen)}</div></section>"
    )


def open_in(page: str, number: int) -> None:
    """Have another page show the image, read by the network chosen here, and go there."""
    pin_image(number)
    look_into_network(st.session_state["network_test"])
    request_page(page)
