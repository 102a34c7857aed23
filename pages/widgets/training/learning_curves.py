"""Charts of how networks learned: lines by epoch, always in the same pair of colours and dashes."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from model.training.training_record import LossPoint, Record, Snapshot
from pages.widgets.ui.charts import Specification, least_span, show_chart, specification
from pages.widgets.ui.palette import FIRST, NEUTRAL, SECOND, SERIES, SHAPES

TRAINING, VALIDATION, BATCHES = "training", "validation", "training, by batch"
TITLES = {"loss": "Loss (cross-entropy)", "accuracy": "Accuracy"}
TICK_FORMATS = {"loss": ".3f", "accuracy": ".0%"}
POINT_FORMATS = {"loss": ".3f", "accuracy": ".2%"}
# For charts whose colours tell networks apart. In words: the legend's dashes are black even in the dark theme.
DASHES = {TRAINING: "training: solid", VALIDATION: "validation: dashed"}
HEIGHT = 400
LIVE_HEIGHT = 320
DATA = "so far"
MAX_POINTS = 300


def curve_table(network: str, rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return a network's curves of one measure, one row a point: network, images, epoch, value.

    rows: one row an epoch, with the columns of Keras' history. Raises KeyError if one is missing.
    """
    columns = {measure: TRAINING, f"val_{measure}": VALIDATION}
    long = rows.rename(columns=columns).melt("epoch", list(columns.values()), "images", "value")
    return long.assign(network=network)


def show_curves(histories: dict[str, pd.DataFrame], measure: str, image_names: dict[str, str] | None = None) -> None:
    """Show one measure of one or several networks by epoch.

    histories: by the network's label, one row an epoch. image_names: what the legend calls the images of one network.
    """
    table = pd.concat([curve_table(network, rows, measure) for network, rows in histories.items()])
    several = len(histories) > 1
    table["images"] = table["images"].replace(DASHES if several else image_names or {})
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


def show_growing_curves(record: Record, measure: str) -> None:
    """Show the curves of a network in training: by epoch and, for the loss, also batch by batch."""
    tables = [curve_table("", pd.DataFrame(record.epoch_metrics), measure)] if record.epoch_metrics else []
    if measure == "loss" and record.points:
        tables.append(thinned_points(record.points).assign(images=BATCHES))
    table = pd.concat(tables)[["epoch", "value", "images"]] if tables else None
    show_growing_chart(growing_chart(measure), table, measure)


@st.cache_data(show_spinner=False)
def growing_chart(measure: str) -> Specification:
    """Return the chart without its data."""
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
    """Show the size of each layer's gradient during the training."""
    rows = [
        {"epoch": snapshot.epoch, "layer": f"layer {i}", "value": gradient}
        for snapshot in snapshots
        for i, gradient in enumerate(snapshot.gradient_sizes, start=1)
        if 0 < gradient < float("inf")
    ]
    show_growing_chart(gradient_chart(), pd.DataFrame(rows) if rows else None, "gradients")


@st.cache_data(show_spinner=False)
def gradient_chart() -> Specification:
    """Return the chart without its data."""
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
    """Show a chart of the data so far. The chart stays and only its data changes, so that it does not flicker."""
    with st.container(key=f"growing_{name}"):
        if table is None:
            st.caption("The first point comes after the first epoch.")
        else:
            show_chart(chart, f"chart_{name}", {DATA: table})


def thinned_points(points: Sequence[LossPoint]) -> pd.DataFrame:
    """Return epoch and value of at most MAX_POINTS points, each the mean of several, so that a chart stays quick."""
    table = pd.DataFrame(points, columns=["epoch", "value"], dtype=float)
    width = -(-len(table) // MAX_POINTS) or 1
    return table.groupby(table.index // width).agg({"epoch": "last", "value": "mean"})


def accuracy_span(measure: str) -> list[alt.Chart]:
    """Return the layer that keeps an axis of accuracies from being too short; none for the loss."""
    return [least_span(DATA, "value")] if measure == "accuracy" else []


def epoch_axis() -> alt.X:
    """Return the horizontal axis: epochs."""
    return alt.X("epoch:Q", title="Epoch", axis=alt.Axis(tickMinStep=1, format="d"))


def value_axis(measure: str) -> alt.Y:
    """Return the vertical axis: the measure."""
    axis = alt.Axis(format=TICK_FORMATS[measure])
    return alt.Y("value:Q", title=TITLES[measure], axis=axis, scale=alt.Scale(zero=False))


def tooltip(measure: str, with_network: bool) -> list[alt.Tooltip]:
    """Return what appears when the pointer is over a point."""
    fields = [
        alt.Tooltip("network:N", title="Network"),
        alt.Tooltip("epoch:Q", title="Epoch", format=".3~g"),
        alt.Tooltip("images:N", title="Images"),
        alt.Tooltip("value:Q", title=TITLES[measure], format=POINT_FORMATS[measure]),
    ]
    return fields if with_network else fields[1:]
