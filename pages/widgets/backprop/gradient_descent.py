"""Gradient descent on the visitor's digit: a copy of the network learns it and forgets the rest."""

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from model.gradient_descent import Learner
from model.network import Floats, Network
from model.number_format import as_percent, counted
from pages.widgets.answer.answer_text import percent, plain_percent
from pages.widgets.digit.digit_view import DigitView
from pages.widgets.digit.latest_experiment import start_over
from pages.widgets.networks.mnist_predictions import accuracy_of
from pages.widgets.ui.charts import (
    Specification,
    bar_chart,
    digit_axis,
    least_span,
    pair_legend,
    show_chart,
    specification,
)
from pages.widgets.ui.palette import FIRST

RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]
COUNTS = {1: "Take a step", 10: "Ten steps", 100: "A hundred steps"}
HEIGHT = 240
MAX_POINTS = 500  # in a curve
DATA = "steps"  # the charts' name for their data
BEFORE, NOW = "before", "now"
LEARNER, RATE = "learner", "descent_rate"  # keys of the session


def session_learner(network: Network) -> Learner:
    """Return the session's learning copy of this network; a new copy if the last one was of another network."""
    learner: Learner | None = st.session_state.get(LEARNER)
    if learner is None or learner.original is not network:
        learner = st.session_state[LEARNER] = Learner(network)
    return learner


def reset_learner() -> None:
    """Begin again with the network as it was."""
    st.session_state.pop(LEARNER, None)


def take_steps(learner: Learner, count: int, x: Floats, digit: int) -> None:
    """Take this many steps, at the learning rate chosen."""
    learner.take_steps(count, x, digit, st.session_state[RATE])


def show_gradient_descent(learner: Learner, shown: DigitView, digit: int) -> None:
    """Show the learning rate, the steps, and what they changed for this digit and for all others."""
    x = shown.subject.vector
    st.session_state.setdefault(RATE, 0.01)
    st.select_slider("Learning rate", RATES, key=RATE, format_func="{:g}".format, persist_state="session")
    with st.container(horizontal=True):
        for count, name in COUNTS.items():
            st.button(name, key=f"take_{count}", on_click=take_steps, args=(learner, count, x, digit))
        reset = ("backprop", reset_learner)
        st.button("Reset", key="forget", on_click=start_over, args=reset, disabled=not learner.losses)
    if learner.has_diverged:
        st.error(
            "The last step was not taken: its weights would be too large for numbers. Choose a smaller learning rate."
        )
    show_change(learner, shown, digit)
    if learner.losses:
        left, right = st.columns(2)
        with left:
            show_losses(learner)
        with right:
            show_accuracies(learner)


def show_change(learner: Learner, shown: DigitView, digit: int) -> None:
    """Show the loss, the probabilities and the accuracy before the first step and now."""
    x = shown.subject.vector
    before, now = learner.original.predict(x), learner.network.predict(x)
    left, middle, right = st.columns(3)
    left.metric(f"Loss after {counted(learner.steps, 'step')}", f"{learner.network.loss(x, digit):.3g}")
    left.caption(f"Before: {learner.original.loss(x, digit):.3g}")
    middle.metric(f"Probability of the {digit}", plain_percent(float(now[digit])))
    middle.caption(f"Before: {percent(before[digit])}")
    if shown.mnist:
        learner.accuracies.setdefault(0, accuracy_of(learner.original, shown.mnist))
        learner.accuracies[learner.steps] = accuracy_of(learner.network, shown.mnist)
        right.metric("Test images read right", as_percent(learner.accuracies[learner.steps]))
        right.caption(f"Before: {as_percent(learner.accuracies[0])}")
    table = pd.DataFrame({"digit": np.tile(np.arange(10), 2), "p": [*before, *now], "when": [BEFORE] * 10 + [NOW] * 10})
    table["sure"] = table["p"].map(plain_percent)
    show_chart(probability_chart(), "before_and_now", {DATA: table})


def show_losses(learner: Learner) -> None:
    """Show the loss, step by step."""
    every = -(-len(learner.losses) // MAX_POINTS)
    table = pd.DataFrame(learner.losses).rename(columns={"loss": "value"}).iloc[::every]
    show_chart(curve_chart("Loss of the picture being learnt", ".3f", ".3f"), "loss_curve", {DATA: table})


def show_accuracies(learner: Learner) -> None:
    """Show the accuracy after each click."""
    table = pd.DataFrame(learner.accuracies.items(), columns=["step", "value"]).assign(picture=1)
    chart = curve_chart("Accuracy on the 10,000 test images", ".0%", ".2%")
    show_chart(chart, "accuracy_curve", {DATA: table.iloc[-MAX_POINTS:]})


@st.cache_data(show_spinner=False)
def curve_chart(title: str, tick: str, point: str) -> Specification:
    """Return the chart of a value by step, with a line for each picture learnt, without its data.

    tick, point: how numbers are written on the axis, and in a point's tooltip.
    """
    line = (
        alt.Chart(alt.NamedData(DATA))
        .mark_line(point=True, aria=False, color=FIRST)
        .encode(
            x=alt.X("step:Q", title="Step", axis=alt.Axis(tickMinStep=1, format="d")),
            y=alt.Y("value:Q", title=None, axis=alt.Axis(format=tick), scale=alt.Scale(zero=False)),
            detail="picture:N",
            tooltip=[alt.Tooltip("step:Q", title="Step"), alt.Tooltip("value:Q", title=title, format=point)],
        )
    )
    layers = [least_span(DATA, "value"), line] if tick.endswith("%") else [line]
    return specification(alt.layer(*layers).properties(title=title, height=HEIGHT, description=title))


@st.cache_data(show_spinner=False)
def probability_chart() -> Specification:
    """Return the chart of the ten probabilities before and now, without its data."""
    times = [BEFORE, NOW]
    scale = alt.Scale(domain=times, range=["transparent", FIRST])
    encoding = {
        "x": digit_axis(),
        "xOffset": alt.XOffset("when:N", sort=times),
        "y": alt.Y("p:Q", title="Probability", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
        "fill": alt.Fill("when:N", title=None, scale=scale, legend=pair_legend(times, symbolStrokeColor=FIRST)),
        "tooltip": [
            alt.Tooltip("digit:O", title="Digit"),
            alt.Tooltip("when:N", title="When"),
            alt.Tooltip("sure:N", title="Probability"),
        ],
    }
    about = "The ten probabilities before the first step and now"
    return bar_chart(DATA, encoding, {"stroke": FIRST}, height=HEIGHT, description=about)
