"""A network's weights as small integers: for a browser that computes with them while the pen moves.

The weights of one input share a scale, so that its largest one becomes the largest integer. With 8 bits instead of 32
the robust network is 1.4 MB instead of 5.3 MB, and compressed 1.1 MB. In small layers rounding errors cancel each other
out less, and their bytes count for little: they get 16 bits.
"""

import json
import zlib
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model.network import Floats, Layer, Network

SMALL = 100_000  # weights

Integers = npt.NDArray[np.int8] | npt.NDArray[np.int16]


class QuantisedLayer(NamedTuple):
    """One dense layer; its weights are about `integers * scales[:, None]`, each to half a scale."""

    integers: Integers  # [inputs, neurons]
    scales: npt.NDArray[np.float32]  # [inputs]
    biases: Floats  # [neurons]
    activation: str


def quantise(layer: Layer) -> QuantisedLayer:
    """Round the weights, which are finite."""
    bits = 16 if layer.weights.size < SMALL else 8
    largest = np.abs(layer.weights).max(axis=1).astype(np.float32)
    # Below its smallest normal number float32 rounds so coarsely that the largest integer would be exceeded.
    scales = np.maximum(largest / np.float32(2 ** (bits - 1) - 1), np.finfo(np.float32).smallest_normal)
    integers = np.rint(layer.weights / scales[:, None]).astype(f"<i{bits // 8}")
    return QuantisedLayer(integers, scales, layer.biases, layer.activation)


def pack(network: Network) -> bytes:
    """Return the network for a browser, gzipped: the length of some JSON in 4 bytes; the JSON, with `layers`; for each
    layer its scales and biases (float32) and its integers, input after input. All numbers are little-endian.

    The weights are finite.
    """
    frame, arrays = [], []
    for layer in map(quantise, network.layers):
        inputs, neurons = layer.integers.shape
        bits = 8 * layer.integers.itemsize
        frame.append({"inputs": inputs, "neurons": neurons, "bits": bits, "activation": layer.activation})
        arrays += [layer.scales.astype("<f4").tobytes(), layer.biases.astype("<f4").tobytes(), layer.integers.tobytes()]
    text = json.dumps({"layers": frame}).encode()
    return compress(len(text).to_bytes(4, "little") + text + b"".join(arrays))


def compress(content: bytes) -> bytes:
    """Return it gzipped. Weights do not repeat each other, so looking for repetitions takes time and finds none."""
    compressor = zlib.compressobj(wbits=16 + zlib.MAX_WBITS, strategy=zlib.Z_HUFFMAN_ONLY)
    return compressor.compress(content) + compressor.flush()
