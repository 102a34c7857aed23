"""The main job: draw a digit, see what the network reads."""

import streamlit as st

from pages.widgets.canvas import show_canvas, sketchbook
from pages.widgets.front_door import through_the_front_door
from pages.widgets.networks import choose_networks
from pages.widgets.preprocessing import show_numbers, show_steps
from pages.widgets.reading import show_readings

through_the_front_door()

st.title("Draw a digit")
st.markdown("A small neural network reads it and says how probable it finds each of the ten digits.")


@st.fragment
def draw_and_read() -> None:
    """All that a stroke changes, and nothing else, so that the answer comes at once."""
    with st.container(horizontal=True, gap="medium"):
        left = st.container(width=280)
        right = st.container(key="reading")
    pen_width = st.slider("Pen width in pixels", 10, 40, 20, key="pen_width", persist_state="session")
    networks = choose_networks()
    with left:
        show_canvas(pen_width)
    steps = sketchbook().steps
    with right:
        show_readings(
            {name: network.predict(steps.vector) if network and steps else None for name, network in networks.items()},
            steps.centred if steps else None,
        )
    show_steps(steps)
    show_numbers(steps)


draw_and_read()
