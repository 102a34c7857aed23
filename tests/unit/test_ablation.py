"""An ablation changes what it should in a network, and nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import load_network
from model.ablation import Ablation, NeuronAblation, ablate
from model.mnist import as_vectors, load_mnist

NETWORK = load_network("notebook")
X = as_vectors(load_mnist().x_test[:50])


def weights_of(damage: Ablation) -> np.ndarray:
    return np.concatenate([layer.weights.ravel() for layer in ablate(NETWORK, damage).layers])


def test_no_damage_changes_nothing() -> None:
    np.testing.assert_array_equal(ablate(NETWORK, Ablation()).predict(X), NETWORK.predict(X))


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_a_neuron_that_is_off_passes_nothing_on(activation: str) -> None:
    layers = [NETWORK.layers[0]._replace(activation=activation), *NETWORK.layers[1:]]
    network = type(NETWORK)(layers)
    broken = ablate(network, Ablation({(0, neuron): NeuronAblation(is_off=True) for neuron in range(64)}))
    second = broken.forward(X)[1].z
    np.testing.assert_allclose(second, np.broadcast_to(network.layers[1].biases, second.shape), atol=1e-6)


def test_only_the_damaged_neurons_sum_is_scaled_and_shifted() -> None:
    change = NeuronAblation(bias_shift=2, weight_scale=0.5)
    before, after = NETWORK.forward(X)[0].z, ablate(NETWORK, Ablation({(0, 5): change})).forward(X)[0].z
    bias = NETWORK.layers[0].biases[5]
    np.testing.assert_allclose(after[:, 5], 0.5 * (before[:, 5] - bias) + bias + 2, atol=1e-4)
    np.testing.assert_allclose(np.delete(after, 5, axis=1), np.delete(before, 5, axis=1), atol=1e-5)


def test_without_biases_an_empty_picture_gives_only_zeros() -> None:
    broken = ablate(NETWORK, Ablation(no_biases=True))
    assert not any(output.z.any() for output in broken.forward(np.zeros(784)))


@given(st.floats(0, 1))
def test_pruning_removes_the_smallest_weights(share: float) -> None:
    before, after = weights_of(Ablation()), weights_of(Ablation(pruned=share))
    gone = after == 0
    assert gone.sum() == pytest.approx(share * len(before), abs=2)
    np.testing.assert_array_equal(after[~gone], before[~gone])
    if gone.any() and not gone.all():
        assert np.abs(before[gone]).max() <= np.abs(before[~gone]).min()


def test_noise_has_the_requested_size_and_is_the_same_each_time() -> None:
    before, after = weights_of(Ablation()), weights_of(Ablation(noise=0.5))
    np.testing.assert_array_equal(after, weights_of(Ablation(noise=0.5)))
    first = NETWORK.layers[0].weights
    assert np.std((after - before)[: first.size]) == pytest.approx(0.5 * first.std(), rel=0.02)


def test_ablation_leaves_the_original_network_alone() -> None:
    before = [layer.weights.copy() for layer in NETWORK.layers]
    ablate(NETWORK, Ablation({(1, 2): NeuronAblation(True, 1, 3)}, no_biases=True, noise=1, pruned=0.9))
    for layer, weights in zip(NETWORK.layers, before, strict=True):
        np.testing.assert_array_equal(layer.weights, weights)
