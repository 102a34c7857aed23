"""The nearest average digit: as distances, and as a network."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from model.averages import average_digits, distances, distances_to_own_average, nearest_average_network
from model.evaluate import accuracy
from model.mnist import as_vectors, load_mnist
from model.network import Floats


@pytest.fixture(scope="module")
def averages() -> Floats:
    mnist = load_mnist()
    return average_digits(mnist.x_train, mnist.y_train)


def test_an_average_is_the_mean_of_each_digits_pixels() -> None:
    images = np.zeros((20, 28, 28), np.uint8)
    labels = np.tile(np.arange(10, dtype=np.uint8), 2)
    images[3, 0, 1], images[13, 0, 1] = 255, 102
    images[14, 27, 27] = 255
    averages = average_digits(images, labels)
    assert averages.shape == (10, 784)
    assert averages.dtype == np.float32
    expected = np.zeros((10, 784))
    expected[3, 1], expected[4, 783] = 0.7, 0.5
    np.testing.assert_allclose(averages, expected, atol=1e-6)


def test_a_distance_is_the_root_of_the_summed_squares() -> None:
    averages, x = np.zeros((10, 784), np.float32), np.zeros(784, np.float32)
    x[0], averages[7, 1] = 0.6, 0.8
    found = distances(averages, x)
    assert found.shape == (10,)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [0.6] * 7 + [1.0] + [0.6] * 2, atol=1e-6)
    assert distances(np.zeros((10, 784), np.float32), np.ones(784, np.float32))[0] == pytest.approx(28)


@given(st.integers(0, 2**32 - 1))
def test_the_networks_largest_output_is_the_smallest_distance(seed: int) -> None:
    random = np.random.default_rng(seed)
    averages = random.uniform(size=(10, 784)).astype(np.float32)
    x = random.uniform(size=784).astype(np.float32)
    far = distances(averages, x)
    nearest, second = np.sort(far)[:2]
    assume(second - nearest > 1e-4)  # float32 cannot tell closer ones apart
    assert nearest_average_network(averages).predict(x).argmax() == far.argmin()


def test_the_network_names_the_nearest_average_of_test_images(averages: Floats) -> None:
    x = as_vectors(load_mnist().x_test[:1000])
    expected = [distances(averages, one).argmin() for one in x]
    np.testing.assert_array_equal(nearest_average_network(averages).predict(x).argmax(axis=1), expected)


def test_the_rule_reads_82_in_100_test_images(averages: Floats) -> None:
    mnist = load_mnist()
    right = accuracy(nearest_average_network(averages), as_vectors(mnist.x_test), mnist.y_test)
    assert right == pytest.approx(0.8203, abs=0.001)


def test_each_image_is_measured_against_its_own_digit(averages: Floats) -> None:
    mnist = load_mnist()
    images, labels = mnist.x_train[:2500], mnist.y_train[:2500]  # more than two chunks
    far = distances_to_own_average(averages, images, labels)
    assert far.shape == (2500,)
    assert far.dtype == np.float32
    for i in (0, 1000, 2499):
        assert far[i] == pytest.approx(distances(averages, as_vectors(images[i])[0])[labels[i]], rel=1e-5)
