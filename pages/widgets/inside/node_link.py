"""A network as textbooks draw it, with nodes and lines: here those that matter for this digit."""

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from model.ablation import Place
from model.network import Floats, LayerOutput, Network
from pages.widgets.answer.answer_text import plain_percent
from pages.widgets.digit.digit_view import SelectedDigit
from pages.widgets.networks.selected_neuron import click_neuron, layer_name, pixel_name, place_name
from pages.widgets.ui.charts import (
    Specification,
    activation_colour,
    activation_text_colour,
    clicks,
    selection_by_click,
    show_clickable_chart,
    sign_colour,
    specification,
)
from pages.widgets.ui.palette import NEUTRAL, SELECTED, TEXT

MAX_NODES = 10  # in a layer
MAX_LINES = 3  # into a node
HEIGHT = 480
NODES, LINES, TITLES = "nodes", "lines", "titles"  # the chart's names for its data


def show_node_link(network: Network, outputs: list[LayerOutput], subject: SelectedDigit, selected: Place) -> None:
    """Show the most active neurons of each layer, and the strongest connections between them."""
    activations = [subject.vector, *(output.a for output in outputs)]
    chosen = chosen_nodes(network, activations)
    tables = {
        NODES: node_table(network, activations, chosen, selected),
        LINES: line_table(network, activations, chosen),
        TITLES: title_table(network),
    }
    show_clickable_chart(node_link_chart(len(activations)), "node_link", tables, click_neuron)
    st.caption(
        f"You see the {MAX_NODES} neurons of each layer with the largest outputs, and the pixels with ink that count "
        f"most for the first of these layers. Each neuron has its {MAX_LINES} strongest connections from these: "
        "**red** adds to its sum, **blue**, dashed, takes from it, and the thicker the line, the more (weight times "
        "input). Click a neuron to pick it: its ring is pink."
    )


def chosen_nodes(network: Network, activations: list[Floats]) -> list[list[int]]:
    """Return the numbers of the nodes to show: of the input, of each hidden layer, and all of the output."""
    chosen = [largest_places(np.abs(a)) for a in activations[1:-1]] + [list(range(len(activations[-1])))]
    to_first = np.abs(network.layers[0].weights[:, chosen[0]]).sum(axis=1)
    return [largest_places(activations[0] * to_first), *chosen]


def largest_places(values: Floats) -> list[int]:
    """Return the places of the largest values, the lowest place first."""
    return sorted(np.argsort(-values, kind="stable")[:MAX_NODES].tolist())


def node_heights(count: int) -> list[float]:
    """Return the heights of so many nodes, from 1 (top) to 0, centred in their column."""
    return [1 - (MAX_NODES - count) / (2 * MAX_NODES) - (i + 0.5) / MAX_NODES for i in range(count)]


def node_table(network: Network, activations: list[Floats], chosen: list[list[int]], selected: Place) -> pd.DataFrame:
    """Return a row for each node."""
    rows = []
    for layer, (a, numbers) in enumerate(zip(activations, chosen, strict=True), start=-1):
        largest_a = max(float(np.abs(a).max()), 1e-30)
        for number, y in zip(numbers, node_heights(len(numbers)), strict=True):
            name = pixel_name(number) if layer < 0 else place_name(network, (layer, number))
            answer = plain_percent(float(a[number])) if layer == len(network.layers) - 1 else ""
            share, border = float(a[number]) / largest_a, SELECTED if (layer, number) == selected else NEUTRAL
            rows.append((layer, layer + 1, y, number, name, float(a[number]), share, answer, border, clicks()))
    columns = ["layer", "x", "y", "neuron", "name", "a", "share", "answer", "border", "clicks"]
    return pd.DataFrame(rows, columns=columns)


def title_table(network: Network) -> pd.DataFrame:
    """Return the title above each column."""
    names = ["Input", *(layer_name(network, layer) for layer in range(len(network.layers)))]
    return pd.DataFrame({"x": range(len(names)), "y": 1.03, "title": names})


def line_table(network: Network, activations: list[Floats], chosen: list[list[int]]) -> pd.DataFrame:
    """Return a row for each connection."""
    tables = []
    for i, layer in enumerate(network.layers):
        before, after = chosen[i], chosen[i + 1]
        products = layer.weights[np.ix_(before, after)] * activations[i][before, np.newaxis]
        rows = np.argsort(-np.abs(products), axis=0, kind="stable")[:MAX_LINES].ravel()
        columns = np.tile(np.arange(len(after)), len(rows) // len(after))
        tables.append(
            pd.DataFrame(
                {
                    "x": i,
                    "next_x": i + 1,
                    "y": np.take(node_heights(len(before)), rows),
                    "next_y": np.take(node_heights(len(after)), columns),
                    "product": products[rows, columns],
                    "strength": np.abs(products[rows, columns]) / max(float(np.abs(products).max()), 1e-30),
                    "from": np.take(before, rows),
                    "to": np.take(after, columns),
                }
            )
        )
    return pd.concat(tables)


@st.cache_data(show_spinner=False)
def node_link_chart(layers: int) -> Specification:
    """Return the chart without its data. layers: their number, with the input."""
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.1, layers - 0.7]))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, 1.06]))
    connections = (
        alt.Chart(alt.NamedData(LINES))
        .mark_rule(aria=False)
        .encode(
            x=x,
            y=y,
            x2="next_x:Q",
            y2="next_y:Q",
            strokeWidth=alt.StrokeWidth("strength:Q", scale=alt.Scale(domain=[0, 1], range=[0.3, 6]), legend=None),
            color=sign_colour("product"),
            strokeDash=alt.when(alt.datum.product > 0).then(alt.value([1, 0])).otherwise(alt.value([5, 3])),
            tooltip=["from:Q", "to:Q", alt.Tooltip("product:Q", title="weight x input", format="+.2f")],
        )
    )
    base = alt.Chart(alt.NamedData(NODES)).encode(x=x, y=y)
    circles = base.mark_point(aria=False, filled=True, size=600, opacity=1, cursor="pointer").encode(
        color=activation_colour(),
        stroke=alt.Stroke("border:N", scale=None),
        strokeWidth=alt.when(alt.datum.border == SELECTED).then(alt.value(4)).otherwise(alt.value(2)),
        tooltip=[alt.Tooltip("name:N", title="Node"), alt.Tooltip("a:Q", title="puts out", format=".3f")],
    )
    numbers = base.mark_text(aria=False, fontSize=11).encode(text="neuron:N", color=activation_text_colour())
    answers = base.mark_text(aria=False, align="left", dx=18, fontSize=12, color=TEXT).encode(text="answer:N")
    names = (
        alt.Chart(alt.NamedData(TITLES)).mark_text(aria=False, fontSize=12, color=TEXT).encode(x=x, y=y, text="title:N")
    )
    layered = (
        connections + circles.add_params(selection_by_click("layer", "neuron", "clicks")) + numbers + answers + names
    )
    return specification(layered.properties(height=HEIGHT, description="The most active neurons and their connections"))
