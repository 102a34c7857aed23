"""Whether a network knows when it is right: how sure it is, how often it is right, and a threshold for its answers."""

import altair as alt
import pandas as pd
import streamlit as st

from model.evaluate import BINS, THRESHOLDS, answered_curve, calibration_error, reliability_bins
from model.mnist import Mnist
from model.network import Network
from model.number_format import as_percent, counted
from pages.widgets.app.projector import in_pixels
from pages.widgets.networks.mnist_predictions import probabilities_of
from pages.widgets.ui.charts import (
    PADDING,
    Specification,
    bar_chart,
    least_span,
    pair_legend,
    pair_scale,
    show_chart,
    specification,
)
from pages.widgets.ui.palette import NEUTRAL, SHAPES

MIN_ANSWERS = 30  # in a bin: with fewer, chance plays a large part
MARGIN = 56  # pixels left of the plots, so that they stand exactly below each other
THRESHOLDS_PER_POINT = 5  # of a curve
TITLES = {  # of the curves, and of their y axes
    "share_answered": ("How many of the 10,000 it answers", "Answered"),
    "share_right": ("How many of its answers are right", "Right of those"),
}
BIN_DATA, DIAGONAL, CURVES, CURRENT = "bins", "diagonal", "curves", "now"  # the charts' names for their data


def show_confidence(networks: dict[str, Network], mnist: Mnist) -> None:
    """Show how often networks are right when they are sure, and what a threshold makes of their answers."""
    show_calibration(networks, mnist)
    st.subheader("“I don't know”")
    show_threshold(networks, mnist)


def show_calibration(networks: dict[str, Network], mnist: Mnist) -> None:
    """Show the reliability chart, and the error that sums it up."""
    st.markdown(
        "A network gives a probability with each answer. Can you take it at its word? The 10,000 answers are sorted "
        "into 15 bins by how sure they are, and each point shows how many answers of a bin are right. If a network is "
        "right as often as it says, its points lie on the dashed line; below it the network is too sure, above it not "
        "sure enough."
    )
    errors = {name: calibration_error(probabilities_of(each, mnist), mnist.y_test) for name, each in networks.items()}
    with st.container(horizontal=True):
        for name, error in errors.items():
            st.metric(f"Calibration error, {name}", as_percent(error), width=in_pixels(220))
    table = pd.concat([bin_table(name, i, networks, mnist) for i, name in enumerate(networks)])
    names = tuple(networks)
    diagonal = pd.DataFrame({"confidence": [0, 1], "accuracy": [0, 1]})
    show_chart(reliability_chart(names), "reliability", {BIN_DATA: table, DIAGONAL: diagonal})
    show_chart(count_chart(names), "bin_counts", {BIN_DATA: table})
    st.caption(
        "The **expected calibration error** is how far the points are from the dashed line on average; each bin "
        "counts by the number of its answers. Almost all answers are in the last bin, so the error is mostly the gap "
        f"of that bin. Hollow points stand for fewer than {MIN_ANSWERS} answers: there, chance plays a large part."
    )


def bin_table(name: str, i: int, networks: dict[str, Network], mnist: Mnist) -> pd.DataFrame:
    """Return a row for each bin with answers of the i-th network. `left`, `right`: where its bar begins and ends."""
    table = reliability_bins(probabilities_of(networks[name], mnist), mnist.y_test)
    width = 1 / BINS / len(networks)
    left = table["bin"] / BINS + i * width
    is_few = table["count"] < MIN_ANSWERS
    return table.assign(network=name, left=left + width / 10, right=left + width * 9 / 10, is_few=is_few)


def percent_axis(title: str, field: str, scale: alt.Scale) -> alt.Y:
    """Return a y axis for a share."""
    return alt.Y(field, title=title, scale=scale, axis=alt.Axis(format="~%", minExtent=MARGIN, maxExtent=MARGIN))


@st.cache_data(show_spinner=False)
def reliability_chart(names: tuple[str, ...]) -> Specification:
    """Return the chart of how often networks are right by how sure they are, without its data."""
    whole, legend = alt.Scale(domain=[0, 1]), pair_legend(names, labelLimit=0)
    shapes = alt.Scale(domain=list(names), range=SHAPES)
    base = alt.Chart(alt.NamedData(BIN_DATA)).encode(
        x=alt.X("confidence:Q", title="How sure: mean probability in the bin", scale=whole, axis=alt.Axis(format="%")),
        y=percent_axis("How often right", "accuracy:Q", whole),
        color=alt.Color("network:N", title=None, scale=pair_scale(names), legend=legend),
        tooltip=[
            alt.Tooltip("network:N", title="Network"),
            alt.Tooltip("count:Q", title="Answers in the bin", format=","),
            alt.Tooltip("confidence:Q", title="How sure", format=".2%"),
            alt.Tooltip("accuracy:Q", title="How often right", format=".2%"),
        ],
    )
    diagonal = (
        alt.Chart(alt.NamedData(DIAGONAL))
        .mark_line(aria=False, color=NEUTRAL, strokeDash=[4, 4])
        .encode(x="confidence:Q", y="accuracy:Q")
    )
    lines = base.mark_line(aria=False, strokeWidth=1)
    points = base.encode(shape=alt.Shape("network:N", title=None, scale=shapes, legend=legend))
    hollow = points.transform_filter("datum.is_few").mark_point(aria=False, opacity=1, size=90, strokeWidth=2)
    filled = points.transform_filter("!datum.is_few").mark_point(aria=False, opacity=1, size=110, filled=True)
    chart = (diagonal + lines + hollow + filled).properties(
        height=380,
        padding=PADDING,
        title="As often right as sure?",
        description="How often the answers are right by how sure they are",
    )
    return specification(chart)


@st.cache_data(show_spinner=False)
def count_chart(names: tuple[str, ...]) -> Specification:
    """Return the chart of how many answers are in each bin, without its data."""
    encoding = {
        "x": alt.X("left:Q", title="How sure: the 15 bins", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%")),
        "x2": "right:Q",
        "y": alt.Y(
            "count:Q",
            title="Answers",
            scale=alt.Scale(type="symlog", domain=[0, 10_000]),
            axis=alt.Axis(values=[1, 10, 100, 1_000, 10_000], format=",d", minExtent=MARGIN, maxExtent=MARGIN),
        ),
        "y2": alt.datum(0),
        "color": alt.Color("network:N", scale=pair_scale(names), legend=None),
        "tooltip": [
            alt.Tooltip("network:N", title="Network"),
            alt.Tooltip("count:Q", title="Answers in the bin", format=","),
        ],
    }
    title, about = "Answers in each bin", "How many answers are in each bin"
    return bar_chart(BIN_DATA, encoding, height=220, padding=PADDING, title=title, description=about)


def show_threshold(networks: dict[str, Network], mnist: Mnist) -> None:
    """Let the visitor choose how sure a network must be to answer; show what becomes of its answers."""
    st.markdown(
        "A mail sorter would rather ask a person than misread a digit. So let the network answer only if its "
        "probability reaches a threshold, and say “I don't know” otherwise."
    )
    st.session_state.setdefault("threshold", 90.0)
    chosen = st.slider(
        "Answers only when at least this sure",
        0.0,
        99.9,
        step=0.1,
        format="%.1f%%",
        key="threshold",
        persist_state="session",
    )
    row = round(chosen * THRESHOLDS / 100)
    curves = {name: answered_curve(probabilities_of(each, mnist), mnist.y_test) for name, each in networks.items()}
    for name, curve in curves.items():
        summary = threshold_summary(int(curve["answered"][row]), int(curve["right"][row]), len(mnist.y_test))
        st.markdown(f"**{name}**: {summary}")
    table = pd.concat([curve_in_shares(name, curve) for name, curve in curves.items()])
    current = table[table["row"] == row]
    drawn = table[(table["row"] % THRESHOLDS_PER_POINT == 0) | (table["row"] == THRESHOLDS - 1)]
    for field in TITLES:
        show_chart(threshold_chart(tuple(networks), field), field, {CURVES: drawn, CURRENT: current})


def threshold_summary(answered: int, right: int, images: int) -> str:
    """Return what a threshold makes of the answers, in a sentence."""
    if not answered:
        return f"none of {images:,} answered, because it is never that sure."
    return (
        f"{answered:,} of {images:,} answered ({as_percent(answered / images)}), "
        f"**{as_percent(right / answered)}** of those right; "
        f"{counted(answered - right, 'wrong answer')} left."
    )


def curve_in_shares(name: str, curve: pd.DataFrame) -> pd.DataFrame:
    """Return a network's curve in shares. share_right is NaN where nothing is answered."""
    answered = curve["answered"]
    shares = {
        "share_answered": answered / answered.iloc[0],
        "share_right": curve["right"] / answered.where(answered > 0),
    }
    return curve[["threshold"]].assign(network=name, row=curve.index, **shares)


@st.cache_data(show_spinner=False)
def threshold_chart(names: tuple[str, ...], field: str) -> Specification:
    """Return the chart of a share by threshold, with the current threshold marked, without its data."""
    title, axis = TITLES[field]
    strokes = pair_legend(names, labelLimit=0, symbolType="stroke", symbolStrokeWidth=2)
    dashes = alt.Scale(domain=list(names), range=[[1, 0], [6, 3]])
    x = alt.X("threshold:Q", title="Threshold", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))
    base = alt.Chart().encode(
        x=x,
        y=percent_axis(axis, f"{field}:Q", alt.Scale(zero=False)),
        color=alt.Color("network:N", title=None, scale=pair_scale(names), legend=strokes),
        tooltip=[
            alt.Tooltip("network:N", title="Network"),
            alt.Tooltip("threshold:Q", title="Threshold", format=".1%"),
            alt.Tooltip(f"{field}:Q", title=axis, format=".2%"),
        ],
    )
    span = least_span(CURVES, field)
    curves = base.properties(data=alt.NamedData(CURVES)).mark_line(aria=False)
    curves = curves.encode(strokeDash=alt.StrokeDash("network:N", title=None, scale=dashes, legend=strokes))
    rule = alt.Chart(alt.NamedData(CURRENT)).mark_rule(aria=False, color=NEUTRAL).encode(x=x)
    points = base.properties(data=alt.NamedData(CURRENT)).mark_point(aria=False, filled=True, opacity=1, size=90)
    chart = (span + rule + curves + points).properties(
        height=300, padding=PADDING, title=title, description=f"{title}, by threshold"
    )
    return specification(chart)
