"""What deep learning is: rules that somebody wrote against rules that were learned, on the visitor's own digit."""

import streamlit as st

from model.averages import distances
from model.mnist import Mnist
from model.network import Floats, Network
from pages.widgets.app.navigation import ensure_navigation
from pages.widgets.canvas.component import show_canvas
from pages.widgets.digit.canvas_settings import pen_width
from pages.widgets.digit.digit_view import canvas_row, selected_digit, show_mistakes
from pages.widgets.digit.experiment_row import show_experiments
from pages.widgets.networks.average_rule import AverageRule, average_rule
from pages.widgets.networks.mnist_predictions import accuracy_of, read_mnist
from pages.widgets.ui.images import image_html
from pages.widgets.why.comparison_cards import (
    distance_formula,
    learned_networks,
    linear_formula,
    show_cards,
)
from pages.widgets.why.experiments import EXPERIMENTS

ensure_navigation()

st.title("What is deep learning?")
st.markdown("See four ways to read one digit, from a rule that a person wrote to layers that learned what to look for.")
show_experiments("why", EXPERIMENTS)
st.markdown(
    "Draw, and see where they disagree. The pages *One neuron* and *Inside* explain neurons, weights, biases and "
    "softmax."
)


@st.fragment
def draw_and_compare() -> None:
    """Show all that a stroke changes, and nothing else."""
    left, right = canvas_row()
    with left:
        show_canvas(pen_width())
    mnist, networks = read_mnist(), learned_networks()
    with right:
        place = st.container()
        if mnist and (notebook := networks["notebook"]):
            show_mistakes(notebook, mnist)
    shown = selected_digit(mnist)
    if shown is None:
        place.info("Nothing is drawn yet: draw a digit.")
        return
    with place:
        st.markdown(f"**{shown.name}**")
        st.markdown("All they see is these 784 pixels:")
        st.html(f'<div class="seen">{image_html(shown.pixels, "The digit, 28 by 28 pixels")}</div>')
    rule = average_rule() if mnist else None
    show_cards(rule, networks, mnist, shown.vector)
    explain_average(rule, shown.vector)
    explain_linear(networks["linear"], shown.vector)
    explain_layers(networks, mnist)


def explain_average(rule: AverageRule | None, x: Floats) -> None:
    """Explain the rule: a person made its features."""
    st.subheader("Somebody wrote the rule")
    st.markdown(
        "**Nearest average** averages the training images of each digit, and names the digit whose average is closest "
        "to this one. It squares the difference between each pixel $x_i$ and the average's pixel $m_i$; the square "
        "root of the sum is the distance $d$ to that digit."
    )
    if rule:
        st.latex(distance_formula(distances(rule.averages, x)))
    st.markdown(
        r"The digit with the smallest distance has the largest $\sum_i m_i x_i - \frac{1}{2} \sum_i m_i^2$. So even "
        "this rule is a layer of ten neurons. But nobody trained its weights: they are the averages."
    )


def explain_linear(linear: Network | None, x: Floats) -> None:
    """Explain the linear model: it learned its weights, but no features."""
    st.subheader("The weights are learned")
    st.markdown(
        "The **linear model** has the same form, but training chose its weights $w_i$ and the bias $b$ of each digit: "
        "red where ink speaks for the digit, blue where ink speaks against it. The largest sum $z$ wins, and softmax "
        "turns all ten into probabilities."
    )
    if linear:
        st.latex(linear_formula(linear, x))
    st.markdown(
        "Averages show what a digit looks like; these weights show what sets it apart from the other nine. But each "
        "digit still has one picture for all the ways to write it, and each pixel counts on its own."
    )


def explain_layers(networks: dict[str, Network | None], mnist: Mnist | None) -> None:
    """Explain networks with hidden layers: they learned features, too."""
    st.subheader("The features are learned, too")
    st.markdown(
        "The first layer of a **network with hidden layers** does not look for digits. Its neurons look for whatever "
        "turned out to help the next layer, which sees how strongly they fire, but no pixels. What a neuron looks for "
        "is called a *feature*."
    )
    linear, notebook = networks["linear"], networks["notebook"]
    if mnist and linear and notebook:
        wrong, fewer = (round((1 - accuracy_of(network, mnist)) * len(mnist.y_test)) for network in (linear, notebook))
        st.markdown(
            f"Of the {len(mnist.y_test):,} test images, the linear model misreads {wrong}, *Simple* {fewer}. Both "
            "learned equally long from the same images: the difference is the two hidden layers."
        )
    st.markdown(
        "More layers can represent more, but they are not better by themselves: they need more time and more examples "
        "to train. *Robust* has no more layers than *Simple*, but more neurons, and it learned from 1.5 "
        "million pictures instead of 60,000."
    )


draw_and_compare()

st.subheader("Machine learning, deep learning")
st.markdown(
    "In **machine learning** a person decides how the answer is computed, but not with which numbers; training sets "
    "those so that the answers fit examples. The nearest average is on the border: its averages come from examples, "
    "but nothing in it was changed to make its answers right."
)
st.markdown(
    "In **deep learning** the computation is a stack of layers, each working with what the one before found out. "
    "Features that people used to invent, such as the number of loops, are learned as well. They can form a nested "
    "hierarchy: pixels make strokes, strokes make parts such as bars and loops, parts make digits. But training asks "
    "for right answers only, not for layers that people understand. Some of *Robust*'s neurons above look for bits of "
    "strokes; hardly any of *Simple*'s do, and it reads most digits all the same."
)

st.subheader("Three kinds of layers")
st.markdown(
    "- The **input layer** has a node for each number that comes in: here 784, one per pixel. It computes nothing.\n"
    "- **Hidden layers** come between, as many and as wide as you like. *Simple* has two, of 64 neurons each; the "
    "linear model has none.\n"
    "- The **output layer** has as many neurons as the answer has numbers. That depends on the task:"
)
st.markdown(
    "| Task | Outputs | Activation | Loss |\n"
    "| :-- | :-- | :-- | :-- |\n"
    "| A number: by how many degrees is it slanted? | 1 | none: any number | squared error, $(a - y)^2$ |\n"
    r"| Yes or no: is it a 7? | 1 | sigmoid: $p$ of yes | binary cross-entropy: $-\ln p$ if yes is right, "
    r"$-\ln(1 - p)$ if no is |" + "\n"
    r"| One of ten: which digit is it? | 10 | softmax: $p$ of each digit | cross-entropy: $-\ln p$ of the right digit |"
)
st.markdown(
    "The first task is called *regression*, the other two *classification*; $p$ is a probability, $a$ the answer and "
    "$y$ what it should be. With ten sigmoids, each output would answer for itself: yes to two digits, or to none. "
    "Softmax makes them share 100%, so the networks here end with softmax."
)
