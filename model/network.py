"""A dense neural network in NumPy: forward propagation, loss, backpropagation, and a step of gradient descent.

Each layer computes z = x W + b, then a = activation(z), and a is the x of the next layer. That is all there is to
forward propagation. Backpropagation goes the same way back: from how the loss depends on a layer's a to how it depends
on the layer's z, weights and x, which is the a of the layer before.

The weights come from a file that Keras saved. Reading it (model/files/keras_file.py) needs no TensorFlow, so an answer
takes microseconds and the server stays small.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]  # or float64, where small differences count: functions return the type they are given

INPUTS, OUTPUTS = 784, 10  # of a network that reads digits: an input for each pixel, an output for each digit


def linear(z: Floats) -> Floats:
    """Return z itself: no activation."""
    return z


def relu(z: Floats) -> Floats:
    """Return 0 where z is negative, and z elsewhere."""
    return np.maximum(z, 0)


def leaky_relu(z: Floats) -> Floats:
    """Return z, times 0.2 (Keras' slope) where it is negative, so that no neuron falls silent as with ReLU."""
    return np.where(z < 0, np.float32(0.2) * z, z)


def sigmoid(z: Floats) -> Floats:
    """Return 1 / (1 + e^-z), written with tanh because e^-z overflows where z is far below zero."""
    a: Floats = np.float32(0.5) * (1 + np.tanh(np.float32(0.5) * z))
    return a


def tanh(z: Floats) -> Floats:
    """Return the hyperbolic tangent of z, between -1 and 1."""
    return np.tanh(z)


def softmax(z: Floats) -> Floats:
    """Return e^z over the sum of all e^z in the row: ten numbers become ten probabilities.

    Subtracting the row's maximum first does not change the quotient, and keeps e^z from overflowing.
    """
    e: Floats = np.exp(z - z.max(axis=-1, keepdims=True))
    probabilities: Floats = e / e.sum(axis=-1, keepdims=True)
    return probabilities


class Activation(NamedTuple):
    """What a neuron makes of its sum z. Both functions take and return arrays of floats of any shape."""

    label: str  # for people
    function: Callable[[Floats], Floats]
    derivative: Callable[[Floats], Floats]  # how each a changes with its own z


# Where ReLU has its kink, at 0, its derivative is as in TensorFlow.
ACTIVATIONS = {
    "linear": Activation("linear", linear, np.ones_like),
    "relu": Activation("ReLU", relu, lambda z: np.where(z > 0, z.dtype.type(1), z.dtype.type(0))),
    "leaky_relu": Activation("leaky ReLU", leaky_relu, lambda z: np.where(z > 0, z.dtype.type(1), z.dtype.type(0.2))),
    "sigmoid": Activation("sigmoid", sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "tanh": Activation("tanh", tanh, lambda z: 1 - tanh(z) ** 2),
    "softmax": Activation("softmax", softmax, lambda z: softmax(z) * (1 - softmax(z))),
}


def error_before_activation(activation: str, z: Floats, error: Floats) -> Floats:
    """Return how the loss depends on a layer's z, given how it depends on the layer's a (`error`). All are [neurons].

    With most activations each a comes from one z; with softmax each comes from all of them.
    """
    if activation == "softmax":
        a = softmax(z)
        return a * (error - error @ a)
    return error * ACTIVATIONS[activation].derivative(z)


class Layer(NamedTuple):
    """One dense layer."""

    weights: Floats  # [inputs, neurons]
    biases: Floats  # [neurons]
    activation: str  # a key of ACTIVATIONS


class LayerOutput(NamedTuple):
    """What one layer computes on the way forward."""

    z: Floats  # [..., neurons]: the weighted sums plus the biases
    a: Floats  # [..., neurons]: the activations


class LayerGradients(NamedTuple):
    """The partial derivatives of the loss by a layer's sums, weights and inputs."""

    z: Floats  # [neurons]: the layer's error, often called delta; the derivatives by the biases are the same
    weights: Floats  # [inputs, neurons]
    x: Floats  # [inputs]


class Network:
    """A stack of dense layers. Its arrays are read-only, so that all visitors can share one."""

    def __init__(self, layers: list[Layer]) -> None:
        self.layers = tuple(layers)
        for layer in layers:
            layer.weights.setflags(write=False)
            layer.biases.setflags(write=False)

    def forward(self, x: npt.ArrayLike) -> list[LayerOutput]:
        """Return every layer's z and a, in order. x: float32 [inputs] or [N, inputs]."""
        a = np.asarray(x, dtype=self.layers[0].weights.dtype)
        outputs = []
        for layer in self.layers:
            z = a @ layer.weights + layer.biases
            a = ACTIVATIONS[layer.activation].function(z)
            outputs.append(LayerOutput(z, a))
        return outputs

    def predict(self, x: npt.ArrayLike) -> Floats:
        """Return the last layer's activations: with softmax there, each digit's probability.

        x: float32 [784] or [N, 784] in 0..1 -> float32 [10] or [N, 10], every row sums to 1.
        """
        return self.forward(x)[-1].a

    def loss(self, x: npt.ArrayLike, digit: int) -> float:
        """Return the cross-entropy -ln p, where p is the probability of the right digit (0 to 9) for x, float32 [784].

        The last layer is softmax. With d the other outputs' z minus this one's, p is 1 / (1 + sum of all e^d), so
        -ln p = ln(1 + sum of all e^d). This form is not infinite where p rounds to 0, and not 0 where p rounds to 1.
        """
        z = self.forward(x)[-1].z
        others = np.delete(z, digit) - z[digit]
        return float(np.logaddexp(0, np.logaddexp.reduce(others)))

    def gradients(self, x: npt.ArrayLike, digit: int) -> list[LayerGradients]:
        """Return every layer's gradients of the loss, in the order of the layers: backpropagation.

        For softmax with cross-entropy, the error of the output layer is p - y: each probability, minus 1 at the right
        digit. Going back, the gradient of a weight is its input times its neuron's error, and the gradient of an input
        is the sum of the errors of all neurons that it feeds, each times the weight that leads there.
        See M. Nielsen, "Neural Networks and Deep Learning", chapter 2, for the four equations.
        """
        outputs = self.forward(x)
        inputs = [np.asarray(x, dtype=outputs[0].z.dtype), *(output.a for output in outputs[:-1])]
        error = outputs[-1].a.copy()
        error[digit] = 0
        error[digit] = -error.sum()  # this is p - 1, as all p add up to 1, and more exact where p is close to 1
        gradients: list[LayerGradients] = []
        for i in reversed(range(len(self.layers))):
            back = self.layers[i].weights @ error
            gradients.insert(0, LayerGradients(error, np.outer(inputs[i], error), back))
            if i > 0:
                error = error_before_activation(self.layers[i - 1].activation, outputs[i - 1].z, back)
        return gradients

    def gradient_step(self, gradients: list[LayerGradients], learning_rate: float) -> "Network":
        """Return another network, with all weights and biases moved a little against their gradients."""
        return Network(
            [
                Layer(
                    layer.weights - layer.weights.dtype.type(learning_rate) * gradient.weights,
                    layer.biases - layer.biases.dtype.type(learning_rate) * gradient.z,
                    layer.activation,
                )
                for layer, gradient in zip(self.layers, gradients, strict=True)
            ]
        )

    def as_float64(self) -> "Network":
        """Return the same network with float64 weights: float32 is too coarse for differences of a millionth."""
        return Network([Layer(w.astype(np.float64), b.astype(np.float64), name) for w, b, name in self.layers])

    @property
    def stays_finite(self) -> bool:
        """Whether the weights are finite, and so small that no sum of inputs in 0..1 can grow beyond float32."""
        largest = 1.0
        for layer in self.layers:
            sums = largest * np.abs(layer.weights).sum(axis=0, dtype=np.float64) + np.abs(layer.biases)
            largest = float(np.maximum(1.0, sums.max()))  # no activation makes a number larger, but sigmoid(0) is not 0
        return largest < float(np.finfo(np.float32).max)  # NaN is not


class NetworkError(Exception):
    """A file is not a network that Inkling can read. The message says why in one sentence."""


def check_reads_digits(network: Network) -> None:
    """Raise NetworkError, with the reason, unless the network reads digits."""
    inputs, outputs = network.layers[0].weights.shape[0], network.layers[-1].weights.shape[1]
    if (inputs, outputs) != (INPUTS, OUTPUTS):
        raise NetworkError(
            f"This network has {inputs} inputs and {outputs} outputs: "
            f"to read digits it needs {INPUTS}, one for each pixel, and {OUTPUTS}, one for each digit."
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
