"""MNIST, the data set: its images, divided by 255 and reshaped."""

import streamlit as st

from model.mnist import Mnist
from pages.widgets.app.navigation import ensure_navigation
from pages.widgets.dataset.experiments import EXPERIMENTS
from pages.widgets.dataset.image_browser import choose_image, show_image
from pages.widgets.dataset.pixel_numbers import show_pixel_numbers
from pages.widgets.dataset.random_sample import show_sample
from pages.widgets.dataset.shapes import show_shapes
from pages.widgets.dataset.typical import show_counts, show_typical
from pages.widgets.digit.experiment_row import show_experiments
from pages.widgets.networks.mnist_predictions import read_mnist
from pages.widgets.ui.pixel_grid import strip

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
def explore_image(mnist: Mnist) -> None:
    """Show all that another image changes, and nothing else."""
    left, right = st.columns(2, gap="medium")
    with left:
        image = choose_image(mnist)
    with right:
        show_image(image)

    st.subheader("The numbers in it")
    show_pixel_numbers(image.pixels)

    st.subheader("One long row")
    st.markdown(
        "A dense network takes no picture but 784 numbers in a row: the image's first row of pixels, then its second, "
        "and so on to the last. That is the **reshape** from 28 by 28 to 784. A pixel that was right below another is "
        "now 28 places further on, and nobody tells the network so."
    )
    st.html(strip(image.pixels))
    st.caption("The numbers below are the rows of the image, 0 to 27. In a narrow window, the strip scrolls.")


mnist = read_mnist()
if mnist is None:
    st.stop()

explore_image(mnist)

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
