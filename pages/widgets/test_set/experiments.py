"""What to try on the page Test set."""

import streamlit as st

from pages.widgets.digit.experiment_row import Experiment
from pages.widgets.networks.picker import NO_OTHER, label
from pages.widgets.test_set.confusion import select_cell
from pages.widgets.test_set.corruption import preselect_slider
from pages.widgets.test_set.image_detail import deselect_image
from pages.widgets.test_set.thumbnails import look_at


def show(part: str, network: str = "notebook", beside: str = NO_OTHER) -> None:
    """A part of the page, for one network or two."""
    st.session_state.update(test_part=part, network_test=network, network_beside=beside)
    look_at(label(network))


def turn() -> None:
    """Turn all test images."""
    show("Corruption", beside="robust")
    preselect_slider("rotation", 40)


def show_confused() -> None:
    """The simple network's most frequent mistake."""
    show("Confusion")
    select_cell(5, 3)


def show_surest_mistakes() -> None:
    """Those of the simple network, from the surest one on."""
    show("Mistakes", beside="robust")
    deselect_image()


def show_map() -> None:
    """The last layer's."""
    show("Map", network="robust")
    st.session_state["map_layer"] = 3


EXPERIMENTS = {
    "Turn by 40 degrees": Experiment(
        turn,
        "You still read all ten. *Simple* is down to 46.01%, *Robust*, which learned from tilted digits, "
        "to 80.29%. Press *Draw the curve*: how far can you turn before each of them fails?",
    ),
    "5 taken for 3": Experiment(
        show_confused,
        "The most frequent mistake of *Simple*: it reads 17 of the 5s as 3. Look at them one by one: "
        "which would you have read right? How often does it take a 3 for a 5?",
    ),
    "Sure, and wrong": Experiment(
        show_surest_mistakes,
        "Twenty times more than 99.9% sure, and wrong: being sure is not being right. *Robust* reads 19 of the 20 "
        "right. Then choose *Confidence*: how often are answers right that are so sure?",
    ),
    "Map of the last layer": Experiment(
        show_map,
        "Each point is a test image: by the outputs of *Robust*, 99.34% have a nearest neighbour with the same label. "
        "Choose *Pixels*: 95.58%. Click a cross, which is a mistake: in which digit's group does it lie?",
    ),
}
