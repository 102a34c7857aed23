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
from pages.widgets.neuron.neuron import choose_one
from pages.widgets.ui.charts import Specification, show_chart, specification
from pages.widgets.ui.latex import factor
from pages.widgets.ui.palette import NEGATIVE, NEUTRAL, POSITIVE

FIRE, SILENT = "should fire", "should not"
POINTS, REGION, LINE = "points", "region", "line"
LOW, HIGH = -0.5, 1.5  # of the plane that is shown
HEIGHT = 320


def show_gate(neuron: Neuron, x3: float) -> None:
    """The neuron's answers to all pairs of 0 and 1, next to those of a gate."""
    gate = choose_one("Compare with", list(GATE_OUTPUTS), "AND", "gate")
    of_two = neuron.with_last_input(x3)
    table, plane = st.columns(2, vertical_alignment="center")
    with table:
        show_answers(of_two, gate)
    with plane:
        show_plane(of_two, INPUT_PAIRS, GATE_OUTPUTS[gate], ("Input x₁", "Input x₂"))
    st.markdown(
        "In the shaded part of the picture it fires. The line at its edge is where the sum is 0, with $x_3$ as it is "
        "on its slider:"
    )
    st.latex(line_in_numbers(neuron, x3))


def show_answers(neuron: Neuron, gate: str) -> None:
    """Pair by pair, and how many are as the gate has them."""
    fires = [neuron.fires(pair) for pair in INPUT_PAIRS]
    right = [is_so == wanted for is_so, wanted in zip(fires, GATE_OUTPUTS[gate], strict=True)]
    table = pd.DataFrame(INPUT_PAIRS, columns=["x₁", "x₂"], dtype=int)
    table["z"] = [f"{neuron.z(pair):.2f}" for pair in INPUT_PAIRS]
    table["fires"] = [int(is_so) for is_so in fires]
    table[gate] = [int(wanted) for wanted in GATE_OUTPUTS[gate]]
    table["right"] = ["yes" if is_right else "no" for is_right in right]
    st.table(table, hide_index=True)
    st.markdown(f"**{sum(right)} of 4** right. {verdict(gate, sum(right))}".rstrip())


def verdict(gate: str, right: int) -> str:
    """What to make of so many right answers."""
    if right == len(INPUT_PAIRS):
        return f"This neuron is an {gate} gate."
    if gate == "XOR":
        return ""  # how many it can be is the puzzle
    return "Move the line with the sliders until all that is round is in the shaded part, and nothing square."


def line_in_numbers(neuron: Neuron, x3: float) -> str:
    """The equation of the line between firing and not firing."""
    w1, w2, w3 = (factor(w, 1) for w in neuron.weights)
    return (
        r"\begin{aligned} w_1 x_1 + w_2 x_2 + w_3 x_3 + b &= 0 \\"
        rf"{w1}\,x_1 + {w2}\,x_2 \quad & \\ {{}} + {w3} \cdot {x3:.1f} + {factor(neuron.bias, 1)} &= 0 \end{{aligned}}"
    )


def show_plane(neuron: Neuron, points: Sequence[Point], wanted: Sequence[bool], axes: tuple[str, str]) -> None:
    """The plane of a neuron's two inputs: where it fires, and which of some points should make it fire."""
    tables = {
        POINTS: pd.DataFrame(points, columns=["x", "y"]).assign(
            wanted=[FIRE if is_wanted else SILENT for is_wanted in wanted]
        ),
        REGION: corners(firing_region(neuron, LOW, HIGH)),
        LINE: corners(dividing_line(neuron, LOW, HIGH)),
    }
    show_chart(plane_chart(axes), f"plane_{axes[0]}", tables)


def corners(path: list[Point]) -> pd.DataFrame:
    """A path's points in their order: x, y, order."""
    table = pd.DataFrame(path, columns=["x", "y"], dtype=float)
    return table.assign(order=table.index)


@st.cache_data(show_spinner=False)
def plane_chart(axes: tuple[str, str]) -> Specification:
    """The chart without its data, so that it does not blink when a slider moves."""
    scale, ticks = alt.Scale(domain=[LOW, HIGH], nice=False), alt.Axis(values=[0, 0.5, 1], format=".1f")
    x, y = alt.X("x:Q", title=axes[0], scale=scale, axis=ticks), alt.Y("y:Q", title=axes[1], scale=scale, axis=ticks)
    legend = alt.Legend(orient="top", labelLimit=0)
    colour = alt.Color(
        "wanted:N", title=None, scale=alt.Scale(domain=[FIRE, SILENT], range=[POSITIVE, NEGATIVE]), legend=legend
    )
    shape = alt.Shape(
        "wanted:N", title=None, scale=alt.Scale(domain=[FIRE, SILENT], range=["circle", "square"]), legend=legend
    )
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
    """XOR by two neurons and a third that listens to them, computed from their weights."""
    st.latex(layers_in_numbers())
    hidden = [xor_hidden_outputs(pair) for pair in INPUT_PAIRS]
    table = pd.DataFrame(INPUT_PAIRS, columns=["x₁", "x₂"], dtype=int)
    table[["OR", "AND"]] = pd.DataFrame(hidden, dtype=int)
    table["z"] = [f"{OR_BUT_NOT_AND.z(pair):.2f}" for pair in hidden]
    table["fires"] = [int(OR_BUT_NOT_AND.fires(pair)) for pair in hidden]
    table["XOR"] = [int(wanted) for wanted in GATE_OUTPUTS["XOR"]]
    left, right = st.columns(2, vertical_alignment="center")
    with left:
        st.table(table, hide_index=True)
    with right:
        show_plane(OR_BUT_NOT_AND, hidden, GATE_OUTPUTS["XOR"], ("Output of OR", "Output of AND"))


def layers_in_numbers() -> str:
    """Where each of the three neurons fires."""
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
