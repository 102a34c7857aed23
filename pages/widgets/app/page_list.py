"""The pages, in the order of the lesson: the one list that the menu, the tests and the pictures read."""

from typing import NamedTuple


class PageInfo(NamedTuple):
    """One page of the app."""

    name: str  # of its script, pages/NAME.py, and its address, /NAME
    title: str  # in the menu
    icon: str  # one of Streamlit's Material symbols


# By the titles of their sections in the menu; the section without a title stands on top. The first page has the
# app's own address.
SECTIONS = {
    "": (PageInfo("draw", "Draw", "draw"),),
    "How it works": (
        PageInfo("why", "Why deep?", "layers"),
        PageInfo("neuron", "One neuron", "radio_button_checked"),
        PageInfo("inside", "Inside", "network_node"),
        PageInfo("backprop", "Loss and learning", "trending_down"),
    ),
    "Data and training": (
        PageInfo("dataset", "MNIST", "dataset"),
        PageInfo("training", "Training curves", "show_chart"),
        PageInfo("test_set", "Test set", "fact_check"),
    ),
}
PAGES = tuple(page for pages in SECTIONS.values() for page in pages)
