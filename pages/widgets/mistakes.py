"""The mistakes that a network is most sure of."""

import numpy as np
import streamlit as st

from model.mnist import Mnist
from model.network import Floats, Network
from pages.widgets.gallery import choose_looked_at, show_gallery
from pages.widgets.reading import plain_percent
from pages.widgets.test_image import show_test_image
from pages.widgets.test_images import answers_of, probabilities_of

MOST = 20


def show_mistakes(networks: dict[str, Network], mnist: Mnist) -> None:
    """The most confident mistakes of a network, and whether the other one makes them, too."""
    name = choose_looked_at(networks, "Mistakes of")
    probabilities = probabilities_of(networks[name], mnist)
    mistakes = most_confident_mistakes(probabilities, mnist)
    if not mistakes:
        st.info(f"{name} reads all test images right.")
    else:
        st.markdown(
            f"**{name}**: the {len(mistakes)} mistakes with the highest probability of the wrong digit, the surest "
            "first. Below each picture: its label, what the network reads, and how sure it is of that. Would you read "
            "them right?"
        )
    right_elsewhere = {image for image in mistakes if is_right_elsewhere(image, name, networks, mnist)}
    for other in networks:
        if other != name and mistakes:
            st.markdown(f"**{other}**: {len(right_elsewhere)} of these {len(mistakes)} read right, those with a ✓.")
    left, right = st.columns(2)
    with left:
        if mistakes:
            show_gallery(
                mistakes,
                lambda image: caption(probabilities[image], mnist.y_test[image], image in right_elsewhere),
                mnist,
            )
    with right:
        show_test_image(networks, mnist)


def most_confident_mistakes(probabilities: Floats, mnist: Mnist) -> list[int]:
    """The test images that are read wrong with the highest probability, the surest first: their numbers.

    probabilities: float32 [10000, 10].
    """
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != mnist.y_test)
    order = np.argsort(-probabilities[wrong].max(axis=1), kind="stable")
    return [int(image) for image in wrong[order[:MOST]]]


def is_right_elsewhere(image: int, name: str, networks: dict[str, Network], mnist: Mnist) -> bool:
    """Whether another network than this one reads the image right."""
    return any(
        answers_of(network, mnist)[image] == mnist.y_test[image] for other, network in networks.items() if other != name
    )


def caption(probabilities: Floats, label: int, is_right_elsewhere: bool) -> str:
    """A mistake in a few signs. probabilities: float32 [10]."""
    read = int(probabilities.argmax())
    sure = plain_percent(float(probabilities[read])).replace(" ", "\N{NO-BREAK SPACE}")
    return f"{label} → {read}, {sure}{' ✓' if is_right_elsewhere else ''}"
