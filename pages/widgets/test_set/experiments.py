"""What to try on the page Test set."""

from pages.widgets.digit.experiment_row import Experiment
from pages.widgets.test_set.confusion import select_cell
from pages.widgets.test_set.corruption import preselect_slider
from pages.widgets.test_set.embedding_map import preselect_layer
from pages.widgets.test_set.image_detail import deselect_image
from pages.widgets.test_set.page_settings import preselect_part


def turn_images() -> None:
    """Turn all test images by 40 degrees."""
    preselect_part("Corruption", beside="robust")
    preselect_slider("rotation", 40)


def show_frequent_mistake() -> None:
    """Show the most frequent mistake of *Simple*."""
    preselect_part("Confusion")
    select_cell(5, 3)


def show_surest_mistakes() -> None:
    """Show the mistakes that *Simple* is surest of, from the first one on."""
    preselect_part("Mistakes", beside="robust")
    deselect_image()


def show_last_layer() -> None:
    """Show the map of the last layer of *Robust*."""
    preselect_part("Map", network="robust")
    preselect_layer(3)


EXPERIMENTS = {
    "Turn by 40 degrees": Experiment(
        turn_images,
        "You still read all ten. *Simple* is down to 46.01%, *Robust*, which learned from tilted digits, "
        "to 80.29%. Press *Draw the curve*: how far can you turn the digits before each network fails?",
    ),
    "5 taken for 3": Experiment(
        show_frequent_mistake,
        "The most frequent mistake of *Simple*: it reads 17 of the 5s as 3. Look at them one by one: "
        "which would you have read right? How often does it take a 3 for a 5?",
    ),
    "Sure, and wrong": Experiment(
        show_surest_mistakes,
        "Twenty times *Simple* is more than 99.9% sure, and wrong: being sure is not being right. *Robust* reads 19 of "
        "the 20 right. Then choose *Confidence*: how often are such sure answers right?",
    ),
    "Map of the last layer": Experiment(
        show_last_layer,
        "Each point is a test image: by the outputs of *Robust*, 99.34% have a nearest neighbour with the same label. "
        "Choose *Pixels*: 95.58%. Click a cross, which marks a mistake: in which digit's group does it lie?",
    ),
}
