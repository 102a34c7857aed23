"""Reads an uploaded network in a process of its own, because the file may come from anybody.

A damaged HDF5 file can make its reader crash, eat all memory or never return, and while it reads no other thread of
its process runs. So a child process reads the file, with limits of time, memory and open files; the server only takes
plain numbers from it and checks them. Neither loads Keras, and nothing in the file is executed.
"""

import codecs
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np

from model.keras_file import MOST_PARAMETERS, read_keras
from model.network import ACTIVATIONS, Layer, Network, NetworkError

LARGEST_UPLOAD = 20 * 2**20  # bytes
LARGEST_ANSWER = 4 * MOST_PARAMETERS + 2**20  # bytes: float32, and room for the biases and the header
SECONDS = 5.0
MEMORY = 512 * 2**20  # bytes

REFUSED = 3  # the child's exit code where its answer is the reason

# When a class uploads at once, each file has two cores' worth of its five seconds, and memory is for two children.
_AT_A_TIME = threading.BoundedSemaphore(2)


def read_upload(data: bytes) -> Network:
    """Read the bytes of an uploaded `.keras` file: a dense network from 784 inputs to 10 probabilities.

    Raises NetworkError with the reason for any other file. Takes SECONDS at most, once its turn has come.
    """
    if not data:
        raise NetworkError("This file is empty: choose the file that model.save(“name.keras”) wrote.")
    if len(data) > LARGEST_UPLOAD:
        raise NetworkError(
            f"This file is larger than {LARGEST_UPLOAD // 2**20} MB: use smaller layers, "
            "or leave the optimizer out with model.save(“name.keras”, include_optimizer=False)."
        )
    exit_code, answer = _ask_child(data)
    if exit_code == REFUSED:
        raise NetworkError(answer[:1000].decode(errors="replace"))
    try:
        if exit_code != 0 or len(answer) > LARGEST_ANSWER:
            raise ValueError(f"The child's exit code is {exit_code}, and its answer has {len(answer)} bytes.")
        network = _unpacked(answer)
    except (ValueError, TypeError) as error:
        raise NetworkError("This file is damaged, so that its reader broke off: save the network again.") from error
    return _checked(network)


def _ask_child(data: bytes) -> tuple[int, bytes]:
    """The exit code and the answer of a child that reads the upload. Raises NetworkError where that takes too long.

    They talk through files, because with pipes a child that does not read could stop this process on Windows, and one
    that never ends to write could fill its memory.
    """
    with tempfile.TemporaryFile() as upload, tempfile.TemporaryFile() as answer, _AT_A_TIME:
        try:
            upload.write(data)
            upload.seek(0)
            child = subprocess.run(
                [sys.executable, "-m", "model.uploads"],
                stdin=upload,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                cwd=Path(__file__).parents[1],
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},  # each thread takes memory
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise NetworkError(
                f"Reading this file took longer than {SECONDS:.0f} seconds and was stopped: save the network again."
            ) from error
        except OSError as error:  # no memory for another process, say
            raise NetworkError("The server has no room to read this file now: try again in a minute.") from error
        answer.seek(0)
        return child.returncode, answer.read(LARGEST_ANSWER + 1)


def _checked(network: Network) -> Network:
    """The network, if it reads digits. Raises NetworkError with the reason where it does not."""
    inputs, outputs = network.layers[0].weights.shape[0], network.layers[-1].weights.shape[1]
    if (inputs, outputs) != (784, 10):
        raise NetworkError(
            f"This network has {inputs} inputs and {outputs} outputs: "
            "to read digits it needs 784, one a pixel, and 10, one a digit."
        )
    if network.layers[-1].activation != "softmax":
        raise NetworkError(
            "This network's last layer has no softmax, so its ten numbers are not probabilities: add it."
        )
    if not network.stays_finite:
        raise NetworkError(
            "This network's weights are not all finite numbers, or far too large: "
            "train it again with a lower learning rate."
        )
    return network


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


def _limit_this_process() -> None:
    """Bound what reading may take from the machine, before the first byte of the upload is read."""
    if sys.platform == "win32":
        return  # Windows has no such limits; the parent's clock works there, too
    import resource

    codecs.lookup("cp437")  # the zip reader opens it at first use, and no file can be opened by then
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: int(SECONDS) + 1,  # the parent's clock comes first, if the parent still lives
        resource.RLIMIT_FSIZE: LARGEST_ANSWER,
        resource.RLIMIT_NOFILE: 0,  # what is open stays open; no other file of the server can be opened
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        # macOS refuses a limit of memory that is below what it has set aside for every process
        with contextlib.suppress(ValueError) if sys.platform == "darwin" else contextlib.nullcontext():
            resource.setrlimit(limit, (value, value))


def main() -> int:
    """Read the upload from standard input, and write the network or the reason to standard output."""
    _limit_this_process()
    try:
        answer, exit_code = _packed(read_keras(sys.stdin.buffer.read(LARGEST_UPLOAD))), 0
    except NetworkError as error:
        answer, exit_code = str(error).encode(), REFUSED
    sys.stdout.buffer.write(answer)
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
