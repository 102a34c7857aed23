"""Forward propagation of a digit: layer by layer, neuron by neuron, and what happens when something breaks."""

import streamlit as st

from pages.widgets.breaking import broken, damage_of, show_controls, show_effect
from pages.widgets.front_door import through_the_front_door
from pages.widgets.layers import show_layers
from pages.widgets.networks import label
from pages.widgets.picked import choose_neuron, picked
from pages.widgets.reading import show_readings
from pages.widgets.softmax import show_softmax
from pages.widgets.subject import show_scene
from pages.widgets.textbook import show_textbook
from pages.widgets.weighted_sum import show_weighted_sum

through_the_front_door()

st.title("Inside the network")
st.markdown(
    "**Forward propagation** is the way from the input to the answer. Each neuron of a layer adds up what comes in, "
    "each input times its weight, and its bias; its activation function makes of the sum what it puts out. The next "
    "layer does the same with what this one puts out, up to the ten outputs."
)


@st.fragment
def look_inside() -> None:
    """All that a stroke, a pick or a breakage changes."""
    scene = show_scene()
    damage = damage_of(scene.name)
    network = broken(scene.network, damage)
    outputs = network.forward(scene.subject.vector)
    place = picked(network, outputs, len(network.layers))
    with scene.answer:
        show_readings({label(scene.name): outputs[-1].a}, scene.subject.pixels)

    st.subheader("All layers at once")
    view = st.segmented_control(
        "View",
        ["Every neuron", "Nodes and lines"],
        default="Every neuron",
        required=True,
        key="view",
        persist_state="session",
        label_visibility="collapsed",
    )
    if view == "Every neuron":
        off = [place for place, neuron in damage.neurons.items() if neuron.is_off]
        show_layers(network, outputs, scene.subject, place, off)
        st.caption(
            "A cell is as bright as what its neuron puts out, measured by the largest of its layer; what is below 0 is "
            "blue. A neuron fires when its sum $z$ is above 0. Click one to pick it."
        )
    else:
        show_textbook(network, outputs, scene.subject)

    st.subheader("One neuron, weighed")
    choose_neuron(network, place, len(network.layers))
    show_weighted_sum(network, outputs, scene.subject, place)

    st.subheader("Softmax, step by step")
    show_softmax(outputs[-1].z)

    st.subheader("Break it")
    st.markdown("Nothing sits in one neuron alone. How much can go before the answer does?")
    show_effect(scene.network, network, damage, scene.subject.vector, scene.mnist)
    show_controls(scene.name, network, place)


look_inside()
