"""The mistakes that a network is most sure of."""

import numpy as np
import streamlit as st

from model.mnist import Mnist
from model.network import Floats, Network
from model.number_format import counted
from pages.widgets.answer.answer_text import plain_percent
from pages.widgets.networks.mnist_predictions import answers_of, probabilities_of
from pages.widgets.test_set.image_detail import show_image_detail
from pages.widgets.test_set.page_settings import choose_viewed_network
from pages.widgets.test_set.thumbnails import show_thumbnails

MAX_MISTAKES = 20


def show_confident_mistakes(networks: dict[str, Network], mnist: Mnist) -> None:
    """Show the most confident mistakes of a network, and whether the other network makes them, too."""
    name = choose_viewed_network(networks, "Mistakes of")
    probabilities = probabilities_of(networks[name], mnist)
    mistakes = most_confident_mistakes(probabilities, mnist)
    if not mistakes:
        st.info(f"{name} reads all test images right.")
    else:
        st.markdown(
            f"**{name}**: the {counted(len(mistakes), 'mistake')} with the highest probability of the wrong digit, "
            "the surest first. Below each picture: its label, what the network reads, and how sure it is of that. "
            "Would you read them right?"
        )
    others = {other: answers_of(network, mnist) for other, network in networks.items() if other != name}
    for other, read in others.items():
        right = sum(read[image] == mnist.y_test[image] for image in mistakes)
        st.markdown(f"**{other}**: {right} of these {len(mistakes)} read right. Its answer is in the last line.")
    left, right = st.columns(2)
    with left:
        if mistakes:
            show_thumbnails(
                mistakes,
                lambda image: mistake_caption(
                    probabilities[image],
                    mnist.y_test[image],
                    {other: int(read[image]) for other, read in others.items()},
                ),
                mnist,
            )
    with right:
        show_image_detail(networks, mnist)


def most_confident_mistakes(probabilities: Floats, mnist: Mnist) -> list[int]:
    """Return the numbers of the test images that are misread with the highest probability, the surest first.

    probabilities: float32 [10000, 10].
    """
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != mnist.y_test)
    order = np.argsort(-probabilities[wrong].max(axis=1), kind="stable")
    return [int(image) for image in wrong[order[:MAX_MISTAKES]]]


def mistake_caption(probabilities: Floats, label: int, other_answers: dict[str, int]) -> str:
    """Return a mistake in a few words. probabilities: float32 [10]; other_answers: the digits that other networks read
    in the image, by their names for people.
    """
    read = int(probabilities.argmax())
    sure = plain_percent(float(probabilities[read])).replace(" ", "\N{NO-BREAK SPACE}")
    return ", ".join([f"{label} → {read}, {sure}", *(f"{other}: {digit}" for other, digit in other_answers.items())])
