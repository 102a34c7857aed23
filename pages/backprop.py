"""Loss and learning: how wrong the answer is, what every weight has to do with it, and a step that mends it."""

import streamlit as st

from model.network import Floats, LayerOutput, Network
from model.wording import counted
from pages.widgets.answer.probability_bars import show_answers
from pages.widgets.app.navigation import ensure_navigation, rerun_page_if_requested
from pages.widgets.backprop.chain_rule import show_chain_rule, show_check
from pages.widgets.backprop.experiments import EXPERIMENTS
from pages.widgets.backprop.gradient_descent import learner_of, show_gradient_descent
from pages.widgets.backprop.loss import show_gradients, show_loss
from pages.widgets.backprop.target_digit import choose_target
from pages.widgets.digit.digit_view import SelectedDigit, show_digit_view
from pages.widgets.digit.experiment_row import show_experiments
from pages.widgets.networks.picker import label
from pages.widgets.networks.selected_neuron import choose_neuron, selected_neuron

ensure_navigation()

st.title("Loss and learning")
st.markdown("See how wrong an answer is, which weights are to blame, and how steps of learning mend it.")
show_experiments("backprop", EXPERIMENTS)
st.markdown(
    "A network learns in four moves, again and again: **forward propagation** gives an answer, the **loss** says how "
    "wrong it is, **backpropagation** finds out for every weight whether more or less of it would lower the loss, and "
    "**gradient descent** moves all weights a little that way. It does not try weights out: the chain rule computes "
    "what each one has to do with the loss."
)


@st.fragment
def learn() -> None:
    """All that a stroke, a pick or a step changes."""
    rerun_page_if_requested()
    scene = show_digit_view()
    learner = learner_of(scene.network)
    network, x = learner.network, scene.subject.vector
    outputs = network.forward(x)
    with scene.answer:
        show_answers({label(scene.name): outputs[-1].a}, scene.subject.pixels)
        if learner.steps:
            st.caption(f"The answer of the copy that has learnt for {counted(learner.steps, 'step')}: Reset is below.")

    with scene.view:
        digit = choose_target(scene.subject, int(scene.network.predict(x).argmax()))
        loss = network.loss(x, digit)
        show_loss(loss, digit)

    st.subheader("Backpropagation: where does the loss come from?")
    if loss == 0:
        st.info("The loss is 0, so there is nothing left to learn: no weight and no pixel could lower it.")
    else:
        look_back(network, x, digit, scene.subject, outputs)

    st.subheader("Take a step")
    st.markdown(
        "Every weight moves against its derivative, times the learning rate: "
        r"$w \leftarrow w - \text{learning rate} \cdot \partial L / \partial w$. Here on a copy of the network, and "
        "with this one picture alone, so it learns this one and forgets others. How many depends on the learning "
        "rate. The training of *Simple* took 32 other pictures at each of its 37,500 steps."
    )
    show_gradient_descent(learner, scene, digit)


def look_back(network: Network, x: Floats, digit: int, shown: SelectedDigit, outputs: list[LayerOutput]) -> None:
    """From the loss back to the weights."""
    gradients = network.gradients(x, digit)
    show_gradients(network, gradients, shown, digit)

    st.subheader("The chain rule for one neuron")
    hidden = len(network.layers) - 1
    if hidden:
        place = selected_neuron(network, outputs, hidden)
        choose_neuron(network, place, hidden)
        source = show_chain_rule(network, outputs, gradients, x, place)
        show_check(network, x, digit, place, source)
    else:
        st.info("This network has no hidden layer: each weight's derivative is $p - y$ of its digit times its pixel.")


learn()
