"""Accuracy, loss and mistakes of networks on the test set."""

from typing import Literal

import numpy as np
import streamlit as st

from model.evaluate import mean_loss
from model.mnist import Mnist
from model.network import Network
from pages.widgets.app.projector import in_pixels
from pages.widgets.networks.mnist_predictions import accuracy_of, answers_of, probabilities_of

# How a metric and its difference from another network's are written. More is better in accuracy alone.
FORMS = {
    "Accuracy": ("{:.2f}%", "{:+.2f} points"),
    "Loss": ("{:.4f}", "{:+.4f}"),
    "Mistakes": ("{:,}", "{:+,}"),
}


def show_metrics(networks: dict[str, Network], mnist: Mnist) -> None:
    """Show the metrics of each network, and how the second network's differ from the first one's."""
    first: dict[str, float] | None = None
    for name, network in networks.items():
        metrics = metrics_of(network, mnist)
        if len(networks) > 1:
            st.markdown(f"**{name}**" if first is None else f"**{name}**, compared with the first:")
        with st.container(horizontal=True):
            for metric, value in metrics.items():
                show_metric(metric, value, None if first is None else value - first[metric])
        first = first or metrics
    st.caption(
        "**Accuracy** is the share of the images whose most probable digit is the label. **Loss** is the *cross-"
        "entropy*, the mean of $-\\ln p$ for the label's probability $p$: it also counts how sure the answers are. The "
        "settings of *Robust* were compared on these images, which makes its figures a little too good."
    )


def metrics_of(network: Network, mnist: Mnist) -> dict[str, float]:
    """Return a network's accuracy in percent, its mean loss, and how many test images it misreads."""
    return {
        "Accuracy": 100 * accuracy_of(network, mnist),
        "Loss": mean_loss(probabilities_of(network, mnist), mnist.y_test),
        "Mistakes": int(np.count_nonzero(answers_of(network, mnist) != mnist.y_test)),
    }


def show_metric(name: str, value: float, difference: float | None) -> None:
    """Show a metric and its difference from the first network's; None for the first network itself."""
    form, form_of_difference = FORMS[name]
    delta = None if difference is None else "the same"
    colour: Literal["normal", "inverse", "off"] = "off"
    if difference:
        verdict = "better" if (difference > 0) == (name == "Accuracy") else "worse"
        delta = f"{form_of_difference.format(difference)}, {verdict}"
        colour = "normal" if name == "Accuracy" else "inverse"
    arrow: Literal["auto", "off"] = "auto" if difference else "off"
    st.metric(name, form.format(value), delta, delta_color=colour, delta_arrow=arrow, width=in_pixels(150))
