"""What one neuron of the network does with its inputs: weights, contributions, the sum, the activation."""

import numpy as np
import pandas as pd
import streamlit as st

from model.ablation import Place
from model.network import ACTIVATIONS, Floats, LayerOutput, Network
from model.preprocessing import SIDE
from model.shades import signed_shades
from pages.widgets.digit.digit_view import SelectedDigit
from pages.widgets.networks.selected_neuron import layer_name
from pages.widgets.ui.images import image_html, signed_image_html
from pages.widgets.ui.latex import approximate

MAX_CONNECTIONS = 10


def show_weighted_sum(network: Network, outputs: list[LayerOutput], subject: SelectedDigit, place: Place) -> None:
    """Show how the neuron gets from its inputs to its output, with the numbers of this digit."""
    layer, neuron = place
    inputs = subject.vector if layer == 0 else outputs[layer - 1].a
    weights = network.layers[layer].weights[:, neuron]
    if layer == 0:
        show_pictures(weights, subject)
    show_sum_formula(weights * inputs, float(network.layers[layer].biases[neuron]))
    show_activation_formula(network, outputs[layer], place)
    if layer > 0:
        show_strongest(network, layer, weights, inputs)


def show_pictures(weights: Floats, subject: SelectedDigit) -> None:
    """Show the weights, the input and their product, pixel by pixel."""
    figures = (
        (signed_image(weights, "The weights"), "Its weights: red counts ink for it, blue against it, white is 0"),
        (image_html(subject.pixels, "The input"), "times the input, 0 (black) to 1 (white)"),
        (
            signed_image(weights * subject.vector, "The contributions"),
            "what each pixel contributes: weight times input",
        ),
    )
    html = "".join(f"<figure>{image}<figcaption>{caption}</figcaption></figure>" for image, caption in figures)
    st.html(f'<div class="steps">{html}</div>')


def signed_image(values: Floats, description: str) -> str:
    """Return 784 numbers with a sign as an HTML image."""
    return signed_image_html(signed_shades(values).reshape(SIDE, SIDE), description)


def show_sum_formula(contributions: Floats, bias: float) -> None:
    """Show the weighted sum: what speaks for firing, what against it, and the bias."""
    positive, negative = float(contributions[contributions > 0].sum()), float(contributions[contributions < 0].sum())
    st.latex(
        r"\begin{aligned} z &= \sum_i w_i x_i + b \\ &= "
        rf"\underbrace{{{positive:.2f}}}_{{w_i x_i > 0}} \underbrace{{- {-negative:.2f}}}_{{w_i x_i < 0}} "
        rf"{bias:+.2f} = {positive + negative + bias:.2f} \end{{aligned}}"
    )


def show_activation_formula(network: Network, output: LayerOutput, place: Place) -> None:
    """Show how the sum becomes the output."""
    layer, neuron = place
    activation = network.layers[layer].activation
    # Computed from z, because the output of a neuron that is switched off is 0.
    z, a = float(output.z[neuron]), float(ACTIVATIONS[activation].function(output.z)[neuron])
    name = ACTIVATIONS[activation].label
    if activation == "softmax":
        st.latex(rf"a = \text{{softmax}}(z)_{{{neuron}}} {approximate(a)}")
        st.caption("Softmax needs the sums of the whole layer, not only this neuron's: see the next section.")
    else:
        st.latex(rf"a = \text{{{name}}}(z) = \text{{{name}}}({z:.2f}) = {a:.2f}")


def show_strongest(network: Network, layer: int, weights: Floats, inputs: Floats) -> None:
    """Show the connections that add most to the sum or take most from it."""
    products = weights * inputs
    strongest = np.argsort(-np.abs(products), kind="stable")[:MAX_CONNECTIONS]
    st.markdown(
        f"Its strongest incoming connections now, of {len(weights)}: the output of each neuron of the layer "
        f"{layer_name(network, layer - 1).lower()}, times the weight that leads here."
    )
    columns = ["neuron", "puts out $x_i$", "weight $w_i$", "contributes $w_i x_i$"]
    rows = [[str(i), f"{inputs[i]:.2f}", f"{weights[i]:+.2f}", f"{products[i]:+.2f}"] for i in strongest.tolist()]
    st.table(pd.DataFrame(rows, columns=columns), hide_index=True)
