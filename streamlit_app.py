"""The front door of Inkling: page settings and menu, and what is on every page."""

from pathlib import Path

import streamlit as st

from pages.widgets.app.memory import save_memory, settle
from pages.widgets.app.menu import show_menu
from pages.widgets.app.projector import is_projected
from pages.widgets.app.session_notice import tell_of_new_session
from pages.widgets.app.streamlit_patches import bound_what_browsers_send
from pages.widgets.app.style import show_logo, show_style
from pages.widgets.gallery.store import kept
from pages.widgets.networks.session_networks import has_networks

ASSETS = Path(__file__).parent / "assets"

bound_what_browsers_send()
save_memory()
st.set_page_config("Inkling", ASSETS / "logo.svg", initial_sidebar_state="collapsed" if is_projected() else "auto")
show_style(ASSETS / "style.css")
show_logo(ASSETS)
tell_of_new_session({"gallery": bool(kept()), "networks": has_networks()})

sections = {
    "": [st.Page("pages/draw.py", title="Draw", icon=":material/draw:", default=True)],
    "How it works": [
        st.Page("pages/why.py", title="Why deep?", icon=":material/layers:"),
        st.Page("pages/neuron.py", title="One neuron", icon=":material/radio_button_checked:"),
        st.Page("pages/inside.py", title="Inside", icon=":material/network_node:"),
        st.Page("pages/backprop.py", title="Loss and learning", icon=":material/trending_down:"),
    ],
    "Data and training": [
        st.Page("pages/dataset.py", title="MNIST", icon=":material/dataset:"),
        st.Page("pages/training.py", title="Training curves", icon=":material/show_chart:"),
        st.Page("pages/test_set.py", title="Test set", icon=":material/fact_check:"),
    ],
}
page = st.navigation([page for pages in sections.values() for page in pages], position="hidden")
show_menu(sections, page)
page.run()
settle()
