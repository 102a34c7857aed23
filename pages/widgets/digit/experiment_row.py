"""“Try this”: a page's experiments. A button sets the controls, and a sentence or two say what to look for."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from model.files.strokes import Stroke
from pages.widgets.canvas.component import drawing_history, receive_late_stroke
from pages.widgets.digit.digit_view import pin_image
from pages.widgets.digit.latest_experiment import begin_experiment, latest_experiment
from pages.widgets.ui.announcer import announce


class Experiment(NamedTuple):
    """Something to try: what its button sets up, and what to look for then."""

    set_up: Callable[[], None]  # sets the page's controls, whatever the visitor has done to them
    look_for: str


def show_experiments(page: str, experiments: dict[str, Experiment]) -> None:
    """Show a page's experiments, by the names on their buttons, and what to look for in the latest one."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"try_{page}"):
        st.markdown("**Try this:**", width="content")
        for i, (name, experiment) in enumerate(experiments.items()):
            st.button(name, key=f"try_{page}_{i}", on_click=start_experiment, args=(page, name, experiment))
    chosen = latest_experiment(page)
    if chosen:
        st.info(f"**{chosen}.** {experiments[chosen].look_for}", icon=":material/visibility:")
    announce(f"{chosen}: what to look for is below the buttons." if chosen else "", f"told_{page}")


def start_experiment(page: str, name: str, experiment: Experiment) -> None:
    """Set up an experiment, and remember it as the latest."""
    begin_experiment(page, name)
    experiment.set_up()


def draw_on_canvas(strokes: tuple[Stroke, ...]) -> None:
    """Put a drawing on the canvas for the page to talk about; undo brings back what was there."""
    receive_late_stroke()
    pin_image(None)
    if drawing_history().drawing.strokes != strokes:
        drawing_history().replace(strokes)
