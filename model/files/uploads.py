"""Reads an uploaded network in a process of its own, because the file may come from anybody.

A damaged HDF5 file can make its reader crash, eat all memory or never return, and while it reads no other thread of
its process runs. So a child process reads the file (model/files/sandbox.py); the server only takes plain numbers
from it and checks them. Neither loads Keras, and nothing in the file is executed.
"""

import codecs
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
    """The answer of the child: each layer's activation, and all weights and biases as float32."""
    network = read_keras(data)
    check_reads_digits(network)
    arrays = [array for layer in network.layers for array in (layer.weights, layer.biases)]
    return sandbox.pack([layer.activation for layer in network.layers], *arrays)


def unpack_answer(answer: bytes) -> Network:
    """The network that `pack_answer` wrote. Raises one exception or another for anything else."""
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
    largest=MAX_NETWORK_BYTES,
    largest_answer=4 * MAX_NETWORK_PARAMETERS + 2**20,  # float32, and room for the biases and the header
    unpack=unpack_answer,
    refusal=NetworkError,
    name="file",
    choose="choose the file that model.save(“name.keras”) wrote",
    smaller="use smaller layers, or leave the optimizer out with model.save(“name.keras”, include_optimizer=False)",
    again="save the network again",
)


def main() -> int:
    """Read the upload from standard input, and write the network or the reason to standard output."""
    codecs.lookup("cp437")  # the zip reader opens it at first use, and no file can be opened by then
    return sandbox.serve(NETWORK, pack_answer)


if __name__ == "__main__":
    sys.exit(main())
