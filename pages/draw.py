"""The main job: draw a digit, see what the network reads."""

import streamlit as st

from model.mnist import as_vectors
from model.network import Network
from pages.widgets.answer.digit_check import are_digits
from pages.widgets.answer.probability_bars import show_answers
from pages.widgets.app.navigation import ensure_navigation, rerun_page_if_requested
from pages.widgets.app.server_tuning import DRAW_PAGE_LOCK
from pages.widgets.canvas.component import drawing_history, show_canvas
from pages.widgets.canvas.live_preview import show_live_preview
from pages.widgets.digit.canvas_settings import choose_pen_width, choose_whole_number
from pages.widgets.digit.experiment_row import show_experiments
from pages.widgets.digit.mnist_on_canvas import explain_odd_digit
from pages.widgets.draw.challenge import show_challenge, show_challenge_start
from pages.widgets.draw.experiments import EXPERIMENTS
from pages.widgets.draw.multi_digit import show_multi_digit_canvas
from pages.widgets.draw.photo_input import show_photo_input
from pages.widgets.draw.preprocessing_steps import show_preprocessing, update_preprocessing
from pages.widgets.gallery.view import ask_label, show_gallery, show_gallery_upload
from pages.widgets.networks.picker import choose_networks

ensure_navigation()

st.title("Draw a digit")
st.markdown("Draw in the black square: a small neural network says which digit it reads, and how sure it is.")


@st.fragment
def draw_digit(pen_width: int, networks: dict[str, Network | None]) -> None:
    """Show all that a stroke changes, and nothing else, so that the answer comes at once.

    The style sheet puts the answer beside the canvas: each container would be one more message for every stroke.
    """
    with DRAW_PAGE_LOCK:
        show_canvas(pen_width)
        pixels = drawing_history().pixels
        vector = None if pixels is None else as_vectors(pixels)[0]
        answers = {
            name: None if network is None or vector is None else network.predict(vector)
            for name, network in networks.items()
        }
        looks_like_digit = vector is None or not any(networks.values()) or bool(are_digits(vector[None])[0])
        show_answers(answers, pixels, looks_like_digit)
        if not looks_like_digit:
            explain_odd_digit()
        update_preprocessing(pixels)
    rerun_page_if_requested()


with DRAW_PAGE_LOCK:
    challenge_place, canvas_place, label_place = st.container(), st.container(), st.container()
    show_experiments("draw", EXPERIMENTS)
    pen_width = choose_pen_width()
    is_whole_number = choose_whole_number()
    networks = choose_networks()
    if is_whole_number:
        with canvas_place:
            show_multi_digit_canvas(pen_width, networks)
    else:
        with challenge_place:
            show_challenge(networks)
        with canvas_place, st.container(key="digit"):
            draw_digit(pen_width, networks)
        with label_place:
            ask_label(networks)
        show_live_preview(networks)
        show_preprocessing(drawing_history())
show_photo_input(networks)
show_challenge_start()
show_gallery_upload()
show_gallery()
