"""A network's weights as small integers, for a browser that computes with them while the pen moves.

The weights of each input share a scale, so that the largest of them becomes the largest integer. With 8 bits instead of
32 the robust network takes 1.4 MB instead of 5.3 MB, and compressed 1.1 MB. Small layers get 16 bits: there, rounding
errors cancel each other out less, and bytes matter little.
"""

import json
import zlib

import numpy as np
import numpy.typing as npt

from model.network import Floats, Network

MIN_8_BIT_WEIGHTS = 100_000  # a layer with fewer gets 16 bits

Integers = npt.NDArray[np.int8] | npt.NDArray[np.int16]


def quantise(weights: Floats) -> tuple[Integers, Floats]:
    """Return integers [inputs, neurons] and scales, float32 [inputs], for a layer's weights, which must be finite.

    The weights are `integers * scales[:, None]`, give or take half a scale.
    """
    bits = 16 if weights.size < MIN_8_BIT_WEIGHTS else 8
    largest = np.abs(weights).max(axis=1).astype(np.float32)
    # Below its smallest normal number float32 is so coarse that a weight could round past the largest integer.
    scales = np.maximum(largest / np.float32(2 ** (bits - 1) - 1), np.finfo(np.float32).smallest_normal)
    return np.rint(weights / scales[:, None]).astype(f"<i{bits // 8}"), scales


def pack(network: Network) -> bytes:
    """Return a network, whose weights must be finite, as gzipped bytes for a browser.

    They hold the length of a JSON text in 4 bytes, the JSON with its `layers`, and for each layer its scales and biases
    (float32) and its integers, input after input. All numbers are little-endian.
    """
    header, arrays = [], []
    for layer in network.layers:
        integers, scales = quantise(layer.weights)
        inputs, neurons = integers.shape
        bits = 8 * integers.itemsize
        header.append({"inputs": inputs, "neurons": neurons, "bits": bits, "activation": layer.activation})
        arrays += [scales.astype("<f4").tobytes(), layer.biases.astype("<f4").tobytes(), integers.tobytes()]
    text = json.dumps({"layers": header}).encode()
    # Looking for repetitions among weights would take time and find none.
    compressor = zlib.compressobj(wbits=16 + zlib.MAX_WBITS, strategy=zlib.Z_HUFFMAN_ONLY)
    return compressor.compress(len(text).to_bytes(4, "little") + text + b"".join(arrays)) + compressor.flush()
