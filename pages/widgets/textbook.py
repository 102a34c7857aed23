"""A network as the textbook draws it: nodes and lines, here those that matter for this digit."""

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from model.network import Floats, LayerOutput, Network
from pages.widgets.charts import BLUE_BELOW, RED_ABOVE, Specification, on_shade, shade, show_chart, specification
from pages.widgets.picked import layer_name
from pages.widgets.subject import Subject

MOST_NODES = 10  # of a layer
MOST_LINES = 25  # between two layers
HEIGHT = 480
NODES, LINES = "nodes", "lines"  # the chart's names for its data


def show_textbook(network: Network, outputs: list[LayerOutput], subject: Subject) -> None:
    """The most active neurons of each layer, and the strongest connections between them."""
    activations = [subject.vector, *(output.a for output in outputs)]
    chosen = chosen_nodes(network, activations)
    tables = {NODES: nodes(network, activations, chosen), LINES: lines(network, activations, chosen)}
    show_chart(chart(len(activations)), "textbook", tables)
    st.caption(
        f"Of each layer, the {MOST_NODES} neurons that put out most; of the input, the pixels that matter most to the "
        f"first layer's. Between two layers, the {MOST_LINES} strongest connections of those shown: **red** adds to "
        "what the next neuron sums up, **blue** takes from it, the thicker the more (weight times what comes in)."
    )


def chosen_nodes(network: Network, activations: list[Floats]) -> list[list[int]]:
    """The numbers of the nodes that are shown of each layer, the input first; all of the output."""
    chosen = [largest(np.abs(a)) for a in activations[1:-1]] + [list(range(len(activations[-1])))]
    to_first = np.abs(network.layers[0].weights[:, chosen[0]]).sum(axis=1)
    return [largest(activations[0] * to_first), *chosen]


def largest(values: Floats) -> list[int]:
    """Where the largest are, in order of place."""
    return sorted(np.argsort(-values, kind="stable")[:MOST_NODES].tolist())


def heights(count: int) -> list[float]:
    """Places for so many nodes, from 1 (top) to 0, in the middle of the column."""
    return [1 - (MOST_NODES - count) / (2 * MOST_NODES) - (i + 0.5) / MOST_NODES for i in range(count)]


def nodes(network: Network, activations: list[Floats], chosen: list[list[int]]) -> pd.DataFrame:
    """A row a node."""
    rows = []
    for layer, (a, numbers) in enumerate(zip(activations, chosen, strict=True)):
        largest_a = max(float(np.abs(a).max()), 1e-30)
        for number, y in zip(numbers, heights(len(numbers)), strict=True):
            kind = "pixel" if layer == 0 else layer_name(network, layer - 1).lower()
            answer = f"{a[number]:.1%}" if layer == len(network.layers) else ""
            share = float(a[number]) / largest_a
            rows.append((layer, y, str(number), f"{kind} {number}", float(a[number]), share, answer))
    return pd.DataFrame(rows, columns=["layer", "y", "number", "node", "a", "share", "answer"])


def lines(network: Network, activations: list[Floats], chosen: list[list[int]]) -> pd.DataFrame:
    """A row a connection."""
    tables = []
    for i, layer in enumerate(network.layers):
        before, after = chosen[i], chosen[i + 1]
        products = layer.weights[np.ix_(before, after)] * activations[i][before, np.newaxis]
        strongest = np.argsort(-np.abs(products), axis=None, kind="stable")[:MOST_LINES]
        rows, columns = np.unravel_index(strongest, products.shape)
        tables.append(
            pd.DataFrame(
                {
                    "layer": i,
                    "next": i + 1,
                    "y": np.take(heights(len(before)), rows),
                    "next_y": np.take(heights(len(after)), columns),
                    "product": products[rows, columns],
                    "strength": np.abs(products[rows, columns]) / max(float(np.abs(products).max()), 1e-30),
                    "from": np.take(before, rows),
                    "to": np.take(after, columns),
                }
            )
        )
    return pd.concat(tables)


@st.cache_data(show_spinner=False)
def chart(layers: int) -> Specification:
    """The chart without its data; `layers` with the input."""
    x = alt.X("layer:Q", axis=None, scale=alt.Scale(domain=[-0.1, layers - 0.7]))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, 1]))
    connections = (
        alt.Chart(alt.NamedData(LINES))
        .mark_rule(aria=False)
        .encode(
            x=x,
            y=y,
            x2="next:Q",
            y2="next_y:Q",
            strokeWidth=alt.StrokeWidth("strength:Q", scale=alt.Scale(domain=[0, 1], range=[0.3, 6]), legend=None),
            color=alt.when(alt.datum.product > 0).then(alt.value(RED_ABOVE)).otherwise(alt.value(BLUE_BELOW)),
            tooltip=["from:Q", "to:Q", alt.Tooltip("product:Q", title="weight x input", format="+.2f")],
        )
    )
    base = alt.Chart(alt.NamedData(NODES)).encode(x=x, y=y)
    circles = base.mark_point(aria=False, filled=True, size=600, stroke="#888888", strokeWidth=1.5, opacity=1).encode(
        color=shade(),
        tooltip=["node:N", alt.Tooltip("a:Q", title="puts out", format=".3f")],
    )
    numbers = base.mark_text(aria=False, fontSize=11).encode(text="number:N", color=on_shade())
    answers = base.mark_text(aria=False, align="left", dx=18, fontSize=12, color="#888888").encode(text="answer:N")
    return specification((connections + circles + numbers + answers).properties(height=HEIGHT))
