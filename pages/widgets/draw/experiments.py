"""What to try on the page Draw."""

from model.files.strokes import Stroke
from pages.widgets.digit.canvas_settings import end_whole_number
from pages.widgets.digit.example_drawings import FOUR_OR_NINE, LETTER_A, SLASHED_ZERO, SMALL_THREE
from pages.widgets.digit.experiment_row import Experiment, draw_on_canvas
from pages.widgets.draw.preprocessing_steps import open_steps
from pages.widgets.networks.picker import preselect_networks


def show_drawing(strokes: tuple[Stroke, ...], compare: bool = False, steps: bool = False) -> None:
    """Put a drawing on the canvas for Robust to read. compare: whether the other networks read it, too; steps: whether
    the steps to 28 by 28 pixels are opened.
    """
    draw_on_canvas(strokes)
    end_whole_number()
    preselect_networks("robust", compare)
    if steps:
        open_steps()


EXPERIMENTS = {
    "A 0 with a slash": Experiment(
        lambda: show_drawing(SLASHED_ZERO, compare=True),
        "*Robust* reads a 0, *Simple* an 8: MNIST has hardly any slashed zeros, and a network knows only what it has "
        "learned from. Which of your own digits do the two disagree about?",
    ),
    "A letter": Experiment(
        lambda: show_drawing(LETTER_A),
        "You see an A. But the network has only ten outputs, so it names a digit, and is more than 90% sure of its 4. "
        "A second, small network says that this does not look like a digit. Which letters get past that one?",
    ),
    "Small, in a corner": Experiment(
        lambda: show_drawing(SMALL_THREE, steps=True),
        "It is read as surely as a large one: before a network sees a drawing, it is cropped, scaled and centred, as "
        "all of MNIST's images were. Below, under *How the drawing became 28 by 28 pixels*, you see each step.",
    ),
    "Between 4 and 9": Experiment(
        lambda: show_drawing(FOUR_OR_NINE),
        "Two bars are long: half a line makes the difference. Join the two lines at the top, and it is clearly a 9. "
        "*Undo* takes your line back. Can you turn it into a clear 4, too?",
    ),
}
