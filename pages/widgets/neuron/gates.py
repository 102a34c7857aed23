"""What one neuron can decide and what it cannot: AND, OR and XOR."""

from collections.abc import Sequence

import altair as alt
import pandas as pd
import streamlit as st

from model.neuron import (
    GATE_OUTPUTS,
    GATES,
    INPUT_PAIRS,
    OR_BUT_NOT_AND,
    Neuron,
    Point,
    dividing_line,
    firing_region,
    xor_hidden_outputs,
)
from pages.widgets.neuron.neuron import choose_option
from pages.widgets.ui.charts import Specification, show_chart, specification
from pages.widgets.ui.latex import factor
from pages.widgets.ui.palette import NEGATIVE, NEUTRAL, POSITIVE

FIRE, SILENT = "should fire", "should not"
POINTS, REGION, LINE = "points", "region", "line"
GATE_KEY = "gate"  # of the choice
LOW, HIGH = -0.5, 1.5  # the ends of the plane's axes
HEIGHT = 320


def show_gate(neuron: Neuron, x3: float) -> None:
    """Show the neuron's answers to all pairs of 0 and 1, next to those of a gate. x3: its third input."""
    gate = choose_option("Compare with", list(GATE_OUTPUTS), "AND", GATE_KEY)
    of_two = neuron.with_last_input(x3)
    table, plane = st.columns(2, vertical_alignment="center")
    with table:
        show_truth_table(of_two, gate)
    with plane:
        show_plane(of_two, INPUT_PAIRS, GATE_OUTPUTS[gate], ("Input x₁", "Input x₂"))
    st.markdown(
        "The neuron fires in the shaded part of the picture. On the line at its edge the sum is 0, with $x_3$ as its "
        "slider has it:"
    )
    st.latex(line_formula(neuron, x3))


def show_truth_table(neuron: Neuron, gate: str) -> None:
    """Show the neuron's answer to each pair, and how many are those of the gate."""
    table = truth_table(neuron, INPUT_PAIRS, gate)
    is_right = table["fires"] == table[gate]
    table["right"] = is_right.map({True: "yes", False: "no"})
    st.table(table, hide_index=True)
    st.markdown(f"**{is_right.sum()} of 4** right. {gate_verdict(gate, is_right.sum())}".rstrip())


def truth_table(neuron: Neuron, inputs: Sequence[Point], gate: str) -> pd.DataFrame:
    """Return a row for each pair of 0 and 1: the pair, z, whether the neuron fires, and whether the gate does.

    inputs: what reaches the neuron for each pair.
    """
    table = pd.DataFrame(INPUT_PAIRS, columns=["x₁", "x₂"], dtype=int)
    table["z"] = [f"{neuron.z(x):.2f}" for x in inputs]
    table["fires"] = [int(neuron.fires(x)) for x in inputs]
    table[gate] = [int(wanted) for wanted in GATE_OUTPUTS[gate]]
    return table


def gate_verdict(gate: str, right: int) -> str:
    """Return a sentence about so many right answers of 4."""
    if right == len(INPUT_PAIRS):
        return f"This neuron is an {gate} gate."
    if gate == "XOR":
        return ""  # whether it can be 4 is the puzzle
    return "Move the line with the sliders until all circles and no squares are in the shaded part."


def line_formula(neuron: Neuron, x3: float) -> str:
    """Return the equation of the line between firing and not firing, in LaTeX."""
    w1, w2, w3 = (factor(w, 1) for w in neuron.weights)
    return (
        r"\begin{aligned} w_1 x_1 + w_2 x_2 + w_3 x_3 + b &= 0 \\"
        rf"{w1}\,x_1 + {w2}\,x_2 \quad & \\ {{}} + {w3} \cdot {x3:.1f} + {factor(neuron.bias, 1)} &= 0 \end{{aligned}}"
    )


def show_plane(neuron: Neuron, points: Sequence[Point], wanted: Sequence[bool], axes: tuple[str, str]) -> None:
    """Show the plane of a neuron's two inputs: where it fires, and which of some points should make it fire."""
    tables = {
        POINTS: pd.DataFrame(points, columns=["x", "y"]).assign(
            wanted=[FIRE if is_wanted else SILENT for is_wanted in wanted]
        ),
        REGION: corner_table(firing_region(neuron, LOW, HIGH)),
        LINE: corner_table(dividing_line(neuron, LOW, HIGH)),
    }
    show_chart(plane_chart(axes), f"plane_{axes[0]}", tables)


def corner_table(path: list[Point]) -> pd.DataFrame:
    """Return a path's points in their order: x, y, order."""
    table = pd.DataFrame(path, columns=["x", "y"], dtype=float)
    return table.assign(order=table.index)


@st.cache_data(show_spinner=False)
def plane_chart(axes: tuple[str, str]) -> Specification:
    """Return the chart without its data, so that it does not blink when a slider moves."""
    scale, ticks = alt.Scale(domain=[LOW, HIGH], nice=False), alt.Axis(values=[0, 0.5, 1], format=".1f")
    x, y = alt.X("x:Q", title=axes[0], scale=scale, axis=ticks), alt.Y("y:Q", title=axes[1], scale=scale, axis=ticks)
    legend = alt.Legend(orient="top", labelLimit=0)
    colours = alt.Scale(domain=[FIRE, SILENT], range=[POSITIVE, NEGATIVE])
    shapes = alt.Scale(domain=[FIRE, SILENT], range=["circle", "square"])
    colour = alt.Color("wanted:N", title=None, scale=colours, legend=legend)
    shape = alt.Shape("wanted:N", title=None, scale=shapes, legend=legend)
    chart = alt.layer(
        alt.Chart(alt.NamedData(REGION))
        .mark_line(aria=False, fill=NEUTRAL, fillOpacity=0.3, strokeWidth=0)
        .encode(x=x, y=y, order="order:Q"),
        alt.Chart(alt.NamedData(LINE)).mark_line(aria=False, color=NEUTRAL).encode(x=x, y=y, order="order:Q"),
        alt.Chart(alt.NamedData(POINTS))
        .mark_point(aria=False, filled=True, opacity=1, size=300)
        .encode(x=x, y=y, color=colour, shape=shape),
    ).properties(height=HEIGHT, description=f"Where the neuron fires, by {axes[0]} and {axes[1]}")
    return specification(chart)


def show_two_layers() -> None:
    """Show how two neurons and a third that listens to them make XOR."""
    st.latex(layers_formula())
    hidden = [xor_hidden_outputs(pair) for pair in INPUT_PAIRS]
    table = truth_table(OR_BUT_NOT_AND, hidden, "XOR")
    for place, (gate, outputs) in enumerate(zip(("OR", "AND"), zip(*hidden, strict=True), strict=True), start=2):
        table.insert(place, gate, [int(output) for output in outputs])
    left, right = st.columns(2, vertical_alignment="center")
    with left:
        st.table(table, hide_index=True)
    with right:
        show_plane(OR_BUT_NOT_AND, hidden, GATE_OUTPUTS["XOR"], ("Output of OR", "Output of AND"))


def layers_formula() -> str:
    """Return where each of the three neurons fires, in LaTeX."""
    rows = []
    for name, neuron, inputs in (
        ("OR", GATES["OR"], ("x_1", "x_2")),
        ("AND", GATES["AND"], ("x_1", "x_2")),
        ("XOR", OR_BUT_NOT_AND, (r"\text{OR}", r"\text{AND}")),
    ):
        products = " + ".join(rf"{factor(w, 0)}\,{x}" for w, x in zip(neuron.weights, inputs, strict=True))
        rows.append(rf"\text{{{name}:}}\ & {products} + {factor(neuron.bias, 1)} > 0")
    lines = r" \\ ".join(rows)
    return rf"\begin{{aligned}} {lines} \end{{aligned}}"
