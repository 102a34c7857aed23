"""What networks come to on the test set, in three figures each."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from model.evaluate import mean_loss
from model.mnist import Mnist
from model.network import Network
from model.wording import as_percent
from pages.widgets.app.projector import in_pixels
from pages.widgets.networks.mnist_predictions import accuracy_of, answers_of, probabilities_of


class Figures(NamedTuple):
    """A network on the test set."""

    accuracy: float  # 0 to 1
    loss: float
    mistakes: int

    @classmethod
    def of(cls, network: Network, mnist: Mnist) -> "Figures":
        """Those of a network."""
        mistakes = np.count_nonzero(answers_of(network, mnist) != mnist.y_test)
        of_all = mean_loss(probabilities_of(network, mnist), mnist.y_test)
        return cls(accuracy_of(network, mnist), of_all, int(mistakes))


def show_figures(networks: dict[str, Network], mnist: Mnist) -> None:
    """Those of each network, and how far the second one's are from the first one's."""
    first: Figures | None = None
    for name, network in networks.items():
        figures = Figures.of(network, mnist)
        if len(networks) > 1:
            st.markdown(f"**{name}**" if first is None else f"**{name}**, compared with the first:")
        with st.container(horizontal=True):
            points = None if first is None else 100 * (figures.accuracy - first.accuracy)
            show_metric("Accuracy", as_percent(figures.accuracy), points, "{:+.2f} points", more_is_better=True)
            difference = None if first is None else figures.loss - first.loss
            show_metric("Loss", f"{figures.loss:.4f}", difference, "{:+.4f}", more_is_better=False)
            more = None if first is None else figures.mistakes - first.mistakes
            show_metric("Mistakes", f"{figures.mistakes:,}", more, "{:+,}", more_is_better=False)
        first = first or figures
    st.caption(
        "**Accuracy** is the share of the images whose most probable digit is the label. **Loss** is the mean of "
        "$-\\ln p$ of the label's probability, the *cross-entropy*: it also counts how sure the answers are. The "
        "robust network's settings were compared on these images, which makes its figures a little too good."
    )


def show_metric(name: str, figure: str, difference: float | None, form: str, more_is_better: bool) -> None:
    """A figure, and its difference to the other network's, if there is one."""
    if not difference:
        delta = None if difference is None else "the same"
        st.metric(name, figure, delta, delta_color="off", delta_arrow="off", width=in_pixels(150))
        return
    verdict = "better" if (difference > 0) == more_is_better else "worse"
    st.metric(
        name,
        figure,
        f"{form.format(difference)}, {verdict}",
        delta_color="normal" if more_is_better else "inverse",
        width=in_pixels(150),
    )
