"""Loss and learning: how wrong the answer is, how much each weight has to do with it, and steps that improve it."""

import streamlit as st

from model.network import Floats, LayerOutput, Network
from model.number_format import counted
from pages.widgets.answer.probability_bars import show_answers
from pages.widgets.app.navigation import ensure_navigation, rerun_page_if_requested
from pages.widgets.backprop.chain_rule import show_chain_rule, show_check
from pages.widgets.backprop.experiments import EXPERIMENTS
from pages.widgets.backprop.gradient_descent import session_learner, show_gradient_descent
from pages.widgets.backprop.loss import show_gradients, show_loss
from pages.widgets.backprop.target_digit import choose_target
from pages.widgets.digit.digit_view import SelectedDigit, show_digit_view
from pages.widgets.digit.experiment_row import show_experiments
from pages.widgets.networks.picker import label
from pages.widgets.networks.selected_neuron import choose_neuron, selected_neuron

ensure_navigation()

st.title("Loss and learning")
st.markdown("See how wrong an answer is, which weights are to blame, and how learning improves it step by step.")
show_experiments("backprop", EXPERIMENTS)
st.markdown(
    "A network learns in four moves, again and again: **forward propagation** gives an answer, the **loss** says how "
    "wrong it is, **backpropagation** finds out for every weight whether more or less of it would lower the loss, and "
    "**gradient descent** moves all weights a little that way. No weight is tried out: the chain rule computes how "
    "each one changes the loss."
)


@st.fragment
def learn_digit() -> None:
    """Show all that a stroke, another digit or a step changes, and nothing else."""
    rerun_page_if_requested()
    shown = show_digit_view()
    learner = session_learner(shown.network)
    network, x = learner.network, shown.subject.vector
    outputs = network.forward(x)
    with shown.answer:
        show_answers({label(shown.name): outputs[-1].a}, shown.subject.pixels)
        if learner.steps:
            st.caption(f"This is the copy's answer after {counted(learner.steps, 'step')} of learning. Reset is below.")

    with shown.view:
        digit = choose_target(shown.subject, int(shown.network.predict(x).argmax()))
        loss = network.loss(x, digit)
        show_loss(loss, digit)

    st.subheader("Backpropagation: where does the loss come from?")
    if loss == 0:
        st.info("The loss is 0, so there is nothing left to learn: no weight and no pixel could lower it.")
    else:
        show_backpropagation(network, x, digit, shown.subject, outputs)

    st.subheader("Take a step")
    st.markdown(
        "Every weight moves against its derivative, times the learning rate: "
        r"$w \leftarrow w - \text{learning rate} \cdot \partial L / \partial w$. Here, a copy of the network takes the "
        "step, with this one picture alone, so it learns this picture and forgets others. How many it forgets depends "
        "on the learning rate. The training of *Simple* took 32 other pictures at each of its 37,500 steps."
    )
    show_gradient_descent(learner, shown, digit)


def show_backpropagation(
    network: Network, x: Floats, digit: int, subject: SelectedDigit, outputs: list[LayerOutput]
) -> None:
    """Show the way from the loss back to the pixels, and to one weight."""
    gradients = network.gradients(x, digit)
    show_gradients(network, gradients, subject, digit)

    st.subheader("The chain rule for one neuron")
    hidden = len(network.layers) - 1
    if hidden:
        place = selected_neuron(network, outputs, hidden)
        choose_neuron(network, place, hidden)
        source = show_chain_rule(network, outputs, gradients, x, place)
        show_check(network, x, digit, place, source)
    else:
        st.info("This network has no hidden layer: each weight's derivative is $p - y$ of its digit times its pixel.")


learn_digit()
