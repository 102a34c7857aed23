"""All layers of a network at once: every neuron a cell that is as bright as what it puts out."""

from collections.abc import Collection

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from model.damage import Place
from model.network import LayerOutput, Network
from pages.widgets.charts import Specification, on_shade, shade, specification, with_data
from pages.widgets.names import ACTIVATION_NAMES
from pages.widgets.picked import layer_name, pick
from pages.widgets.pictures import picture
from pages.widgets.subject import Subject

WIDTH = 160  # of a layer, in pixels of the page: four stand side by side, two on a phone
OUTPUT_COLUMNS = 5
BORDER = 2  # around a layer, in pixels of the page
CELLS = "cells"  # the chart's name for its data
PICKED, OFF = "#ff3333", "#aa3377"


def show_layers(
    network: Network, outputs: list[LayerOutput], subject: Subject, picked: Place, off: Collection[Place]
) -> None:
    """The input, every neuron of every layer, and the ten outputs. A click picks a neuron."""
    with st.container(horizontal=True, gap="small"):
        with st.container(width=WIDTH, gap="small"):
            st.markdown("**Input**  \n784 pixels")
            st.html(f'<div class="input">{picture(subject.pixels, "The 28 by 28 pixels of the input")}</div>')
        for i, output in enumerate(outputs):
            with st.container(width=WIDTH, gap="small"):
                st.markdown(heading(network, i, output))
                show_layer(i, output, is_last=i == len(outputs) - 1, picked=picked, off=off)


def heading(network: Network, layer: int, output: LayerOutput) -> str:
    """What the layer is, and how many of its neurons fire."""
    size, activation = output.z.size, ACTIVATION_NAMES[network.layers[layer].activation]
    is_last = layer == len(network.layers) - 1
    below = f"{size}, {activation}" if is_last else f"{np.sum(output.z > 0)} of {size} fire"
    return f"**{layer_name(network, layer)}**  \n{below}"


def show_layer(layer: int, output: LayerOutput, is_last: bool, picked: Place, off: Collection[Place]) -> None:
    """One layer's cells."""
    columns = OUTPUT_COLUMNS if is_last else int(np.ceil(output.z.size**0.5))

    def clicked() -> None:
        cells = st.session_state[f"layer_{layer}"]["selection"]["pick"]
        if cells and isinstance(cells[0].get("neuron"), int):
            pick(layer, cells[0]["neuron"])
            st.session_state["clicks"] = st.session_state.get("clicks", 0) + 1

    st.vega_lite_chart(
        with_data(layer_chart(columns, output.z.size, is_last), {CELLS: cells(layer, output, columns, picked, off)}),
        key=f"layer_{layer}",
        on_select=clicked,
        selection_mode="pick",
        width="content",
    )


def cells(layer: int, output: LayerOutput, columns: int, picked: Place, off: Collection[Place]) -> pd.DataFrame:
    """A row a neuron. `share` is its activation as a share of the layer's largest; `clicks` makes a second click on the
    same neuron news to Streamlit, which tells of changes only.
    """
    neurons = np.arange(output.z.size)
    is_off = np.array([(layer, neuron) in off for neuron in neurons.tolist()])
    a = np.where(is_off, 0, output.a)
    border = np.where(is_off, OFF, "").astype(object)
    if picked[0] == layer:
        border[picked[1]] = PICKED
    return pd.DataFrame(
        {
            "neuron": neurons,
            "column": neurons % columns,
            "row": neurons // columns,
            "z": output.z,
            "a": a,
            "share": a / max(float(np.abs(a).max()), 1e-30),
            "border": border,
            "clicks": st.session_state.get("clicks", 0),
        }
    )


@st.cache_data(show_spinner=False)
def layer_chart(columns: int, neurons: int, is_last: bool) -> Specification:
    """The chart of a layer without its data."""
    rows = -(-neurons // columns)
    base = alt.Chart(alt.NamedData(CELLS)).encode(x=alt.X("column:O", axis=None), y=alt.Y("row:O", axis=None))
    has_border = alt.datum.border != ""
    chart: alt.Chart | alt.LayerChart = base.mark_rect(aria=False, cursor="pointer").encode(
        color=shade(),
        stroke=alt.Stroke("border:N", scale=None),
        strokeWidth=alt.when(has_border).then(alt.value(3)).otherwise(alt.value(0)),
        order=alt.when(has_border).then(alt.value(1)).otherwise(alt.value(0)),
        tooltip=[
            alt.Tooltip("neuron:Q", title="Digit" if is_last else "Neuron"),
            alt.Tooltip("z:Q", format=".3f"),
            alt.Tooltip("a:Q", title="p" if is_last else "a", format=".3f"),
        ],
    )
    if is_last:
        chart += base.mark_text(aria=False, fontSize=16).encode(text="neuron:Q", color=on_shade())
    selection = alt.selection_point(name="pick", fields=["neuron", "clicks"], on="click", clear=False)
    height = 2 * BORDER + (WIDTH - 2 * BORDER) * rows // columns
    padding = dict.fromkeys(("left", "right", "top", "bottom"), BORDER)  # all four: Streamlit would put its own below
    chart = chart.properties(width=WIDTH, height=height, padding=padding, autosize="none").add_params(selection)
    return specification(chart)
