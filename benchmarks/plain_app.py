"""The baseline: the same network and recipe in a plain Streamlit app, with Keras in the page."""

import keras
import streamlit as st
from streamlit_drawable_canvas import st_canvas

from model import preprocess
from model.bundled_networks import BUNDLED, BUNDLED_NAMES

network = st.cache_resource(keras.models.load_model)(BUNDLED / BUNDLED_NAMES[0] / "network.keras")
canvas = st_canvas(
    stroke_width=20,
    stroke_color="#ffffff",
    background_color="#000000",
    width=280,
    height=280,
    return_image_data=True,
    key="canvas",
)
x = None if canvas.image_data is None else preprocess(canvas.image_data)
if x is not None:
    probabilities = network.predict(x[None], verbose=0)[0]
    st.metric("Prediction", int(probabilities.argmax()))
    st.bar_chart(probabilities)
    st.html(f'<span data-probability="{probabilities.tolist()}"></span>')  # for the stopwatch
