"""Corrupted images are turned, shifted, thickened and noisy by the amounts that the sliders say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import load_network
from model.corruption import Corruption, Images, corrupt
from model.evaluate import predict_images
from model.mnist import CHUNK, load_mnist

CORRUPTIONS = st.builds(
    Corruption, st.floats(-1, 2), st.floats(-90, 90), st.floats(-10, 10), st.floats(-10, 10), st.floats(0, 1)
)


@pytest.fixture(scope="module")
def images() -> Images:
    return load_mnist().x_test[:50]


def test_no_corruption_returns_the_images_themselves(images: Images) -> None:
    assert corrupt(images, Corruption()) is images


@pytest.mark.parametrize(("degrees", "quarters"), [(90, -1), (-90, 1), (180, 2)])
def test_a_quarter_turn_is_exact_and_clockwise(images: Images, degrees: float, quarters: int) -> None:
    np.testing.assert_array_equal(
        corrupt(images, Corruption(rotation=degrees)), np.rot90(images, quarters, axes=(1, 2))
    )


def test_a_shift_by_whole_pixels_is_exact_and_loses_what_leaves_the_frame(images: Images) -> None:
    moved = corrupt(images, Corruption(right=3, down=-8))
    np.testing.assert_array_equal(moved[:, :20, 3:], images[:, 8:, :-3])
    assert not moved[:, 20:].any()
    assert not moved[:, :, :3].any()


def test_a_shift_by_half_a_pixel_averages_two_pixels(images: Images) -> None:
    moved = corrupt(images, Corruption(right=0.5)).astype(int)
    means = (images[:, :, :-1].astype(int) + images[:, :, 1:]) / 2
    np.testing.assert_allclose(moved[:, :, 1:], means, atol=0.5)


def test_turning_there_and_back_restores_the_images_roughly(images: Images) -> None:
    back = corrupt(corrupt(images, Corruption(rotation=30)), Corruption(rotation=-30)).astype(int)
    assert np.abs(back - images).mean() < 8
    assert back.sum() == pytest.approx(images.astype(int).sum(), rel=0.01)


def test_a_thicker_pen_leaves_more_ink_and_a_thinner_one_less(images: Images) -> None:
    inks = [corrupt(images, Corruption(pen=pixels)).sum() for pixels in (-1, -0.5, 0, 0.25, 1, 2)]
    assert inks == sorted(inks)
    dot = np.zeros((1, 28, 28), np.uint8)
    dot[0, 5, 5] = 200
    assert (corrupt(dot, Corruption(pen=2)) == 200).sum() == 25
    half = corrupt(dot, Corruption(pen=0.5))
    assert (half[0, 5, 5], half[0, 4, 4], half[0, 3, 3]) == (200, 100, 0)


def test_noise_has_the_requested_deviation() -> None:
    grey = np.full((CHUNK + 1, 28, 28), 128, np.uint8)
    noisy = corrupt(grey, Corruption(noise=0.1))
    assert noisy.std() == pytest.approx(25.5, rel=0.01)
    assert noisy.mean() == pytest.approx(128, abs=0.1)


@given(CORRUPTIONS)
def test_any_corruption_returns_images_and_leaves_the_original_alone(corruption: Corruption) -> None:
    image = np.random.default_rng(0).integers(0, 256, (3, 28, 28), dtype=np.uint8)
    before = image.copy()
    corrupted = corrupt(image, corruption)
    assert corrupted.shape == image.shape
    assert corrupted.dtype == np.uint8
    np.testing.assert_array_equal(corrupt(image, corruption), corrupted)
    np.testing.assert_array_equal(image, before)


def test_no_images_become_no_images() -> None:
    assert len(corrupt(np.empty((0, 28, 28), np.uint8), Corruption(rotation=5))) == 0


def test_the_robust_network_withstands_more_than_the_simple_one() -> None:
    mnist = load_mnist()
    for corruption in (Corruption(rotation=30), Corruption(right=2), Corruption(pen=1)):
        images = corrupt(mnist.x_test[:2000], corruption)
        notebook, robust = (
            float(np.mean(predict_images(load_network(name), images).argmax(axis=1) == mnist.y_test[:2000]))
            for name in ("notebook", "robust")
        )
        assert 0.1 < notebook < robust < 0.99
