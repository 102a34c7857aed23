"""The NumPy network computes what Keras computes, and reads nothing but dense networks."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import model.bundled_networks
from model import load_network
from model.bundled_networks import BUNDLED, BUNDLED_NAMES
from model.files.keras_file import read_keras
from model.mnist import as_vectors, load_mnist
from model.network import ACTIVATIONS, Layer, Network, NetworkError

Dense = keras.layers.Dense


def saved(keras_model: keras.Model, tmp_path: Path) -> bytes:
    path = tmp_path / "saved.keras"
    keras_model.save(path)
    return path.read_bytes()


@keras.saving.register_keras_serializable()  # type: ignore[untyped-decorator]
def my_activation(z: keras.KerasTensor) -> keras.KerasTensor:
    return z


def random_inputs(count: int, size: int) -> np.ndarray:
    return np.random.default_rng(0).uniform(size=(count, size)).astype(np.float32)


def test_it_agrees_with_keras_on_all_test_images() -> None:
    x = as_vectors(load_mnist().x_test)
    expected = keras.models.load_model(BUNDLED / "notebook" / "network.keras").predict(x, verbose=0)
    np.testing.assert_allclose(load_network("notebook").predict(x), expected, atol=1e-5)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_agrees_with_keras(activation: str, tmp_path: Path) -> None:
    keras.utils.set_random_seed(1)
    layers = [keras.Input((20,)), Dense(30, activation), Dense(7, activation, use_bias=False), Dense(4, activation)]
    keras_model = keras.Sequential(layers)
    keras_model.layers[0].bias.assign(np.linspace(-1, 1, 30))
    x = random_inputs(50, 20) * 4 - 2
    network = read_keras(saved(keras_model, tmp_path))
    np.testing.assert_allclose(network.predict(x), keras_model.predict(x, verbose=0), atol=1e-5)


def test_layers_that_compute_nothing_are_skipped(tmp_path: Path) -> None:
    keras_model = keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dropout(0.5), Dense(10, "softmax")]
    )
    keras_model.compile("adam", "sparse_categorical_crossentropy")
    x = random_inputs(5, 784)
    network = read_keras(saved(keras_model, tmp_path))
    expected = keras_model.predict(x.reshape(-1, 28, 28, 1), verbose=0)
    np.testing.assert_allclose(network.predict(x), expected, atol=1e-5)


def test_activation_layers_are_read(tmp_path: Path) -> None:
    keras.utils.set_random_seed(1)
    layers = keras.layers
    keras_model = keras.Sequential([keras.Input((4, 5)), layers.Reshape((-1,))])
    for activation in (
        layers.ReLU(),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Activation("tanh"),
        layers.Softmax(),
    ):
        keras_model.add(Dense(6))
        keras_model.add(activation)
    x = random_inputs(5, 20) * 4 - 2
    network = read_keras(saved(keras_model, tmp_path))
    np.testing.assert_allclose(network.predict(x), keras_model.predict(x.reshape(-1, 4, 5), verbose=0), atol=1e-5)


def test_tensorflows_own_functions_are_read(tmp_path: Path) -> None:
    keras_model = keras.Sequential(
        [keras.Input((20,)), Dense(6, tf.nn.relu), Dense(5, tf.nn.leaky_relu), Dense(4, tf.nn.softmax)]
    )
    x = random_inputs(5, 20) * 4 - 2
    network = read_keras(saved(keras_model, tmp_path))
    assert [layer.activation for layer in network.layers] == ["relu", "leaky_relu", "softmax"]
    np.testing.assert_allclose(network.predict(x), keras_model.predict(x, verbose=0), atol=1e-5)


def test_forward_returns_every_layers_sums_and_activations() -> None:
    network = load_network("notebook")
    x = random_inputs(3, 784)
    outputs = network.forward(x)
    assert [output.z.shape for output in outputs] == [(3, 64), (3, 64), (3, 10)]
    np.testing.assert_allclose(outputs[0].a, np.maximum(outputs[0].z, 0))
    np.testing.assert_allclose(outputs[2].a, network.predict(x))


def test_predict_takes_one_vector_or_many() -> None:
    network = load_network()
    x = random_inputs(4, 784)
    one, many = network.predict(x[0]), network.predict(x)
    assert (one.shape, many.shape) == ((10,), (4, 10))
    assert one.dtype == many.dtype == np.float32
    np.testing.assert_allclose(one, many[0], atol=1e-6)
    np.testing.assert_allclose(many.sum(axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("scale", [1e-30, 1e4, 1e30])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.filterwarnings("error")
def test_activations_of_extreme_sums_are_finite(activation: str, scale: float) -> None:
    z = np.array([[-1, -0.5, 0, 0.5, 1]], np.float32) * np.float32(scale)
    assert np.isfinite(ACTIVATIONS[activation].function(z)).all()


def test_shared_weights_are_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        load_network("notebook").layers[0].weights[0, 0] = 1


def test_an_unknown_name_raises_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no network called 'best'.*notebook"):
        load_network("best")


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(2, 3)]), "Conv2D"),
        (lambda: keras.Sequential([keras.Input((4,)), Dense(3), keras.layers.BatchNormalization()]), "BatchNormal"),
        (lambda: keras.Sequential([keras.Input((4,)), Dense(3, "gelu")]), "gelu"),
        (lambda: keras.Sequential([keras.Input((4,)), Dense(3, keras.layers.PReLU())]), "PReLU"),
        (lambda: keras.Sequential([keras.Input((4,)), Dense(3, my_activation)]), "my_activation"),
        (lambda: keras.Model(inputs := keras.Input((4,)), Dense(4)(inputs) + inputs), "Functional.*chain"),
        (lambda: keras.Model(inputs := keras.Input((4,)), [Dense(3)(inputs), Dense(2)(inputs)]), "Functional.*chain"),
        (lambda: keras.Sequential([keras.Input((4,)), Dense(3, keras.layers.ReLU(max_value=6))]), "max_value=None"),
        (lambda: keras.Sequential([keras.Input((4,)), Dense(3), keras.layers.LeakyReLU()]), "negative_slope=0.2"),
        (lambda: keras.Sequential([keras.Input((4,)), Dense(3, "relu"), keras.layers.Softmax()]), "behind a Dense"),
        (lambda: keras.Sequential([keras.Input((4,)), Dense(4), keras.layers.Reshape((2, 2))]), "Reshape.*row"),
        (lambda: keras.Sequential([keras.Input((4,)), keras.layers.Dropout(0.1)]), "no dense layer"),
        (lambda: keras.Sequential([keras.Input((4, 4)), Dense(3)]), "shape"),
    ],
)
def test_unsupported_layers_are_refused_by_name(make: Callable[[], keras.Model], named: str, tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match=named):
        read_keras(saved(make(), tmp_path))


def with_config(change: Callable[[dict[str, Any]], object]) -> bytes:
    """Return the notebook's network with another config.json."""
    changed = io.BytesIO()
    with zipfile.ZipFile(BUNDLED / "notebook" / "network.keras") as old, zipfile.ZipFile(changed, "w") as new:
        config = json.loads(old.read("config.json"))
        change(config)
        new.writestr("config.json", json.dumps(config))
        new.writestr("model.weights.h5", old.read("model.weights.h5"))
    return changed.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a zip",
        (BUNDLED / "notebook" / "network.keras").read_bytes()[:10_000],
        with_config(lambda config: config.clear()),
        with_config(lambda config: config["config"].update(layers=3)),
        with_config(lambda config: config["config"]["layers"][1]["config"].update(units=65)),
        with_config(lambda config: config["config"]["layers"].pop(1)),
        with_config(lambda config: config["config"]["layers"].append(config["config"]["layers"][3])),
    ],
)
def test_a_damaged_file_is_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(NetworkError) as refusal:
        read_keras(data)
    assert "\n" not in str(refusal.value)


def test_a_damaged_bundled_network_is_reported_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "robust").mkdir()
    monkeypatch.setattr(model.bundled_networks, "BUNDLED", tmp_path)
    with pytest.raises(NetworkError, match=r"“robust”.*git checkout.*python -m model\.train robust"):
        load_network()


def test_a_missing_bundled_network_is_reported_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model.bundled_networks, "BUNDLED", tmp_path)
    with pytest.raises(NetworkError, match="git checkout"):
        load_network()


def test_a_network_can_be_built_from_arrays() -> None:
    layer = Layer(np.eye(2, dtype=np.float32), np.ones(2, np.float32), "linear")
    np.testing.assert_array_equal(Network([layer]).predict([1, 2]), [2, 3])


def network_with_hidden(activation: str) -> Network:
    """Return a network of 20 inputs, two hidden layers and 10 outputs, with weights such as Keras starts with."""
    random = np.random.default_rng(2)
    sizes = [(20, 12, activation), (12, 8, activation), (8, 10, "softmax")]
    return Network(
        [
            Layer(
                random.normal(0, (2 / inputs) ** 0.5, (inputs, neurons)).astype(np.float32),
                random.normal(0, 0.3, neurons).astype(np.float32),
                name,
            )
            for inputs, neurons, name in sizes
        ]
    )


def tape_gradients(network: Network, x: np.ndarray, digit: int) -> tuple[float, list[np.ndarray]]:
    """Return TensorFlow's loss and its gradients by the input, then by each layer's weights and biases."""
    functions = {name: keras.activations.get(name) for name in ACTIVATIONS}
    variables = [tf.Variable(x[np.newaxis])]
    for layer in network.layers:
        variables += [tf.Variable(layer.weights), tf.Variable(layer.biases)]
    with tf.GradientTape() as tape:
        a = variables[0]
        for i, layer in enumerate(network.layers):
            z = a @ variables[2 * i + 1] + variables[2 * i + 2]
            a = functions[layer.activation](z)
        # From z, because Keras' own loss raises every probability below 1e-7 to 1e-7.
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits([digit], z)[0]
    return float(loss), [gradient.numpy() for gradient in tape.gradient(loss, variables)]


def assert_agrees_with_tape(network: Network, x: np.ndarray, digit: int) -> None:
    loss, (by_input, *by_layer) = tape_gradients(network, x, digit)
    gradients = network.gradients(x, digit)
    assert network.loss(x, digit) == pytest.approx(loss, abs=1e-4)
    np.testing.assert_allclose(gradients[0].x, by_input[0], atol=1e-4)
    for gradient, weights, biases in zip(gradients, by_layer[::2], by_layer[1::2], strict=True):
        np.testing.assert_allclose(gradient.weights, weights, atol=1e-4)
        np.testing.assert_allclose(gradient.z, biases, atol=1e-4)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_agree_with_tensorflows_for_every_activation(activation: str) -> None:
    network = network_with_hidden(activation)
    for digit, x in enumerate(random_inputs(10, 20) * 4 - 2):
        assert_agrees_with_tape(network, x, digit)


@pytest.mark.parametrize("name", BUNDLED_NAMES)
def test_gradients_of_bundled_networks_agree_with_tensorflows(name: str) -> None:
    mnist = load_mnist()
    wrong = 247  # a test image that the notebook's network gets wrong: its gradients are large
    for i in (0, wrong):
        assert_agrees_with_tape(load_network(name), as_vectors(mnist.x_test[i : i + 1])[0], int(mnist.y_test[i]))


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "softmax"])
def test_derivatives_agree_with_tensorflow_at_a_kink(activation: str) -> None:
    z = tf.Variable([-1.0, 0.0, 1.0])
    with tf.GradientTape() as tape:
        a = keras.activations.get(activation)(z)
    np.testing.assert_allclose(ACTIVATIONS[activation].derivative(z.numpy()), tape.gradient(a, z).numpy(), atol=1e-6)


def test_gradients_agree_with_a_difference_quotient_in_float64() -> None:
    x, digit, nudge = random_inputs(1, 20)[0], 3, 1e-6
    network = network_with_hidden("tanh").as_float64()
    derivative = network.gradients(x, digit)[0].weights[4, 5]
    losses = []
    for sign in (1, -1):
        weights = network.layers[0].weights.copy()
        weights[4, 5] += sign * nudge
        losses.append(Network([network.layers[0]._replace(weights=weights), *network.layers[1:]]).loss(x, digit))
    assert derivative.dtype == np.float64
    assert derivative == pytest.approx((losses[0] - losses[1]) / (2 * nudge), rel=1e-7)


def test_steps_learn_one_digit_and_leave_the_original_alone() -> None:
    network = load_network("notebook")
    x = random_inputs(1, 784)[0]
    before = network.loss(x, 3)
    learned = network
    for _ in range(20):
        learned = learned.gradient_step(learned.gradients(x, 3), 0.01)
    assert learned.predict(x).argmax() == 3
    assert learned.loss(x, 3) < 0.1 < before
    assert learned.layers[0].weights.dtype == np.float32
    assert network.loss(x, 3) == before


@pytest.mark.filterwarnings("error")
def test_the_loss_of_a_digit_with_probability_0_is_finite() -> None:
    layer = Layer(np.zeros((2, 3), np.float32), np.array([0, 200, -300], np.float32), "softmax")
    network = Network([layer])
    assert network.predict([1, 1])[2] == 0
    assert network.loss([1, 1], 2) == pytest.approx(500)
    np.testing.assert_allclose(network.gradients([1, 1], 2)[0].z, [0, 1, -1])


def test_the_loss_of_a_digit_that_is_almost_certain_is_not_0() -> None:
    layer = Layer(np.zeros((2, 2), np.float32), np.array([0, 20], np.float32), "softmax")
    network = Network([layer])
    assert network.predict([1, 1])[1] == 1
    assert network.loss([1, 1], 1) == pytest.approx(np.exp(-20), rel=1e-5)
    np.testing.assert_allclose(network.gradients([1, 1], 1)[0].z, [np.exp(-20), -np.exp(-20)], rtol=1e-5)
