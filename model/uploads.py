"""Reads an uploaded network in a process of its own, because the file may come from anybody.

A damaged HDF5 file can make its reader crash, eat all memory or never return, and while it reads no other thread of
its process runs. So a child process reads the file (model/child.py); the server only takes plain numbers from it and
checks them. Neither loads Keras, and nothing in the file is executed.
"""

import codecs
import json
import sys

import numpy as np

from model import child
from model.keras_file import MOST_PARAMETERS, read_keras
from model.network import ACTIVATIONS, Layer, Network, NetworkError, check_reads_digits

LARGEST_UPLOAD = 20 * 2**20  # bytes
LARGEST_ANSWER = 4 * MOST_PARAMETERS + 2**20  # bytes: float32, and room for the biases and the header


def read_upload(data: bytes) -> Network:
    """Read the bytes of an uploaded `.keras` file: a dense network from 784 inputs to 10 probabilities.

    Raises NetworkError with the reason for any other file. Takes child.SECONDS at most, once its turn has come.
    """
    if not data:
        raise NetworkError("This file is empty: choose the file that model.save(“name.keras”) wrote.")
    if len(data) > LARGEST_UPLOAD:
        raise NetworkError(
            f"This file is larger than {LARGEST_UPLOAD // 2**20} MB: use smaller layers, "
            "or leave the optimizer out with model.save(“name.keras”, include_optimizer=False)."
        )
    exit_code, answer = _ask_child(data)
    if exit_code == child.REFUSED:
        raise NetworkError(answer[:1000].decode(errors="replace"))
    try:
        if exit_code != 0 or len(answer) > LARGEST_ANSWER:
            raise ValueError(f"The child's exit code is {exit_code}, and its answer has {len(answer)} bytes.")
        network = _unpacked(answer)
    except (ValueError, TypeError) as error:
        raise NetworkError("This file is damaged, so that its reader broke off: save the network again.") from error
    check_reads_digits(network)
    return network


def _ask_child(data: bytes) -> tuple[int, bytes]:
    """The exit code and the answer of a child that reads the upload. Raises NetworkError where there is none."""
    try:
        return child.ask("model.uploads", data, LARGEST_ANSWER)
    except TimeoutError as error:
        raise NetworkError(
            f"Reading this file took longer than {child.SECONDS:.0f} seconds and was stopped: save the network again."
        ) from error
    except OSError as error:  # no memory for another process, say
        raise NetworkError("The server has no room to read this file now: try again in a minute.") from error


def _packed(network: Network) -> bytes:
    """A line of JSON with every layer's shape and activation, then all weights and biases as float32."""
    header = [[*layer.weights.shape, layer.activation] for layer in network.layers]
    arrays = [array.tobytes() for layer in network.layers for array in (layer.weights, layer.biases)]
    return b"".join([json.dumps(header).encode(), b"\n", *arrays])


def _unpacked(answer: bytes) -> Network:
    """The network that _packed wrote. Raises ValueError or TypeError for anything else."""
    header, _, numbers = answer.partition(b"\n")
    rest = np.frombuffer(numbers, np.float32)
    layers: list[Layer] = []
    for inputs, neurons, activation in json.loads(header):
        weights, biases, rest = np.split(rest, [inputs * neurons, (inputs + 1) * neurons])
        if activation not in ACTIVATIONS or (layers and layers[-1].biases.shape != (inputs,)):
            raise ValueError("The child's answer is not a chain of layers.")
        layers.append(Layer(weights.reshape(inputs, neurons), biases, activation))
    if not layers:
        raise ValueError("The child's answer has no layers.")
    return Network(layers)


def main() -> int:
    """Read the upload from standard input, and write the network or the reason to standard output."""
    codecs.lookup("cp437")  # the zip reader opens it at first use, and no file can be opened by then
    return child.reply(lambda data: _packed(read_keras(data)), NetworkError, LARGEST_UPLOAD, LARGEST_ANSWER)


if __name__ == "__main__":
    sys.exit(main())
