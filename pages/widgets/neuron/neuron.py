"""One neuron on sliders: its weighted sum, its activation function, and what comes out."""

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from model.neuron import NEURON_ACTIVATIONS, Neuron
from pages.widgets.ui.charts import Specification, show_chart, specification
from pages.widgets.ui.latex import factor
from pages.widgets.ui.palette import FIRST, NEUTRAL, SECOND

# A slider for each of the neuron's numbers: its label, lowest, highest and first value
CONTROLS = {
    "x1": ("Input x₁", 0.0, 1.0, 0.5),
    "x2": ("Input x₂", 0.0, 1.0, 0.8),
    "x3": ("Input x₃", 0.0, 1.0, 1.0),
    "w1": ("Weight w₁", -3.0, 3.0, 2.0),
    "w2": ("Weight w₂", -3.0, 3.0, -1.0),
    "w3": ("Weight w₃", -3.0, 3.0, 1.0),
    "bias": ("Bias b", -3.0, 3.0, -0.5),
}
STEP = 0.1  # products of two such numbers have two decimals: what the page writes is exact
EXPLANATIONS = {
    "step": "**Step** says yes or no: 1 where z is above 0, else 0. The first artificial neurons worked like that. Its "
    "derivative is 0 (at the jump there is none), so a slightly different weight changes nothing, and gradient descent "
    "cannot tell which way is better.",
    "sigmoid": "**Sigmoid** squeezes every sum into 0 to 1, so that it can be read as a probability: the usual last "
    "step where the answer is yes or no. Its derivative is 0.25 at most, and nearly 0 where the curve is flat. Through "
    "many layers these factors multiply, and the first layers hardly learn.",
    "tanh": "**Tanh** squeezes every sum into −1 to 1, with 0 in the middle. Its derivative is 1 there, but nearly 0 "
    "where the curve is flat, as with sigmoid: a neuron far from 0 hardly learns.",
    "relu": "**ReLU** lets positive sums pass and makes 0 of negative ones. It is the usual choice for all layers "
    "but the last, in Inkling's networks, too. Its derivative is 1 or 0: where it is 1, nothing gets lost on the way "
    "back through the layers. A neuron whose sum is never positive has 0 everywhere and learns no more: it is dead.",
    "leaky_relu": "**Leaky ReLU** is ReLU that keeps a small slope for negative sums: 0.2 here, as in Keras. Its "
    "derivative is never 0, so no neuron dies.",
}
ACTIVATION, DERIVATIVE = "activation a", "its derivative a′"
CURVES, HERE = "curves", "here"
NEAR, FAR = 6.0, 13.0  # near: the curves bend there; far: the sliders reach a sum of 12
HEIGHT = 320


def set_neuron(numbers: dict[str, float], activation: str) -> None:
    """Set some of the neuron's numbers, by their names in CONTROLS, and its activation. To be called in a callback."""
    st.session_state.update({f"neuron_{name}": number for name, number in numbers.items()})
    st.session_state["activation_of_neuron"] = activation


def choose_numbers() -> tuple[Neuron, list[float]]:
    """Show the sliders, each input above its weight, the bias below them. Return the neuron and its inputs."""
    inputs, weights = [], []
    with st.container(key="neuron_sliders", gap="xsmall"):
        for i, column in enumerate(st.columns(3, wrap=False), start=1):
            with column:
                inputs.append(choose_number(f"x{i}"))
                weights.append(choose_number(f"w{i}"))
        bias = choose_number("bias")
    return Neuron(tuple(weights), bias), inputs


def choose_number(name: str) -> float:
    """Show the slider of one of the neuron's numbers; return the number."""
    label, lowest, highest, start = CONTROLS[name]
    key = f"neuron_{name}"
    st.session_state.setdefault(key, start)
    return float(st.slider(label, lowest, highest, step=STEP, format="%.1f", key=key, persist_state="session"))


def choose_option(label: str, options: list[str], start: str, key: str) -> str:
    """Show a choice of options; return the chosen one. key: the session's, by which a button can choose, too."""
    st.session_state.setdefault(key, start)
    st.segmented_control(
        label,
        options,
        format_func=lambda option: NEURON_ACTIVATIONS[option].label if option in NEURON_ACTIVATIONS else option,
        required=True,
        key=key,
        persist_state="session",
    )
    return str(st.session_state[key])


def show_sum(neuron: Neuron, x: list[float]) -> None:
    """Show the weighted sum with all its numbers."""
    products = [rf"{factor(w, 1)} \cdot {x_i:.1f}" for w, x_i in zip(neuron.weights, x, strict=True)]
    st.latex(
        r"\begin{aligned} z &= w_1 x_1 + w_2 x_2 + w_3 x_3 + b \\"
        rf"&= {products[0]} + {products[1]} \\ &\quad + {products[2]} + {factor(neuron.bias, 1)} \\"
        rf"&= {neuron.z(x):.2f} \end{{aligned}}"
    )


def show_activation(z: float) -> None:
    """Show the choice of an activation function, what to know about it, its curve, and the output for this sum."""
    activation = choose_option("Function", list(NEURON_ACTIVATIONS), "sigmoid", "activation_of_neuron")
    st.markdown(EXPLANATIONS[activation])
    _, function, derivative = NEURON_ACTIVATIONS[activation]
    a, slope = float(function(np.array(z))), float(derivative(np.array(z)))
    st.latex(activation_formulas(activation, z, a, slope))
    chart, output = st.columns([3, 1], vertical_alignment="center")
    with chart:
        here = pd.DataFrame({"z": z, "value": [slope, a], "line": [DERIVATIVE, ACTIVATION]})  # a is drawn on top
        tables = {CURVES: curve_table(activation, NEAR if abs(z) <= NEAR else FAR), HERE: here}
        show_chart(activation_chart(), "chart_activation", tables)
    with output:
        st.metric("Output a", f"{a:.3f}")
        st.markdown("It **fires**: z is above 0." if z > 0 else "It does **not fire**: z is not above 0.")


def activation_formulas(activation: str, z: float, a: float, slope: float) -> str:
    """Return the activation and its derivative in LaTeX, with the numbers filled in."""
    number = factor(z, 2)
    side = r"z > 0" if z > 0 else r"z \le 0"
    a_of_z, slope_at_z = {
        "step": (rf"{a:.0f}\text{{, as }}{side}", "0"),
        "sigmoid": (
            rf"\frac{{1}}{{1 + e^{{-z}}}} = \frac{{1}}{{1 + e^{{-{number}}}}} \approx {a:.3f}",
            rf"a\,(1 - a) \approx {a:.3f} \cdot {1 - a:.3f} \approx {slope:.3f}",
        ),
        "tanh": (
            rf"\frac{{e^z - e^{{-z}}}}{{e^z + e^{{-z}}}} = \tanh {number} \approx {a:.3f}",
            rf"1 - a^2 \approx 1 - {factor(a, 3)}^2 \approx {slope:.3f}",
        ),
        "relu": (rf"\max(0, z) = \max(0, {z:.2f}) = {a:.2f}", rf"{slope:.0f}\text{{, as }}{side}"),
        "leaky_relu": (
            rf"z = {a:.2f}\text{{, as }}{side}" if z > 0 else rf"0.2 \cdot {number} = {a:.3f}\text{{, as }}{side}",
            rf"{slope:.1f}\text{{, as }}{side}",
        ),
    }[activation]
    return rf"\begin{{aligned}} a &= {a_of_z} \\[1ex] a' &= {slope_at_z} \end{{aligned}}"


@st.cache_data(show_spinner=False)
def curve_table(activation: str, reach: float) -> pd.DataFrame:
    """Return the activation and its derivative for sums from -reach to reach: z, value, line."""
    # Two points, at 0 and just above, because some of the functions jump there.
    z = np.concatenate([np.linspace(-reach, 0, 121), np.linspace(1e-9, reach, 121)])
    _, function, derivative = NEURON_ACTIVATIONS[activation]
    lines = {ACTIVATION: function(z), DERIVATIVE: derivative(z)}
    return pd.concat([pd.DataFrame({"z": z, "value": value, "line": line}) for line, value in lines.items()])


@st.cache_data(show_spinner=False)
def activation_chart() -> Specification:
    """Return the chart without its data, so that it does not blink when a slider moves."""
    colour = alt.Color(
        "line:N",
        title=None,
        scale=alt.Scale(domain=[ACTIVATION, DERIVATIVE], range=[FIRST, SECOND]),
        legend=alt.Legend(orient="top", labelLimit=0),
    )
    z = alt.X("z:Q", title="Sum z", scale=alt.Scale(nice=False))
    value = alt.Y("value:Q", title=None)
    tooltip = [
        alt.Tooltip("line:N", title="Curve"),
        alt.Tooltip("z:Q", title="z", format=".2f"),
        alt.Tooltip("value:Q", title="Value", format=".3f"),
    ]
    dash = alt.when(alt.datum.line == DERIVATIVE).then(alt.value([6, 4])).otherwise(alt.value([1, 0]))
    chart = alt.layer(
        alt.Chart(alt.NamedData(HERE)).mark_rule(aria=False, color=NEUTRAL).encode(x=z),
        alt.Chart(alt.NamedData(CURVES)).mark_line(aria=False).encode(x=z, y=value, color=colour, strokeDash=dash),
        alt.Chart(alt.NamedData(HERE))
        .mark_point(aria=False, filled=True, opacity=1, size=150)
        .encode(x=z, y=value, color=colour, tooltip=tooltip),
    ).properties(
        height=HEIGHT, description="The activation and its derivative by the sum z, a point where the neuron is"
    )
    return specification(chart)
