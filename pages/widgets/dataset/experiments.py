"""What to try on the page MNIST."""

from functools import partial

from pages.widgets.dataset.image_browser import preselect_image
from pages.widgets.dataset.pixel_numbers import divide_numbers
from pages.widgets.dataset.random_sample import preselect_sample
from pages.widgets.digit.experiment_row import Experiment

LEAST_TYPICAL = 26_882  # the training image of a 7 that is farthest from the average 7

EXPERIMENTS = {
    "The least typical 7": Experiment(
        partial(preselect_image, LEAST_TYPICAL, 7),
        "It is far from the average 7: its ink lies where other 7s have none. You can still read it. Press *Draw over "
        "it*: can the networks? There are more odd ones [below](#average-and-typical).",
    ),
    "Divide by 255": Experiment(
        divide_numbers,
        "[The numbers](#the-numbers-in-it) of the image go from 0 to 1 now, and the picture is the same. Which number "
        "is black, which is white?",
    ),
    "A hundred 4s": Experiment(
        partial(preselect_sample, 4),
        "[Look at them](#a-hundred-of-them): some are open at the top, some closed. Which of them could be a 9? Then "
        "choose 9, and look for some that could be a 4.",
    ),
}
