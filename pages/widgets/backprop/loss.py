"""How wrong the answer is, and how that depends on the outputs, the layers and the pixels."""

import math

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from model.network import Floats, LayerGradients, Network
from model.number_format import with_article
from model.preprocessing import SIDE
from model.shades import signed_shades
from pages.widgets.digit.digit_view import SelectedDigit
from pages.widgets.networks.selected_neuron import layer_name
from pages.widgets.ui.charts import Specification, bar_chart, digit_axis, show_chart, sign_colour
from pages.widgets.ui.images import image_html, signed_image_html
from pages.widgets.ui.latex import approximate, significant
from pages.widgets.ui.palette import FIRST

HEIGHT = 240
DATA = "bars"  # the charts' name for their data


def show_loss(loss: float, digit: int) -> None:
    """Show the cross-entropy, with its numbers."""
    st.latex(rf"p_{digit} {approximate(math.exp(-loss))} \qquad L = -\ln p_{digit} \approx {significant(loss)}")
    st.caption(
        "The **loss** says how wrong an answer is, in one number: the *cross-entropy*, minus the natural logarithm of "
        "the right digit's probability. A sure, right answer costs almost nothing, $p = 0.1$ costs 2.30, and a sure, "
        "wrong answer costs most. In the textbook's formula, $L = -\\sum_i y_i \\ln p_i$, $y_i$ is 1 for the right "
        "digit and 0 for all others."
    )


def show_gradients(network: Network, gradients: list[LayerGradients], subject: SelectedDigit, digit: int) -> None:
    """Show the gradients from the outputs back to the pixels."""
    left, right = st.columns(2)
    with left:
        st.markdown("**At the output**: $p - y$")
        errors = pd.DataFrame({"digit": np.arange(10), "error": gradients[-1].z})
        show_chart(error_chart(), "errors", {DATA: errors})
        st.caption(
            f"How the loss changes with each output's sum $z$: by its probability, minus 1 for the {digit}. A step of "
            "learning moves each sum the other way: up if its bar is below 0, down if it is above."
        )
    with right:
        st.markdown("**Layer by layer**")
        sizes = [
            {"layer": layer_name(network, i), "size": root_mean_square(gradient.weights)}
            for i, gradient in enumerate(gradients)
        ]
        show_chart(size_chart(), "sizes", {DATA: pd.DataFrame(sizes)})
        st.caption(
            "How large the gradient of each layer's weights is (root mean square: the size of a typical "
            "derivative). Backpropagation hands it back from the output, layer by layer. If it is small, a layer "
            "learns slowly."
        )
    show_pixels(gradients[0].x, subject, digit)


def show_pixels(by_pixel: Floats, subject: SelectedDigit, digit: int) -> None:
    """Show which pixels would have to change. by_pixel: how the loss changes with each pixel, float32 [784]."""
    x = subject.vector
    is_possible = np.where(by_pixel < 0, x < 1, x > 0)  # white cannot get more ink, black cannot get less
    change = np.where(is_possible, -by_pixel, 0)
    wanted = signed_image_html(signed_shades(change).reshape(SIDE, SIDE), "Where more or less ink would lower the loss")
    st.html(
        '<div class="steps">'
        f"<figure>{image_html(subject.pixels, 'The input')}<figcaption>the input</figcaption></figure>"
        f"<figure>{wanted}<figcaption>red: more ink here lowers the loss; blue: less ink does</figcaption></figure>"
        "</div>"
    )
    st.caption(
        "**Back to the pixels**: the gradient goes through the first layer, too. This is what would have to "
        f"change for the network to see more of {with_article(digit)} here. One step of grey (1/255) in the strongest "
        f"pixel lowers the loss by about ${significant(float(np.abs(change).max()) / 255)}$. Where it is "
        "white, no change would help, or none is possible, because a black pixel has no ink to lose."
    )


def root_mean_square(gradient: Floats) -> float:
    """Return the size of a gradient, which does not depend on how many weights there are."""
    return float(np.sqrt(np.mean(np.square(gradient))))


@st.cache_data(show_spinner=False)
def error_chart() -> Specification:
    """Return the chart of the ten errors of the output, without its data."""
    encoding = {
        "x": digit_axis(),
        "y": alt.Y("error:Q", title="p - y", scale=alt.Scale(domain=[-1, 1])),
        "color": sign_colour("error"),
        "tooltip": [alt.Tooltip("digit:O", title="Digit"), alt.Tooltip("error:Q", title="p - y", format="+.4f")],
    }
    return bar_chart(DATA, encoding, height=HEIGHT, description="p - y for each of the ten digits")


@st.cache_data(show_spinner=False)
def size_chart() -> Specification:
    """Return the chart of the sizes of the layers' gradients, without its data."""
    encoding = {
        "x": alt.X("layer:N", title=None, sort=None, axis=alt.Axis(labelAngle=0)),
        "y": alt.Y("size:Q", title="Size of the gradient", axis=alt.Axis(format="~g")),
        "tooltip": [alt.Tooltip("layer:N", title="Layer"), alt.Tooltip("size:Q", title="Size", format=".2e")],
    }
    return bar_chart(DATA, encoding, {"color": FIRST}, height=HEIGHT, description="The size of each layer's gradient")
