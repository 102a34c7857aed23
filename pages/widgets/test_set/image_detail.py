"""One test image, selected by its number or by a click: what networks read in it, and buttons to other pages."""

from pathlib import Path

import streamlit as st

from model.mnist import Mnist
from model.network import Network
from pages.widgets.answer.answer_text import Probabilities, percent
from pages.widgets.answer.probability_bars import PREDICTION, bars
from pages.widgets.app.navigation import request_page, switch_page_if_requested
from pages.widgets.digit.digit_view import look_into_network, pin_image
from pages.widgets.networks.mnist_predictions import EXAMPLE, probabilities_of
from pages.widgets.test_set.page_settings import tested_network
from pages.widgets.ui.images import image_html
from pages.widgets.ui.widget_sync import show_number_input

NUMBERS = range(10_000)
PAGES = {"Open in Inside": "pages/inside.py", "Open in Loss and learning": "pages/backprop.py"}


def select_image(number: int) -> None:
    """Select a test image by a click or a button."""
    st.session_state["test_image"] = number
    st.session_state["has_clicked"] = True


def enter_image(number: int) -> None:
    """Select a test image by its number. A number that comes together with a click is from before the click, because
    the browser has not heard of the click yet: then the click counts.
    """
    if not st.session_state.get("has_clicked"):
        st.session_state["test_image"] = number


def is_outdated() -> bool:
    """Return whether an input beside the image, which follows the image, says what the browser showed before: it came
    together with a click or with another image's number.
    """
    has_entered = st.session_state.get("test_image_number") != st.session_state.get("shown_image")
    return has_entered or bool(st.session_state.get("has_clicked"))


def suggest_image(number: int) -> None:
    """Have this image shown for as long as none is selected."""
    st.session_state["suggested_image"] = number


def deselect_image() -> None:
    """Go back to the suggested image."""
    st.session_state.pop("test_image", None)
    st.session_state["has_clicked"] = True


def selected_image() -> int:
    """Return the number of the selected test image, 0 to 9,999; if none is selected, of the suggested one."""
    number: int = st.session_state.get("test_image", st.session_state.get("suggested_image", EXAMPLE))
    return number


def show_image_detail(networks: dict[str, Network], mnist: Mnist) -> None:
    """Show the selected image, its label, and what networks read in it. networks: by their names for people."""
    switch_page_if_requested()
    number = selected_image()
    st.session_state.update(has_clicked=False, shown_image=number)
    show_number_input("Test image", NUMBERS, number, "test_image_number", enter_image)
    label = int(mnist.y_test[number])
    enlarged = image_html(mnist.x_test[number], f"Test image {number}, 28 by 28 pixels")
    answers = (
        answer_html(name, probabilities_of(network, mnist)[number], label, chosen=i == 0)
        for i, (name, network) in enumerate(networks.items())
    )
    st.html(
        f'<div class="test-image">{enlarged}<p>Test image {number}, labelled <strong>{label}</strong></p></div>'
        f'<div class="compared">{"".join(answers)}</div>'
    )
    with st.container(horizontal=True, gap="small"):
        for name, page in PAGES.items():
            st.button(name, key=f"open_{Path(page).stem}", on_click=open_on_page, args=(page, number))


def answer_html(name: str, probabilities: Probabilities, label: int, chosen: bool) -> str:
    """Return one network's answer, whether it is right, and its ten probabilities. chosen: whether it is the page's."""
    digit = int(probabilities.argmax())
    sure, verdict = percent(float(probabilities[digit])), "right" if digit == label else "wrong"
    return (
        f'<section aria-label="{name}"><p class="network">{name}</p><div class="reading">'
        f'<p class="read">reads <strong{PREDICTION if chosen else ""}>{digit}</strong>, '
        f"{sure} sure: <strong>{verdict}</strong></p>{bars(probabilities, chosen)}</div></section>"
    )


def open_on_page(page: str, number: int) -> None:
    """Go to another page, which then shows this image and the network that is tested here."""
    pin_image(number)
    look_into_network(tested_network())
    request_page(page)
