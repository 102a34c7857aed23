"""What to try on the page Why deep?"""

from pages.widgets.digit.digit_view import pin_image
from pages.widgets.digit.example_drawings import LONG_TAILED_NINE, SLANTED_FIVE
from pages.widgets.digit.experiment_row import Experiment, draw_on_canvas
from pages.widgets.networks.mnist_predictions import EXAMPLE

EXPERIMENTS = {
    "Where they part": Experiment(
        lambda: pin_image(EXAMPLE),
        "A 5 from the test images. The nearest average says 2, the linear model 6; both networks with hidden layers "
        "say 5. *Next mistake* shows images that *Simple* misreads, too.",
    ),
    "A slanted 5": Experiment(
        lambda: draw_on_canvas(SLANTED_FIVE),
        "The rule and the linear model say 1: for them each pixel counts on its own, and the ink lies where a slanted "
        "1 has its ink. Hidden layers can weigh pixels together: both networks say 5.",
    ),
    "A 9 with a long tail": Experiment(
        lambda: draw_on_canvas(LONG_TAILED_NINE),
        "Its tail takes up so much room that its head is small and pushed aside: only *Robust* still says 9. Layers "
        "alone do not help *Simple*; *Robust* learned from bent and stretched digits, too.",
    ),
}
