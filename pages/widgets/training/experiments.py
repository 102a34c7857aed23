"""What to try on the page Training curves."""

from dataclasses import replace
from functools import partial

from model.training.settings import QUICK
from pages.widgets.digit.experiment_row import Experiment
from pages.widgets.training.settings_form import set_up

EXPERIMENTS = {
    "No hidden layer": Experiment(
        partial(set_up, replace(QUICK, hidden=())),
        "Press *Train*: the weights become ten pictures, one a digit. How far below “Quick” does the accuracy end?",
    ),
    "Sigmoid, five deep": Experiment(
        partial(set_up, replace(QUICK, hidden=(64,) * 5, activation="sigmoid", optimizer="sgd", learning_rate=0.1)),
        "Press *Train*: the loss stays at about 2.3, and the first layer's gradient is a thousand times smaller than "
        "the last one's. Then choose ReLU and train again.",
    ),
    "Learning rate far too high": Experiment(
        partial(set_up, replace(QUICK, learning_rate=1.0)),
        "Press *Train*: the loss jumps up instead of down, and the neurons die. Then try 0.1, 0.01 and 0.001.",
    ),
    "600 images": Experiment(
        partial(set_up, replace(QUICK, images=600, epochs=30)),
        "Press *Train*: training and validation drift apart, which is overfitting. What helps most: more images, "
        "dropout or deformed images?",
    ),
}
