"""A network packed for browsers, with its weights as small integers, reads like the network."""

import gzip
import json

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from model.bundled_networks import KNOWN_NAMES, load_network
from model.mnist import as_vectors, load_mnist
from model.network import Floats, Layer, Network
from model.quantisation import pack, quantise

finite = st.floats(-1e6, 1e6, width=32)


@given(arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=8), elements=finite))
@example(np.full((1, 1), 3.6e-44, np.float32))  # a scale that would be 0
@example(np.array([[912568, 657139.75]], np.float32))  # halfway between two integers, as far as float32 can tell
@example(np.full((1, 1), 6.86e-41, np.float32))  # one that would be rounded down by a third, past the largest integer
def test_each_weight_is_off_by_half_a_scale_at_most(weights: Floats) -> None:
    integers, scales = quantise(weights)
    back = integers * scales[:, None]
    rounding = 0.005  # of float32, in scales: 16 bits are almost as many as its mantissa has
    assert np.all(np.abs(back - weights) <= (0.5 + rounding) * scales[:, None])
    assert np.all(integers[weights == 0] == 0)


def test_large_layers_take_a_byte_for_each_weight_and_small_ones_two() -> None:
    for shape, size in (((784, 1024), 1), ((784, 64), 2)):
        weights = np.random.default_rng(0).normal(size=shape).astype(np.float32)
        integers, _ = quantise(weights)
        assert integers.itemsize == size
        assert np.abs(integers).max() == 2 ** (8 * size - 1) - 1


def unpack(content: bytes) -> Network:
    """Unpack a network as pages/widgets/canvas/live_preview.js does."""
    content = gzip.decompress(content)
    end = 4 + int.from_bytes(content[:4], "little")
    at, layers = end, []

    def take(kind: str, count: int) -> npt.NDArray[np.float32]:
        nonlocal at
        taken = np.frombuffer(content, kind, count, at)
        at += taken.nbytes
        return taken.astype(np.float32)

    for layer in json.loads(content[4:end])["layers"]:
        inputs, neurons = layer["inputs"], layer["neurons"]
        scales, biases = take("<f4", inputs), take("<f4", neurons)
        weights = take(f"<i{layer['bits'] // 8}", inputs * neurons).reshape(inputs, neurons) * scales[:, None]
        layers.append(Layer(weights, biases, layer["activation"]))
    assert at == len(content)
    return Network(layers)


@pytest.mark.parametrize("name", KNOWN_NAMES)
def test_a_packed_network_reads_like_the_network(name: str) -> None:
    network = load_network(name)
    content = pack(network)
    x = as_vectors(load_mnist().x_test[:2000])
    there, here = unpack(content).predict(x), network.predict(x)
    assert np.abs(there - here).max() < 0.02
    assert len(content) < 1_150_000
