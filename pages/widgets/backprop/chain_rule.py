"""The derivative of the loss by one weight of a hidden neuron: computed by hand, and checked."""

import numpy as np
import pandas as pd
import streamlit as st

from model.ablation import Place
from model.gradient_check import NUDGE, check_gradient
from model.network import ACTIVATIONS, Floats, LayerGradients, LayerOutput, Network
from pages.widgets.networks.selected_neuron import layer_name, pixel_name, place_name
from pages.widgets.ui.latex import factor, significant

MAX_ERRORS = 10  # shown in the table of those that come back, the strongest first
DIFFERS = (
    "here the two are not the same, because between the two runs some neuron passes the kink of its activation "
    "function, or the difference is too small even for 64-bit numbers"
)


def show_chain_rule(
    network: Network, outputs: list[LayerOutput], gradients: list[LayerGradients], x: Floats, place: Place
) -> int:
    """Show the factors of the derivative by the weight of the neuron's strongest input. Return this input's number."""
    layer, neuron = place
    inputs = x if layer == 0 else outputs[layer - 1].a
    strongest = int(np.abs(inputs).argmax())
    error, weight = gradients[layer].z[neuron], gradients[layer].weights[strongest, neuron]
    back, name = gradients[layer + 1].x[neuron], network.layers[layer].activation
    value = inputs[strongest]
    if name != "softmax":
        slope = ACTIVATIONS[name].derivative(outputs[layer].z[neuron])
        st.latex(
            r"\frac{\partial L}{\partial w} = \underbrace{\textstyle\sum_k v_k\,\delta_k}_{\text{comes back}} \cdot "
            r"\underbrace{f'(z)\vphantom{\textstyle\sum_k}}_{\text{activation}} \cdot "
            r"\underbrace{\vphantom{\textstyle\sum_k}x}_{\text{input}}"
        )
        st.latex(
            f"{factor(back)} \\cdot {significant(float(slope))} \\cdot {factor(value)} = {significant(float(weight))}"
        )
    else:  # softmax in a hidden layer: each output depends on all sums of the layer
        st.latex(
            rf"\frac{{\partial L}}{{\partial w}} = \delta \cdot x = {factor(error)} \cdot {factor(value)} "
            rf"= {significant(float(weight))}"
        )
    source = pixel_name(strongest) if layer == 0 else place_name(network, (layer - 1, strongest))
    st.caption(
        f"The weight $w$ is that of the neuron's strongest input now, {source}. The **error** $\\delta$ of a neuron is "
        "how the loss changes with its sum $z$; at the output it is $p - y$. The error $\\delta_k$ of each neuron that "
        "gets this one's output comes back through the weight $v_k$ between them; all these add up. The activation "
        f"function lets through as much as its slope at this $z$ ({ACTIVATIONS[name].label}): if the slope is 0, the "
        "neuron learns nothing from this picture. The product of these two is the neuron's own $\\delta$, which goes "
        "on to the layer before."
    )
    show_errors(network, gradients, place)
    return strongest


def show_errors(network: Network, gradients: list[LayerGradients], place: Place) -> None:
    """Show the errors that come back to the neuron, and from which neurons."""
    layer, neuron = place
    weights, errors = network.layers[layer + 1].weights[neuron], gradients[layer + 1].z
    products = weights * errors
    strongest = np.argsort(-np.abs(products), kind="stable")[:MAX_ERRORS]
    which = "digit" if layer + 2 == len(network.layers) else f"{layer_name(network, layer + 1).lower()}, neuron"
    rows = [
        [str(k), f"${significant(float(errors[k]))}$", f"{weights[k]:+.2f}", f"${significant(float(products[k]))}$"]
        for k in strongest.tolist()
    ]
    columns = [which, r"its error $\delta_k$", "weight $v_k$", r"comes back: $v_k \delta_k$"]
    st.table(pd.DataFrame(rows, columns=columns), hide_index=True)
    rest = len(products) - len(strongest)
    others = f" (with the {rest} that are not shown)" if rest else ""
    st.markdown(f"Together{others}: ${significant(float(products.sum()))}$")


def show_check(network: Network, x: Floats, digit: int, place: Place, source: int) -> None:
    """Show how the loss changes if the weight between `source` and the neuron is nudged up and down."""
    layer, neuron = place
    check = check_gradient(network, x, digit, layer, (source, neuron))
    st.latex(
        r"\begin{aligned} "
        rf"L(w + h) &= {significant(check.higher, 9)} \\ L(w - h) &= {significant(check.lower, 9)} \\ "
        rf"\frac{{L(w + h) - L(w - h)}}{{2h}} &= {significant(check.quotient, 6)} \\ "
        rf"\frac{{\partial L}}{{\partial w}} &= {significant(check.derivative, 6)} \end{{aligned}}"
    )
    st.caption(
        f"Is that right? Nudge the weight by $h = {NUDGE:g}$ up and down, run the network both times, and see how much "
        f"the loss differs: {'it agrees' if check.agrees else DIFFERS}. This way would take two runs for each of the "
        f"{sum(layer.weights.size for layer in network.layers):,} weights; backpropagation takes one forward and one "
        "backward for all of them. (Computed with 64-bit numbers: 32 bits are too coarse for such a difference.)"
    )
