"""Reads an uploaded network in a process of its own, because the file may come from anybody.

A damaged HDF5 file can make its reader crash, eat all memory or never return, and while it is read no other thread of
the process runs. So a child process reads the file (model/files/sandbox.py), and the server takes nothing but plain
numbers from the child and checks them. Neither loads Keras, and nothing in the file is executed.
"""

import sys
from itertools import pairwise

import numpy as np

from model.files import sandbox
from model.files.keras_file import read_keras
from model.files.limits import MAX_NETWORK_BYTES, MAX_NETWORK_PARAMETERS
from model.network import ACTIVATIONS, INPUTS, OUTPUTS, Layer, Network, NetworkError, check_reads_digits


def read_upload(data: bytes) -> Network:
    """Read the bytes of an uploaded `.keras` file: a dense network from 784 inputs to 10 probabilities.

    Raises NetworkError with the reason for any other file.
    """
    return sandbox.read(NETWORK, data)


def pack_answer(data: bytes) -> bytes:
    """Return the child's answer: each layer's activation, and all weights and biases as float32."""
    network = read_keras(data)
    check_reads_digits(network)
    arrays = [array for layer in network.layers for array in (layer.weights, layer.biases)]
    return sandbox.pack([layer.activation for layer in network.layers], *arrays)


def unpack_answer(answer: bytes) -> Network:
    """Return the network that `pack_answer` wrote. Raises any exception for anything else."""
    activations, arrays = sandbox.unpack(answer)
    layers = [Layer(*each) for each in zip(arrays[::2], arrays[1::2], activations, strict=True)]
    widths = [INPUTS, *(len(layer.biases) for layer in layers)]
    shapes = [shape for pair in pairwise(widths) for shape in (pair, pair[1:])]
    if (
        [array.shape for array in arrays] != shapes
        or any(array.dtype != np.float32 for array in arrays)
        or not ACTIVATIONS.keys() >= set(activations)
        or (widths[-1], activations[-1]) != (OUTPUTS, "softmax")
    ):
        raise ValueError("The child's answer is not a network that reads digits.")
    return Network(layers)


NETWORK = sandbox.FileKind(
    module="model.files.uploads",
    max_bytes=MAX_NETWORK_BYTES,
    max_answer_bytes=4 * MAX_NETWORK_PARAMETERS + 2**20,  # float32, and room for the biases and the header
    unpack_answer=unpack_answer,
    error=NetworkError,
    name="file",
    if_empty="choose the file that model.save(“name.keras”) wrote",
    if_too_large=(
        "use smaller layers, or leave the optimizer out with model.save(“name.keras”, include_optimizer=False)"
    ),
    if_unreadable="save the network again",
)


if __name__ == "__main__":
    sys.exit(sandbox.serve(NETWORK, pack_answer))
