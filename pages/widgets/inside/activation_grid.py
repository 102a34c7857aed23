"""All layers of a network at once: every neuron is a cell, as bright as its output."""

import math
from collections.abc import Collection
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from model.ablation import Place
from model.network import ACTIVATIONS, LayerOutput, Network
from pages.widgets.app.projector import in_pixels
from pages.widgets.digit.digit_view import SelectedDigit
from pages.widgets.networks.selected_neuron import click_neuron, layer_name
from pages.widgets.ui.charts import (
    Specification,
    activation_colour,
    activation_text_colour,
    clicks,
    selection_by_click,
    show_clickable_chart,
    specification,
)
from pages.widgets.ui.images import image_html
from pages.widgets.ui.palette import OFF, SELECTED

WIDTH = 160  # of a layer, in pixels of the page: four stand side by side, two on a phone
BORDER = 2  # around a layer, in pixels of the page
CELLS = "cells"  # the chart's name for its data
FRAME: dict[str, Any] = {"aria": False, "fillOpacity": 0, "strokeWidth": 3, "cursor": "pointer"}
INSIDE: dict[str, Any] = {"width": {"band": 0.6}, "height": {"band": 0.6}}  # of a cell, so that two frames can be seen


def show_layers(
    network: Network, outputs: list[LayerOutput], subject: SelectedDigit, selected: Place, off: Collection[Place]
) -> None:
    """Show the input, every neuron of every layer, and the ten outputs. A click selects a neuron."""
    with st.container(horizontal=True, gap="small"):
        with st.container(width=in_pixels(WIDTH), gap="small"):
            st.markdown("**Input**  \n784 pixels")
            st.html(f'<div class="input">{image_html(subject.pixels, "The 28 by 28 pixels of the input")}</div>')
        for i, output in enumerate(outputs):
            with st.container(width=in_pixels(WIDTH), gap="small"):
                st.markdown(layer_heading(network, i, output, off))
                columns = column_count(output.z.size)
                chart = layer_chart(columns, output.z.size, is_last=i == len(outputs) - 1)
                tables = {CELLS: cell_table(i, output, columns, selected, off)}
                show_clickable_chart(chart, f"layer_{i}", tables, click_neuron, "content")


def layer_heading(network: Network, layer: int, output: LayerOutput, off: Collection[Place]) -> str:
    """Return what the layer is, and how many of its neurons fire, as Markdown."""
    size, activation = output.z.size, ACTIVATIONS[network.layers[layer].activation].label
    is_last = layer == len(network.layers) - 1
    firing = sum((layer, neuron) not in off for neuron in np.flatnonzero(output.z > 0).tolist())
    below = f"{size}, {activation}" if is_last else f"{firing} of {size} fire"
    return f"**{layer_name(network, layer)}**  \n{below}"


def column_count(neurons: int) -> int:
    """Return a number of columns that fills the last row, unless that makes the layer more than twice too wide."""
    side = math.ceil(neurons**0.5)
    return next((columns for columns in range(side, 2 * side + 1) if neurons % columns == 0), side)


def cell_table(layer: int, output: LayerOutput, columns: int, selected: Place, off: Collection[Place]) -> pd.DataFrame:
    """Return a row for each neuron; `share` is its output as a share of the layer's largest."""
    neurons = np.arange(output.z.size)
    places = [(layer, neuron) for neuron in neurons.tolist()]
    return pd.DataFrame(
        {
            "layer": layer,
            "neuron": neurons,
            "column": neurons % columns,
            "row": neurons // columns,
            "z": output.z,
            "a": output.a,
            "share": output.a / max(float(np.abs(output.a).max()), 1e-30),
            "is_selected": [place == selected for place in places],
            "is_off": [place in off for place in places],
            "clicks": clicks(),
        }
    )


@st.cache_data(show_spinner=False)
def layer_chart(columns: int, neurons: int, is_last: bool) -> Specification:
    """Return the chart of a layer without its data."""
    rows = -(-neurons // columns)
    base = alt.Chart(alt.NamedData(CELLS)).encode(
        x=alt.X("column:O", axis=None),
        y=alt.Y("row:O", axis=None),
        tooltip=[
            alt.Tooltip("neuron:Q", title="Digit" if is_last else "Neuron"),
            alt.Tooltip("z:Q", format=".3f"),
            alt.Tooltip("a:Q", title="p" if is_last else "a", format=".3f"),
        ],
    )
    chart = (
        base.mark_rect(aria=False, cursor="pointer").encode(color=activation_colour())
        + base.transform_filter("datum.is_selected").mark_rect(**FRAME, stroke=SELECTED)
        + base.transform_filter("datum.is_off").mark_rect(**FRAME, **INSIDE, stroke=OFF)
    )
    if is_last:
        chart += base.mark_text(aria=False, fontSize=16).encode(text="neuron:Q", color=activation_text_colour())
    height = 2 * BORDER + (WIDTH - 2 * BORDER) * rows // columns
    padding = dict.fromkeys(("left", "right", "top", "bottom"), BORDER)  # all four: Streamlit would put its own below
    about = "The outputs, brightest the most probable" if is_last else "A layer's neurons, brightest the most active"
    chart = chart.properties(
        description=about, width=WIDTH, height=height, padding=padding, autosize="none"
    ).add_params(selection_by_click("layer", "neuron", "clicks"))
    return specification(chart)
