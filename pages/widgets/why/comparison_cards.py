"""Ways to read the same digit, side by side: a rule, a linear model, and networks with hidden layers."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import streamlit as st

from model.averages import distances
from model.mnist import Mnist
from model.network import Floats, Network
from model.preprocessing import SIDE
from model.shades import signed_shades
from model.wording import as_percent, counted
from pages.widgets.answer.probability_bars import TOP, verdict
from pages.widgets.networks.average_rule import AverageRule
from pages.widgets.networks.mnist_predictions import accuracy_of
from pages.widgets.networks.picker import label, read_network
from pages.widgets.networks.session_networks import session_networks
from pages.widgets.ui.images import image_html, signed_image_html

MAX_NEURONS = 10  # on a card: as many pictures as there are digits

# The two steps from the rule to the notebook's network, and then more of the same
LEARNED = ("linear", "notebook", "robust")


class Tile(NamedTuple):
    """A small picture of what a way to read looks at."""

    image: str  # HTML
    caption: str
    is_answer: bool = False


class Card(NamedTuple):
    """What a card says about one way to read. Its texts are HTML, and none of them comes from a visitor."""

    name: str
    kind: str  # where its rule comes from
    verdict: str
    digit: int | None = None  # the one it reads
    share_right: float | None = None  # of the test images
    tiles_caption: str = ""
    tiles: tuple[Tile, ...] = ()


def learned_networks() -> dict[str, Network | None]:
    """Return the linear model, the bundled networks and the session's own, by name.

    A network that cannot be read is None, and the page says why.
    """
    return {name: read_network(name) for name in (*LEARNED, *session_networks())}


def show_cards(rule: AverageRule | None, networks: dict[str, Network | None], mnist: Mnist | None, x: Floats) -> None:
    """Show a card for each way to read x, float32 [784]. Cards keep their size and place, so that nothing jumps."""
    cards = [average_card(rule, mnist, x), *(network_card(*named, mnist, x) for named in networks.items())]
    st.html(f'<div class="cards">{"".join(map(card_html, cards))}</div>')


def average_card(rule: AverageRule | None, mnist: Mnist | None, x: Floats) -> Card:
    """Return the card of the nearest average."""
    name, kind = "Nearest average", "written by a person"
    if rule is None or mnist is None:
        return Card(name, kind, "No answer: the averages are made of MNIST, which cannot be read.")
    ten_distances = distances(rule.averages, x)
    first, second = nearest_two(ten_distances)
    shades = np.round(rule.averages * 255).astype(np.uint8).reshape(-1, SIDE, SIDE)
    return Card(
        name,
        kind,
        f"Distance <strong>{ten_distances[first]:.2f}</strong>; the next, {second}, is at {ten_distances[second]:.2f}",
        first,
        accuracy_of(rule.network, mnist),
        "The average of each digit's training images",
        tuple(Tile(image_html(shades[d], f"The average {d}"), str(d), d == first) for d in range(10)),
    )


def nearest_two(ten_distances: Floats) -> tuple[int, int]:
    """Return the digits at the two smallest of ten distances, float32 [10]."""
    first, second = np.argsort(ten_distances, kind="stable")[:2]
    return int(first), int(second)


def network_card(name: str, network: Network | None, mnist: Mnist | None, x: Floats) -> Card:
    """Return the card of a network: what it reads, and the neurons of its first layer that fire most, or all ten."""
    title = "Linear model" if name == "linear" else label(name)
    if network is None:
        return Card(title, "learned", "No answer: this network cannot be read.")
    outputs = network.forward(x)
    probabilities = outputs[-1].a
    digit = int(probabilities.argmax())
    hidden = [str(layer.biases.size) for layer in network.layers[:-1]]
    if hidden:
        kind = f"learned; {counted(len(hidden), 'hidden layer')}; neurons: {' + '.join(hidden)}"
        tiles = firing_tiles(network.layers[0].weights, outputs[0].a)
        neurons = counted(int(hidden[0]), "neuron")
        tiles_caption = f"First layer: of {neurons}, the {len(tiles)} firing most, and how strongly"
    else:
        kind = "learned; no hidden layer"
        tiles_caption = "A weight for each pixel and digit"
        tiles = weight_tiles(network.layers[0].weights, digit)
    share_right = accuracy_of(network, mnist) if mnist else None
    return Card(title, kind, verdict(probabilities), digit, share_right, tiles_caption, tiles)


def weight_tiles(weights: Floats, answer: int) -> tuple[Tile, ...]:
    """Return each digit's weights, float32 [784, 10], as tiles."""
    shades = weight_shades(weights)
    return tuple(
        Tile(signed_image_html(shades[d], f"The weights of digit {d}"), str(d), d == answer) for d in range(10)
    )


def firing_tiles(weights: Floats, activations: Floats) -> tuple[Tile, ...]:
    """Return the weights, float32 [784, neurons], of the neurons with the largest activations, float32 [neurons]."""
    neurons = np.argsort(-activations, kind="stable")[:MAX_NEURONS]
    return tuple(
        Tile(signed_image_html(shade, f"The weights of neuron {neuron}"), activation_label(activations[neuron]))
        for shade, neuron in zip(weight_shades(weights[:, neurons]), neurons, strict=True)
    )


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


def card_html(card: Card) -> str:
    """Return a card as HTML."""
    right = ""
    if card.share_right is not None:
        right = f"<strong>{as_percent(card.share_right)}</strong> of the test images right"
    return (
        f'<section class="card" aria-label="{card.name}">'
        f'<p class="name"><strong>{card.name}</strong><br>{card.kind}</p>'
        f'<div class="answer"><span class="digit">{"" if card.digit is None else card.digit}</span>'
        f"<p>{card.verdict}</p></div>"
        f'<p class="right">{right}</p>'
        f'<p class="tiles-caption">{card.tiles_caption}</p><div class="tiles">{tiles_html(card.tiles)}</div></section>'
    )


def tiles_html(tiles: Iterable[Tile]) -> str:
    """Return tiles as HTML, the answer's marked."""
    return "".join(
        f"<figure{TOP if tile.is_answer else ''}>{tile.image}<figcaption>{tile.caption}</figcaption></figure>"
        for tile in tiles
    )


def distance_formula(ten_distances: Floats) -> str:
    """Return the two smallest of ten distances, float32 [10], in LaTeX."""
    first, second = nearest_two(ten_distances)
    return (
        rf"\begin{{aligned}} d_{first} &= \sqrt{{\textstyle\sum_{{i=1}}^{{784}} (x_i - m_i)^2}} = {ten_distances[first]:.2f} \\"
        rf"d_{second} &= {ten_distances[second]:.2f} \end{{aligned}}"
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
