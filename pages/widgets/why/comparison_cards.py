"""Ways to read the same digit, side by side: a rule, a linear model, and networks with hidden layers."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import streamlit as st

from model.averages import distances
from model.mnist import Mnist
from model.network import Floats, Network
from model.number_format import as_percent, counted
from model.preprocessing import SIDE
from model.shades import signed_shades
from pages.widgets.answer.answer_text import verdict
from pages.widgets.answer.probability_bars import TOP
from pages.widgets.networks.average_rule import AverageRule
from pages.widgets.networks.mnist_predictions import accuracy_of
from pages.widgets.networks.picker import label, read_network
from pages.widgets.networks.session_networks import session_networks
from pages.widgets.ui.images import image_html, signed_image_html

MAX_NEURONS = 10  # on a card: as many pictures as there are digits

# The two steps from the rule to the notebook's network, and then more of the same
LEARNED = ("linear", "notebook", "robust")


def learned_networks() -> dict[str, Network | None]:
    """Return the linear model, the bundled networks and the session's own, by name.

    A network that cannot be read is None, and the page says why.
    """
    return {name: read_network(name) for name in (*LEARNED, *session_networks())}


def show_cards(rule: AverageRule | None, networks: dict[str, Network | None], mnist: Mnist | None, x: Floats) -> None:
    """Show a card for each way to read x, float32 [784]. Cards keep their size and place, so that nothing jumps."""
    cards = [average_card(rule, mnist, x), *(network_card(*named, mnist, x) for named in networks.items())]
    st.html(f'<div class="cards">{"".join(cards)}</div>')


def average_card(rule: AverageRule | None, mnist: Mnist | None, x: Floats) -> str:
    """Return the card of the nearest average."""
    name, kind = "Nearest average", "written by a person"
    if rule is None or mnist is None:
        return card_html(name, kind, "No answer: the averages come from MNIST, which cannot be read.")
    far = distances(rule.averages, x)
    first, second = nearest_two(far)
    shades = np.round(rule.averages * 255).astype(np.uint8).reshape(-1, SIDE, SIDE)
    return card_html(
        name,
        kind,
        f"Distance <strong>{far[first]:.2f}</strong>; the next, {second}, is at {far[second]:.2f}",
        first,
        accuracy_of(rule.network, mnist),
        "The average of each digit's training images",
        [tile_html(image_html(shades[d], f"The average {d}"), str(d), d == first) for d in range(10)],
    )


def nearest_two(far: Floats) -> tuple[int, int]:
    """Return the digits at the two smallest of ten distances, float32 [10]."""
    first, second = np.argsort(far, kind="stable")[:2]
    return int(first), int(second)


def network_card(name: str, network: Network | None, mnist: Mnist | None, x: Floats) -> str:
    """Return the card of a network: what it reads, and those neurons of its first layer that fire most, or all ten."""
    title = "Linear model" if name == "linear" else label(name)
    if network is None:
        return card_html(title, "learned", "No answer: this network cannot be read.")
    outputs, weights = network.forward(x), network.layers[0].weights
    probabilities = outputs[-1].a
    digit = int(probabilities.argmax())
    hidden = [str(layer.biases.size) for layer in network.layers[:-1]]
    if hidden:
        kind = f"learned; {counted(len(hidden), 'hidden layer')}; neurons: {' + '.join(hidden)}"
        tiles = firing_tiles(weights, outputs[0].a)
        neurons = counted(int(hidden[0]), "neuron")
        caption = f"First layer: of {neurons}, the {len(tiles)} firing most, and how strongly"
    else:
        kind, caption = "learned; no hidden layer", "A weight for each pixel and digit"
        tiles = weight_tiles(weights, digit)
    share_right = accuracy_of(network, mnist) if mnist else None
    return card_html(title, kind, verdict(probabilities), digit, share_right, caption, tiles)


def weight_tiles(weights: Floats, answer: int) -> list[str]:
    """Return each digit's weights, float32 [784, 10], as tiles."""
    shades = weight_shades(weights)
    return [
        tile_html(signed_image_html(shades[d], f"The weights of digit {d}"), str(d), d == answer) for d in range(10)
    ]


def firing_tiles(weights: Floats, activations: Floats) -> list[str]:
    """Return the weights, float32 [784, neurons], of the neurons with the largest activations, float32 [neurons]."""
    neurons = np.argsort(-activations, kind="stable")[:MAX_NEURONS]
    return [
        tile_html(signed_image_html(shade, f"The weights of neuron {neuron}"), activation_label(activations[neuron]))
        for shade, neuron in zip(weight_shades(weights[:, neurons]), neurons, strict=True)
    ]


def weight_shades(weights: Floats) -> npt.NDArray[np.uint8]:
    """Return weights, float32 [784, neurons], as pictures, uint8 [neurons, 28, 28] with 128 for zero.

    One weight in a hundred may be off the scale: otherwise a few large ones, of pixels that hardly ever hold ink, would
    make all the others pale.
    """
    largest = np.percentile(np.abs(weights), 99)
    return signed_shades(np.clip(weights.T, -largest, largest)).reshape(-1, SIDE, SIDE)


def activation_label(activation: float) -> str:
    """Return an activation, which may be huge in uploaded networks, as text that fits below a small picture."""
    return f"{activation:.2f}" if abs(activation) < 1000 else f"{activation:.0e}"


def card_html(
    name: str,
    kind: str,
    verdict: str,
    digit: int | None = None,
    share_right: float | None = None,
    caption: str = "",
    tiles: Iterable[str] = (),
) -> str:
    """Return a card as HTML: a way to read, where its rule comes from, its answer, and what it looks at.

    digit: the one that it reads; share_right: of the test images. All texts are ours, none is a visitor's.
    """
    right = "" if share_right is None else f"<strong>{as_percent(share_right)}</strong> of the test images right"
    return (
        f'<section class="card" aria-label="{name}">'
        f'<p class="name"><strong>{name}</strong><br>{kind}</p>'
        f'<div class="answer"><span class="digit">{"" if digit is None else digit}</span>'
        f"<p>{verdict}</p></div>"
        f'<p class="right">{right}</p>'
        f'<p class="tiles-caption">{caption}</p><div class="tiles">{"".join(tiles)}</div></section>'
    )


def tile_html(image: str, caption: str, is_answer: bool = False) -> str:
    """Return a small picture and its caption as HTML, marked if it is the answer's."""
    return f"<figure{TOP if is_answer else ''}>{image}<figcaption>{caption}</figcaption></figure>"


def distance_formula(far: Floats) -> str:
    """Return the two smallest of ten distances, float32 [10], in LaTeX."""
    first, second = nearest_two(far)
    return (
        rf"\begin{{aligned}} d_{first} &= \sqrt{{\textstyle\sum_{{i=1}}^{{784}} (x_i - m_i)^2}} = {far[first]:.2f} \\"
        rf"d_{second} &= {far[second]:.2f} \end{{aligned}}"
    )


def linear_formula(network: Network, x: Floats) -> str:
    """Return the largest sum of a network without hidden layers, and its probability, in LaTeX. x: float32 [784]."""
    (output,) = network.forward(x)
    digit = int(output.a.argmax())
    z, bias = round(float(output.z[digit]), 2), round(float(network.layers[0].biases[digit]), 2)
    p = float(output.a[digit])
    # The sum is computed from the rounded numbers, so that they add up to the z on the page.
    return (
        rf"\begin{{aligned}} z_{digit} &= \textstyle\sum_{{i=1}}^{{784}} w_i x_i + b \\"
        rf"&= {z - bias:.2f} {'-' if bias < 0 else '+'} {abs(bias):.2f} = {z:.2f} \\"
        rf"p_{digit} &= \frac{{e^{{z_{digit}}}}}{{e^{{z_0}} + \dots + e^{{z_9}}}} "
        rf"{'> 0.999' if p >= 0.9995 else f'= {p:.3f}'} \end{{aligned}}"
    )
