"""Break a network on purpose and see what it still reads."""

from collections.abc import Collection
from typing import Any

import streamlit as st

from model.ablation import Ablation, NeuronAblation, Place, ablate
from model.mnist import Mnist
from model.network import Floats, LayerOutput, Network
from model.number_format import as_percent
from pages.widgets.answer.answer_text import percent, plain_percent
from pages.widgets.app.navigation import request_page_rerun
from pages.widgets.digit.latest_experiment import end_experiment
from pages.widgets.networks.mnist_predictions import accuracy_of
from pages.widgets.networks.selected_neuron import place_name
from pages.widgets.ui.widget_sync import sync_widget

INTACT = NeuronAblation()
# The controls of the whole network, by their keys, and what they start with.
DEFAULTS: dict[str, Any] = {"noise": 0, "pruned": 0, "no_biases": False}


def neuron_ablations(name: str) -> dict[Place, NeuronAblation]:
    """Return what the visitor broke in single neurons of a network, to read or to change."""
    ablations: dict[str, dict[Place, NeuronAblation]] = st.session_state.setdefault("neuron_ablations", {})
    return ablations.setdefault(name, {})


def ablation_of(name: str) -> Ablation:
    """Return all that the visitor broke in a network."""
    noise, pruned, no_biases = (st.session_state.get(key, default) for key, default in DEFAULTS.items())
    return Ablation(dict(neuron_ablations(name)), no_biases, noise / 100, pruned / 100)


def ablated_network(network: Network, ablation: Ablation) -> Network:
    """Return a copy of the network, broken like this; the network itself where the copy's sums would overflow.

    The session keeps the latest copy, so that a stroke need not break it again.
    """
    if ablation == Ablation():
        return network
    latest = st.session_state.get("ablated_network")
    if latest is None or latest[:2] != (network, ablation):
        copy = ablate(network, ablation)
        latest = st.session_state["ablated_network"] = (network, ablation, copy if copy.stays_finite else network)
    ablated: Network = latest[2]
    return ablated


def neurons_off(ablation: Ablation) -> list[Place]:
    """Return the neurons that are switched off."""
    return [place for place, neuron in ablation.neurons.items() if neuron.is_off]


def zero_activations(outputs: list[LayerOutput], off: Collection[Place]) -> list[LayerOutput]:
    """Return the layers' outputs, with 0 from the neurons that are off, whatever their sum is."""
    zeroed = [LayerOutput(output.z, output.a.copy()) for output in outputs]
    for layer, neuron in off:
        zeroed[layer].a[neuron] = 0
    return zeroed


def reset_ablation(name: str, **broken: Any) -> None:
    """Make a network whole, but for what is `broken`, by the keys of its controls. To be called in a callback."""
    neuron_ablations(name).clear()
    st.session_state.update(DEFAULTS | broken)
    st.session_state["has_reset"] = True


def start_over(name: str) -> None:
    """Make the network whole, and end the experiment that may have broken it."""
    reset_ablation(name)
    end_experiment("inside")
    request_page_rerun()


def update_neuron_ablation(name: str, place: Place) -> None:
    """Break the picked neuron as its controls say.

    With a second click on Reset, a browser that has not heard of the first one yet sends old values: then Reset counts.
    """
    if st.session_state["has_reset"]:
        return
    is_off, shift, scale = (st.session_state.get(key) for key in ("off", "bias_shift", "weight_scale"))
    ablations = neuron_ablations(name)
    ablations[place] = NeuronAblation(bool(is_off), float(shift or 0), 1.0 if scale is None else float(scale))
    if ablations[place] == INTACT:
        del ablations[place]


def show_ablation_controls(name: str, network: Network, place: Place) -> None:
    """Show the controls that break the picked neuron and the whole network."""
    st.session_state["has_reset"] = False
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**In {place_name(network, place)}**")
        neuron = neuron_ablations(name).get(place, INTACT)
        is_hidden = place[0] < len(network.layers) - 1
        arguments: dict[str, Any] = {"on_change": update_neuron_ablation, "args": (name, place)}
        is_off, shift = sync_widget("off", neuron.is_off), sync_widget("bias_shift", neuron.bias_shift)
        scale = sync_widget("weight_scale", neuron.weight_scale)
        st.toggle("Switch it off: it passes nothing on", is_off, key="off", disabled=not is_hidden, **arguments)
        st.slider("Shift its bias by", -5.0, 5.0, shift, step=0.1, key="bias_shift", **arguments)
        st.slider("Multiply its weights by", -1.0, 3.0, scale, step=0.1, key="weight_scale", **arguments)
    with right:
        st.markdown("**In the whole network**")
        for key, default in DEFAULTS.items():
            st.session_state.setdefault(key, default)
        st.toggle("Remove all biases", key="no_biases", persist_state="session")
        st.slider(
            "Add noise to the weights, in % of their spread", 0, 300, step=5, key="noise", persist_state="session"
        )
        st.caption("Spread: the standard deviation of a layer's weights. The noise is random, but the same each time.")
        st.slider("Prune: remove the smallest weights, in %", 0, 100, key="pruned", persist_state="session")
    ablation = ablation_of(name)
    if off := neurons_off(ablation):
        st.multiselect(
            "Switched off",
            off,
            sync_widget("switched_off", off),
            format_func=lambda place: f"hidden {place[0] + 1}, neuron {place[1]}",
            key="switched_off",
            on_change=switch_neurons_on,
            args=(name, off),
        )
    st.button("Reset", key="reset_ablation", on_click=start_over, args=(name,), disabled=ablation == Ablation())


def switch_neurons_on(name: str, off: list[Place]) -> None:
    """Switch on the neurons that the visitor took off the list."""
    ablations = neuron_ablations(name)
    for place in set(off) - set(st.session_state["switched_off"]):
        ablations.pop(place, None)  # Reset may have removed it already


def show_ablation_effect(
    whole: Network, network: Network, ablation: Ablation, vector: Floats, mnist: Mnist | None
) -> None:
    """Show how the network reads this digit and the test images, whole and broken."""
    if network is whole and ablation != Ablation():
        st.error("Broken like this, its sums would be too large to compute, so you see it unbroken: break it less.")
    before, after = whole.predict(vector), network.predict(vector)
    columns = st.columns(2)
    columns[0].metric("It reads", f"{after.argmax()} ({plain_percent(float(after.max()))})")
    columns[0].caption(f"Unbroken: {before.argmax()} ({percent(before.max())})")
    if mnist:
        columns[1].metric("Test images read right", as_percent(accuracy_of(network, mnist)))
        columns[1].caption(f"Unbroken: {as_percent(accuracy_of(whole, mnist))}")
