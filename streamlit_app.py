"""The front door of Inkling: page settings and navigation, nothing else."""

from pathlib import Path

import streamlit as st

st.set_page_config(page_title="Inkling", page_icon="✍️")
st.html(Path(__file__).parent / "assets" / "style.css")

st.navigation(
    [
        st.Page("pages/draw.py", title="Draw", icon=":material/draw:", default=True),
        st.Page("pages/inside.py", title="Inside", icon=":material/network_node:"),
        st.Page("pages/training.py", title="Training curves", icon=":material/show_chart:"),
    ],
    position="top",
).run()
