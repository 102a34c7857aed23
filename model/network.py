"""A dense neural network in NumPy.

Each layer computes z = x W + b, then a = activation(z); its a is the x of the next layer. That is all there is to
forward propagation. The weights come from a file that Keras saved, but reading it needs no TensorFlow: serving
an answer takes microseconds this way, and the server stays small.
"""

import io
import json
import math
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

BUNDLED = Path(__file__).parent
BUNDLED_NAMES = ("robust", "notebook")  # the best one first


def linear(z: Floats) -> Floats:
    """z itself: no activation."""
    return z


def relu(z: Floats) -> Floats:
    """0 where z is negative, z elsewhere."""
    return np.maximum(z, 0)


def leaky_relu(z: Floats) -> Floats:
    """ReLU with a small slope where z is negative, so that no neuron falls silent; 0.2 is Keras' slope."""
    return np.where(z < 0, np.float32(0.2) * z, z)


def sigmoid(z: Floats) -> Floats:
    """1 / (1 + e^-z), written with tanh because e^-z overflows where z is far below zero."""
    a: Floats = np.float32(0.5) * (1 + np.tanh(np.float32(0.5) * z))
    return a


def tanh(z: Floats) -> Floats:
    """The hyperbolic tangent, between -1 and 1."""
    return np.tanh(z)


def softmax(z: Floats) -> Floats:
    """e^z over the sum of all e^z in the row: ten numbers become ten probabilities.

    Subtracting the row's maximum first changes nothing in the quotient and keeps e^z from overflowing.
    """
    e: Floats = np.exp(z - z.max(axis=-1, keepdims=True))
    probabilities: Floats = e / e.sum(axis=-1, keepdims=True)
    return probabilities


ACTIVATIONS: dict[str, Callable[[Floats], Floats]] = {
    f.__name__: f for f in (linear, relu, leaky_relu, sigmoid, tanh, softmax)
}


class Layer(NamedTuple):
    """One dense layer."""

    weights: Floats  # [inputs, neurons]
    biases: Floats  # [neurons]
    activation: str  # a key of ACTIVATIONS


class LayerOutput(NamedTuple):
    """What one layer computed on the way forward."""

    z: Floats  # [..., neurons]: the weighted sums plus the biases
    a: Floats  # [..., neurons]: the activations


class Network:
    """A stack of dense layers. Its arrays are read-only, so that all visitors can share one."""

    def __init__(self, layers: list[Layer]) -> None:
        self.layers = tuple(layers)
        for layer in layers:
            layer.weights.setflags(write=False)
            layer.biases.setflags(write=False)

    def forward(self, x: npt.ArrayLike) -> list[LayerOutput]:
        """Every layer's z and a, in order. x: float32 [inputs] or [N, inputs]."""
        a = np.asarray(x, dtype=np.float32)
        outputs = []
        for layer in self.layers:
            z = a @ layer.weights + layer.biases
            a = ACTIVATIONS[layer.activation](z)
            outputs.append(LayerOutput(z, a))
        return outputs

    def predict(self, x: npt.ArrayLike) -> Floats:
        """The last layer's activations: with softmax there, each digit's probability.

        x: float32 [784] or [N, 784] in 0..1 -> float32 [10] or [N, 10], every row sums to 1.
        """
        return self.forward(x)[-1].a


class NetworkError(Exception):
    """A file is not a network that Inkling can read; the message is one sentence that says why."""


def load_network(name: str | None = None) -> Network:
    """Read a bundled network by its name, or the best there is.

    Raises ValueError for an unknown name, NetworkError where the file is missing or damaged.
    """
    name = BUNDLED_NAMES[0] if name is None else name
    if name not in BUNDLED_NAMES:
        raise ValueError(f"There is no network called {name!r}; the known ones are: {', '.join(BUNDLED_NAMES)}.")
    path = BUNDLED / name / "network.keras"
    try:
        return read_keras(path.read_bytes())
    except (OSError, NetworkError) as error:
        raise NetworkError(
            f"The network “{name}” cannot be read: restore it with `git checkout -- model/{name}`, "
            f"or train it again with `python -m model.train {name}`."
        ) from error


def read_keras(data: bytes) -> Network:
    """Read the bytes of a `.keras` file: a zip with the architecture (config.json) and the weights (HDF5).

    The stack may hold Dense, and Flatten, Dropout and Input, which compute nothing in use. Raises NetworkError
    for anything else, by its name.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            config = json.loads(archive.read("config.json"))
            weights = archive.read("model.weights.h5")
        with h5py.File(io.BytesIO(weights)) as file:
            return Network(_read_layers(config, file))
    except NetworkError:
        raise
    except Exception as error:  # zipfile, json and h5py each raise half a dozen kinds for a damaged file
        raise NetworkError(f"This is not a whole .keras file ({type(error).__name__}).") from error


def _read_layers(config: dict[str, Any], weights: h5py.File) -> list[Layer]:
    """The dense layers, checked to fit onto each other. Keras numbers them in the file: dense, dense_1, ..."""
    if config["class_name"] != "Sequential":
        raise NetworkError(f"Only Sequential networks can be read, and this is a {config['class_name']}.")
    layers: list[Layer] = []
    shape: tuple[int, ...] = ()
    for entry in config["config"]["layers"]:
        kind, settings = entry["class_name"], entry["config"]
        if kind == "InputLayer":
            shape = tuple(settings["batch_shape"][1:])
        elif kind == "Flatten":
            shape = (math.prod(shape),)
        elif kind == "Dense":
            name = "dense" if not layers else f"dense_{len(layers)}"
            layers.append(_read_dense(settings, weights[f"layers/{name}/vars"], shape))
            shape = layers[-1].biases.shape
        elif kind != "Dropout":
            raise NetworkError(f"Only dense networks can be read, and this one has a layer of the kind {kind}.")
    if not layers:
        raise NetworkError("This network has no dense layer.")
    return layers


def _read_dense(settings: dict[str, Any], variables: h5py.Group, input_shape: tuple[int, ...]) -> Layer:
    activation = settings["activation"]
    if isinstance(activation, dict):  # a layer with settings of its own, or a function that is not Keras'
        kind = activation["class_name"]
        activation = activation["config"] if kind == "function" else kind
    if activation not in ACTIVATIONS:
        raise NetworkError(f"The activation {activation} is not one of {', '.join(ACTIVATIONS)}.")
    weights = np.asarray(variables["0"], dtype=np.float32)
    biases = np.asarray(variables["1"], dtype=np.float32) if settings["use_bias"] else np.zeros(settings["units"], "f4")
    if weights.shape != (*input_shape, settings["units"]) or biases.shape != weights.shape[1:]:
        raise NetworkError(f"A layer's weights have the shape {weights.shape}, which does not fit the layer before it.")
    return Layer(weights, biases, activation)
