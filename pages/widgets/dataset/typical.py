"""The digits in MNIST: how many images each has, their average, and the most and the least typical of them."""

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from model.averages import distances_to_own_average
from model.mnist import Mnist
from model.number_format import as_percent
from model.preprocessing import SIDE
from pages.widgets.dataset.image_browser import parts_of
from pages.widgets.networks.average_rule import average_rule
from pages.widgets.networks.mnist_predictions import cached_mnist
from pages.widgets.ui.charts import PADDING, Specification, bar_chart, digit_axis, pair_legend, pair_scale, show_chart
from pages.widgets.ui.images import image_html

SHOWN = 5  # of the most and of the least typical images of each digit
COUNTS = "counts"  # the chart's name for its data


def show_counts(mnist: Mnist) -> None:
    """Show how many images of each digit there are."""
    counts = pd.concat(
        pd.DataFrame({"digit": range(10), "images": np.bincount(labels, minlength=10), "part": name})
        for name, (_, labels) in parts_of(mnist).items()
    )
    training = counts[counts["part"] == "Training"].set_index("digit")["images"]
    show_chart(counts_chart(), "mnist_counts", {COUNTS: counts})
    st.caption(
        f"Some digits are more frequent: there are from {training.min():,} training images of the {training.idxmin()} "
        f"to {training.max():,} of the {training.idxmax()}. A network that always said {training.idxmax()} would be "
        f"right on {as_percent(training.max() / training.sum())} of them."
    )


@st.cache_data(show_spinner=False)
def counts_chart() -> Specification:
    """Return the chart of how many images of each digit there are, without its data."""
    parts = ["Training", "Test"]
    encoding = {
        "x": digit_axis("Label"),
        "y": alt.Y("images:Q", title="Images", axis=alt.Axis(format=",d")),
        "xOffset": alt.XOffset("part:N", sort=parts),
        "color": alt.Color("part:N", title=None, scale=pair_scale(parts), legend=pair_legend(parts)),
        "tooltip": [
            alt.Tooltip("part:N", title="Part"),
            alt.Tooltip("digit:O", title="Label"),
            alt.Tooltip("images:Q", title="Images", format=","),
        ],
    }
    title, about = "Images of each label", "How many images there are of each label"
    return bar_chart(COUNTS, encoding, height=280, padding=PADDING, title=title, description=about)


@st.cache_resource(show_spinner=False)
def typical_images() -> tuple[tuple[int, ...], ...]:
    """Return, for each digit, the numbers of its most and then of its least typical training images.

    They are found once for all visitors. Raises MnistError.
    """
    mnist = cached_mnist()
    far = distances_to_own_average(average_rule().averages, mnist.x_train, mnist.y_train)
    found = []
    for digit in range(10):
        numbers = np.flatnonzero(mnist.y_train == digit)
        ranked = numbers[np.argsort(far[numbers], kind="stable")]
        found.append((*ranked[:SHOWN].tolist(), *ranked[: -SHOWN - 1 : -1].tolist()))
    return tuple(found)


def show_typical(mnist: Mnist) -> None:
    """Show a row for each digit: its average, its most and its least typical images."""
    averages = np.rint(average_rule().averages * 255).astype(np.uint8).reshape(-1, SIDE, SIDE)
    heads = "".join(
        f'<span class="{name}">{text}</span>'
        for name, text in (("average", "aver&shy;age"), ("most", "most typical"), ("least", "least typical"))
    )
    pictures = ""
    for digit, numbers in enumerate(typical_images()):
        pictures += image_html(averages[digit], f"The average {digit}")
        for number in numbers:
            pictures += image_html(mnist.x_train[number], f"Training image {number}, labelled {digit}")
    st.html(f'<div class="typical">{heads}{pictures}</div>')
