"""Charts of how networks learned: lines by epoch, in one pair of colours and dashes for all pages."""

from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from model.training.training_record import EpochMetrics, LossPoint, Snapshot
from pages.widgets.ui.charts import Specification, least_span, show_chart, specification
from pages.widgets.ui.palette import FIRST, NEUTRAL, SECOND, SERIES, SHAPES

TRAINING, VALIDATION, BATCHES = "training", "validation", "training, by batch"
TITLES = {"loss": "Loss (cross-entropy)", "accuracy": "Accuracy"}
TICK_FORMATS = {"loss": ".3f", "accuracy": ".0%"}  # how numbers are written on the axis
POINT_FORMATS = {"loss": ".3f", "accuracy": ".2%"}  # and of a point
# Where colours tell networks apart; in words, because the legend's own symbols are black in the dark, too.
DASHES = {TRAINING: "training: solid", VALIDATION: "validation: dashed"}
HEIGHT = 400
LIVE_HEIGHT = 320
DATA = "so far"
MAX_POINTS = 300


def curve_table(network: str, rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    """A network's curves of one measure, a row a point: network, images, epoch, value.

    rows: a row an epoch, with the columns that Keras' history has. Raises KeyError where one is missing.
    """
    columns = {measure: TRAINING, f"val_{measure}": VALIDATION}
    long = rows.rename(columns=columns).melt("epoch", list(columns.values()), "images", "value")
    return long.assign(network=network)


def show_curves(tables: Iterable[pd.DataFrame], measure: str, names: dict[str, str] | None = None) -> None:
    """One measure of one or several networks by epoch. tables: of `curve_table`; names: of the images."""
    table = pd.concat(tables)
    several = len(table["network"].unique()) > 1
    table["images"] = table["images"].replace(DASHES if several else names or {})
    colour = alt.Color("network:N", title=None, sort=None, scale=alt.Scale(range=SERIES))
    shape: Any = alt.Shape("network:N", title=None, sort=None, scale=alt.Scale(range=SHAPES))
    dash = alt.StrokeDash("images:N", title=None, sort=None, legend=alt.Legend(symbolOpacity=0))
    if not several:
        colour = alt.Color("images:N", title=None, sort=None, scale=alt.Scale(range=[FIRST, SECOND]))
        shape = alt.value(SHAPES[0])
        dash = alt.StrokeDash("images:N", title=None, sort=None)
    line = (
        alt.Chart(alt.NamedData(DATA))
        .mark_line(point=True, aria=False)
        .encode(
            x=epoch_axis(),
            y=value_axis(measure),
            color=colour,
            shape=shape,
            strokeDash=dash,
            tooltip=tooltip(measure, with_network=several),
        )
    )
    chart = alt.layer(*accuracy_span(measure), line).properties(
        title=TITLES[measure], height=HEIGHT, description=f"{TITLES[measure]} by epoch"
    )
    chart = chart.configure_legend(orient="top", columns=1, labelLimit=0)
    show_chart(specification(chart), f"curves_{measure}", {DATA: table})


def show_growing_curves(points: Sequence[LossPoint], rows: Sequence[EpochMetrics], measure: str) -> None:
    """The curves of a network that is being trained: by epoch and, for the loss, batch by batch."""
    tables = [curve_table("", pd.DataFrame(rows), measure)] if rows else []
    if measure == "loss" and points:
        tables.append(thinned_points(points).assign(images=BATCHES))
    show_growing_chart(
        growing_chart(measure), pd.concat(tables)[["epoch", "value", "images"]] if tables else None, measure
    )


@st.cache_data(show_spinner=False)
def growing_chart(measure: str) -> Specification:
    """The chart without its data."""
    images = [TRAINING, VALIDATION, BATCHES] if measure == "loss" else [TRAINING, VALIDATION]
    base = alt.Chart(alt.NamedData(DATA)).encode(
        x=epoch_axis(),
        y=value_axis(measure).title(None),
        color=alt.Color(
            "images:N",
            title=None,
            scale=alt.Scale(domain=images, range=[FIRST, SECOND, NEUTRAL][: len(images)]),
            legend=alt.Legend(orient="bottom", columns=2, labelLimit=0),
        ),
        tooltip=tooltip(measure, with_network=False),
    )
    is_batch = alt.datum.images == BATCHES
    chart = alt.layer(
        *accuracy_span(measure),
        base.mark_line(aria=False).encode(
            strokeWidth=alt.when(is_batch).then(alt.value(1)).otherwise(alt.value(2)),
            strokeDash=alt.when(alt.datum.images == VALIDATION).then(alt.value([6, 3])).otherwise(alt.value([1, 0])),
        ),
        base.mark_point(filled=True, aria=False).encode(
            opacity=alt.when(is_batch).then(alt.value(0)).otherwise(alt.value(1))
        ),
    ).properties(title=TITLES[measure], height=LIVE_HEIGHT, description=f"{TITLES[measure]} by epoch, up to now")
    return specification(chart)


def show_gradients(snapshots: Sequence[Snapshot]) -> None:
    """How large each layer's gradient was, over the training."""
    rows = [
        {"epoch": snapshot.epoch, "layer": f"layer {i}", "value": gradient}
        for snapshot in snapshots
        for i, gradient in enumerate(snapshot.gradient_sizes, start=1)
        if 0 < gradient < float("inf")
    ]
    show_growing_chart(gradient_chart(), pd.DataFrame(rows) if rows else None, "gradients")


@st.cache_data(show_spinner=False)
def gradient_chart() -> Specification:
    """The chart without its data."""
    chart = (
        alt.Chart(alt.NamedData(DATA), title="Size of the gradient")
        .mark_line(point=True, aria=False)
        .encode(
            x=epoch_axis(),
            y=alt.Y("value:Q", title=None, scale=alt.Scale(type="log"), axis=alt.Axis(format=".0e")),
            color=alt.Color(
                "layer:N",
                title=None,
                scale=alt.Scale(range=SERIES),
                legend=alt.Legend(orient="bottom", columns=3),
            ),
            shape=alt.Shape("layer:N", title=None, scale=alt.Scale(range=SHAPES)),
            tooltip=[
                alt.Tooltip("epoch:Q", title="Epoch", format=".2f"),
                alt.Tooltip("layer:N", title="Layer"),
                alt.Tooltip("value:Q", title="Gradient", format=".2e"),
            ],
        )
        .properties(height=LIVE_HEIGHT, description="The size of each layer's gradient by epoch, up to now")
    )
    return specification(chart)


def show_growing_chart(chart: Specification, table: pd.DataFrame | None, name: str) -> None:
    """A chart of what there is so far. It stays the same and only its data is new, so that it does not blink."""
    with st.container(key=f"growing_{name}"):
        if table is None:
            st.caption("The first point comes after the first epoch.")
        else:
            show_chart(chart, f"chart_{name}", {DATA: table})


def thinned_points(points: Sequence[LossPoint]) -> pd.DataFrame:
    """At most so many points that a chart stays quick; each is the mean of those in its place. epoch, value."""
    table = pd.DataFrame(points, columns=["epoch", "value"], dtype=float)
    width = -(-len(table) // MAX_POINTS) or 1
    return table.groupby(table.index // width).agg({"epoch": "last", "value": "mean"})


def accuracy_span(measure: str) -> list[alt.Chart]:
    """What gives an axis of accuracies its least span."""
    return [least_span(DATA, "value")] if measure == "accuracy" else []


def epoch_axis() -> alt.X:
    """From left to right: time."""
    return alt.X("epoch:Q", title="Epoch", axis=alt.Axis(tickMinStep=1, format="d"))


def value_axis(measure: str) -> alt.Y:
    """From bottom to top: the measure."""
    axis = alt.Axis(format=TICK_FORMATS[measure])
    return alt.Y("value:Q", title=TITLES[measure], axis=axis, scale=alt.Scale(zero=False))


def tooltip(measure: str, with_network: bool) -> list[alt.Tooltip]:
    """What shows when the pointer is over a point."""
    shown = [
        alt.Tooltip("network:N", title="Network"),
        alt.Tooltip("epoch:Q", title="Epoch", format=".3~g"),
        alt.Tooltip("images:N", title="Images"),
        alt.Tooltip("value:Q", title=TITLES[measure], format=POINT_FORMATS[measure]),
    ]
    return shown if with_network else shown[1:]
