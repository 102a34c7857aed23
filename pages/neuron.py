"""One neuron: what it computes, and what it can and cannot decide."""

import streamlit as st

from pages.widgets.app.navigation import ensure_navigation
from pages.widgets.digit.experiment_row import show_experiments
from pages.widgets.neuron.experiments import EXPERIMENTS
from pages.widgets.neuron.gates import show_gate, show_two_layers
from pages.widgets.neuron.neuron import choose_numbers, show_activation, show_sum

ensure_navigation()

st.title("One neuron")
st.markdown("Set the weights of one neuron by hand, and see what it can decide, and what it cannot.")
show_experiments("neuron", EXPERIMENTS)
st.markdown(
    "A neuron multiplies each of its **inputs** by a **weight**, adds up the products and a **bias**, and passes the "
    "sum through an **activation function**. A weight says how strongly its input counts, and in which direction: "
    "below 0, it counts against firing. The bias is the sum that the neuron starts from: the higher it is, the more "
    "easily the neuron fires."
)
st.markdown(
    "Weights and biases are what a network learns. Here you set four of them by hand; training sets all 55,050 of "
    "*Simple*."
)


@st.fragment
def explore_neuron() -> None:
    """Show all that a slider changes, and nothing else."""
    neuron, x = choose_numbers()
    show_sum(neuron, x)

    st.subheader("The activation function")
    show_activation(neuron.z(x))
    st.markdown(
        "The derivative $a'$ says how much $a$ changes when $z$ changes a little. Training multiplies by it on the way "
        "back from the error to the weights: where it is 0, the weights stay as they are."
    )
    st.markdown(
        "Why not just pass on the sum? Because weighted sums of weighted sums are weighted sums: without an activation "
        "that is not a straight line, stacked layers do no more than a single one could. For example:"
    )
    st.latex(r"z_1 = 3x + 1, \quad z_2 = 2z_1 - 4 = 6x - 2")
    st.markdown("A curve that bends, or jumps, is what makes a second layer worth having.")

    st.subheader("A neuron as a gate")
    st.markdown(
        "A gate takes two inputs that are 0 or 1. AND should fire if both are 1, OR if at least one is. A neuron fires "
        "where its sum $z$ is above 0, whatever its activation: step is 1 there, sigmoid above 0.5, the others above "
        "0. Two of the experiments at the top of this page make the neuron such a gate, with the step function. They "
        "set the third weight to 0, so that $x_3$ does not count."
    )
    show_gate(neuron, x[2])


explore_neuron()

st.subheader("What one neuron cannot do")
st.markdown(
    "XOR should fire if one of the inputs is 1, but not both. Choose it under *Compare with*, above: no line has both "
    "circles on one side and both squares on the other, since they lie crosswise. In formulas, with "
    "${c = w_3 x_3 + b}$, XOR needs"
)
st.latex(
    r"\begin{aligned} w_1 + c &> 0 && \text{first input only} \\ w_2 + c &> 0 && \text{second input only} \\"
    r"c &\le 0 && \text{none} \\ w_1 + w_2 + c &\le 0 && \text{both} \end{aligned}"
)
st.markdown(
    "The first two add up to ${w_1 + w_2 + c > -c}$, and the third says that $-c$ is not below 0. So "
    "${w_1 + w_2 + c}$ is above 0, but the fourth says that it is not."
)
st.markdown(
    "Three neurons can do it: XOR is OR, but not AND. The first two look at the inputs, the third looks at what the "
    "first two put out. They fire where"
)
show_two_layers()
st.markdown(
    "The first two are a **hidden layer**. They move the points: the two that should fire land on the same spot, and "
    "now one line is enough. That is what hidden layers are for. Here a person thought of OR and AND; training can "
    "find such weights on its own, with an activation function that has a slope."
)
