"""MNIST, the data set: look at the images, divide them by 255, reshape them."""

import streamlit as st

from model.mnist import Mnist
from pages.widgets.app.navigation import ensure_navigation
from pages.widgets.dataset.experiments import EXPERIMENTS
from pages.widgets.dataset.image_browser import choose_image, show_image
from pages.widgets.dataset.random_sample import show_sample
from pages.widgets.dataset.shapes import show_shapes
from pages.widgets.dataset.typical import show_counts, show_typical
from pages.widgets.digit.experiment_row import show_experiments
from pages.widgets.networks.mnist_predictions import read_mnist
from pages.widgets.ui.pixel_grid import as_share, number_grid, strip

ensure_navigation()

st.title("MNIST")
st.markdown("Look at the 70,000 handwritten digits that networks here learn from and are tested with.")
show_experiments("dataset", EXPERIMENTS)
st.markdown(
    "Employees of the US Census Bureau and American high-school students wrote them; each was scanned and made into an "
    "image of 28 by 28 pixels. Networks learn from 60,000 of them, the **training images**; the other 10,000, the "
    "**test images**, are kept back to find out how well they learned."
)


@st.fragment
def look_at_one(mnist: Mnist) -> None:
    """All that another image changes."""
    left, right = st.columns(2, gap="medium")
    with left:
        image = choose_image(mnist)
    with right:
        show_image(image)

    st.subheader("The numbers in it")
    numbers = st.segmented_control(
        "Numbers", ["0 to 255", "0 to 1"], default="0 to 255", required=True, key="numbers_as", persist_state="session"
    )
    if numbers == "0 to 255":
        st.markdown(
            "To the computer an image is numbers: one for each pixel, 0 where there is no ink, 255 for full ink."
        )
        st.html(number_grid(image.pixels, str))
    else:
        st.markdown(
            "The same numbers divided by 255, rounded to two digits here. Networks learn better from small inputs: "
            "with numbers up to 255, the sums in the neurons and the gradients of the weights would be hundreds of "
            "times as large."
        )
        st.html(number_grid(image.pixels, as_share))

    st.subheader("One long row")
    st.markdown(
        "A dense network takes no picture but 784 numbers in a row: the image's first row of pixels, then its second, "
        "and so on to the last. That is the **reshape** from 28 by 28 to 784. What was one pixel below another is now "
        "28 places further on, and nobody tells the network so."
    )
    st.html(strip(image.pixels))
    st.caption("Below, the rows of the image, 0 to 27. Where the window is too narrow, the strip scrolls.")


mnist = read_mnist()
if mnist is None:
    st.stop()

look_at_one(mnist)

st.subheader("Shapes and types")
show_shapes(mnist)

st.subheader("A hundred of them")
show_sample(mnist)

st.subheader("How many of each")
show_counts(mnist)

st.subheader("Average and typical")
st.markdown(
    "The average of all training images of a digit is a blurred digit. The **most typical** images are those closest "
    "to it, the **least typical** those farthest from it, by the root of the sum of all pixels' squared differences. "
    "That counts pixels, not beauty: a thick, wide or slanted digit is far from the average, however clearly written."
)
show_typical(mnist)
