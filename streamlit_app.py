"""The front door of Inkling: page settings and navigation, and what is on every page."""

from pathlib import Path

import streamlit as st

from pages.widgets.new_session import tell_of_new_session
from pages.widgets.serving import settle
from pages.widgets.style import show_style

st.set_page_config(page_title="Inkling", page_icon="✍️")
show_style(Path(__file__).parent / "assets" / "style.css")

page = st.navigation(
    [
        st.Page("pages/draw.py", title="Draw", icon=":material/draw:", default=True),
        st.Page("pages/why.py", title="Why deep?", icon=":material/layers:"),
        st.Page("pages/neuron.py", title="One neuron", icon=":material/radio_button_checked:"),
        st.Page("pages/inside.py", title="Inside", icon=":material/network_node:"),
        st.Page("pages/backprop.py", title="Loss and learning", icon=":material/trending_down:"),
        st.Page("pages/dataset.py", title="MNIST", icon=":material/dataset:"),
        st.Page("pages/training.py", title="Training curves", icon=":material/show_chart:"),
        st.Page("pages/test_set.py", title="Test set", icon=":material/fact_check:"),
    ],
    position="top",
)
# After the navigation: what a browser answers before it knows which page it is on would bring it to the first one.
tell_of_new_session()
page.run()
settle()
