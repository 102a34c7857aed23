"""A network with something broken in it: what does it still read?"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from model.network import Floats, Layer, Network

Place = tuple[int, int]  # a layer and a neuron in it, both counted from 0

SEED = 0  # moving the slider scales the same noise


@dataclass(frozen=True)
class NeuronAblation:
    """The damage to one neuron."""

    is_off: bool = False  # it passes nothing on; hidden neurons only
    bias_shift: float = 0.0
    weight_scale: float = 1.0


@dataclass(frozen=True)
class Ablation:
    """The damage to a network."""

    neurons: Mapping[Place, NeuronAblation] = field(default_factory=dict)
    no_biases: bool = False
    noise: float = 0.0  # standard deviation, as a share of the standard deviation of the layer's weights
    pruned: float = 0.0  # share of all weights that are set to 0, smallest first: 0 to 1


def ablate(network: Network, damage: Ablation) -> Network:
    """Return a damaged copy of the network. Noise comes first, then pruning, biases and single neurons."""
    layers = [Layer(layer.weights.copy(), layer.biases.copy(), layer.activation) for layer in network.layers]
    if damage.noise:
        add_noise(layers, damage.noise)
    if damage.pruned:
        prune(layers, damage.pruned)
    if damage.no_biases:
        for layer in layers:
            layer.biases[:] = 0
    for (i, neuron), change in damage.neurons.items():
        layers[i].weights[:, neuron] *= np.float32(change.weight_scale)
        layers[i].biases[neuron] += np.float32(change.bias_shift)
        if change.is_off:
            layers[i + 1].weights[neuron] = 0
    return Network(layers)


def add_noise(layers: list[Layer], noise: float) -> None:
    """Add normally distributed noise to all weights, in place."""
    random = np.random.default_rng(SEED)
    for layer in layers:
        deviation = np.float32(noise * layer.weights.std(dtype=np.float64))
        layer.weights[:] += deviation * random.standard_normal(layer.weights.shape, np.float32)


def prune(layers: list[Layer], share: float) -> None:
    """Set the weights closest to zero to 0, in place: this share of the weights of all layers together."""
    sizes: Floats = np.concatenate([np.abs(layer.weights).ravel() for layer in layers])
    count = round(share * len(sizes))
    if count:
        largest_pruned = np.partition(sizes, count - 1)[count - 1]
        for layer in layers:
            layer.weights[np.abs(layer.weights) <= largest_pruned] = 0
