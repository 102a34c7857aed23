"""Spoiled images are what the sliders say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import load_network
from model.corruption import CHUNK, Images, Spoil, spoil
from model.evaluate import read_images
from model.mnist import load_mnist

SPOILS = st.builds(Spoil, st.floats(-1, 2), st.floats(-90, 90), st.floats(-10, 10), st.floats(-10, 10), st.floats(0, 1))


@pytest.fixture(scope="module")
def images() -> Images:
    return load_mnist().x_test[:50]


def test_nothing_is_done_where_nothing_is_asked(images: Images) -> None:
    assert spoil(images, Spoil()) is images


@pytest.mark.parametrize(("degrees", "quarters"), [(90, -1), (-90, 1), (180, 2)])
def test_a_quarter_turn_is_exact_and_clockwise(images: Images, degrees: float, quarters: int) -> None:
    np.testing.assert_array_equal(spoil(images, Spoil(rotation=degrees)), np.rot90(images, quarters, axes=(1, 2)))


def test_whole_pixels_are_shifted_exactly_and_what_leaves_the_frame_is_lost(images: Images) -> None:
    moved = spoil(images, Spoil(right=3, down=-8))
    np.testing.assert_array_equal(moved[:, :20, 3:], images[:, 8:, :-3])
    assert not moved[:, 20:].any()
    assert not moved[:, :, :3].any()


def test_half_a_pixel_is_the_mean_of_two(images: Images) -> None:
    moved = spoil(images, Spoil(right=0.5)).astype(int)
    means = (images[:, :, :-1].astype(int) + images[:, :, 1:]) / 2
    np.testing.assert_allclose(moved[:, :, 1:], means, atol=0.5)


def test_turned_there_and_back_is_about_the_same(images: Images) -> None:
    back = spoil(spoil(images, Spoil(rotation=30)), Spoil(rotation=-30)).astype(int)
    assert np.abs(back - images).mean() < 8
    assert back.sum() == pytest.approx(images.astype(int).sum(), rel=0.01)


def test_a_thicker_pen_has_more_ink_and_a_thinner_one_less(images: Images) -> None:
    inks = [spoil(images, Spoil(pen=pixels)).sum() for pixels in (-1, -0.5, 0, 0.25, 1, 2)]
    assert inks == sorted(inks)
    dot = np.zeros((1, 28, 28), np.uint8)
    dot[0, 5, 5] = 200
    assert (spoil(dot, Spoil(pen=2)) == 200).sum() == 25
    half = spoil(dot, Spoil(pen=0.5))
    assert (half[0, 5, 5], half[0, 4, 4], half[0, 3, 3]) == (200, 100, 0)


def test_noise_has_the_deviation_that_is_asked_for() -> None:
    grey = np.full((CHUNK + 1, 28, 28), 128, np.uint8)
    noisy = spoil(grey, Spoil(noise=0.1))
    assert noisy.std() == pytest.approx(25.5, rel=0.01)
    assert noisy.mean() == pytest.approx(128, abs=0.1)


@given(SPOILS)
def test_whatever_is_asked_gives_images_and_leaves_the_original(how: Spoil) -> None:
    image = np.random.default_rng(0).integers(0, 256, (3, 28, 28), dtype=np.uint8)
    before = image.copy()
    spoiled = spoil(image, how)
    assert spoiled.shape == image.shape
    assert spoiled.dtype == np.uint8
    np.testing.assert_array_equal(spoil(image, how), spoiled)
    np.testing.assert_array_equal(image, before)


def test_no_images_give_none() -> None:
    assert len(spoil(np.empty((0, 28, 28), np.uint8), Spoil(rotation=5))) == 0


def test_the_robust_network_bears_more_than_the_notebooks() -> None:
    mnist = load_mnist()
    for how in (Spoil(rotation=30), Spoil(right=2), Spoil(pen=1)):
        images = spoil(mnist.x_test[:2000], how)
        notebook, robust = (
            float(np.mean(read_images(load_network(name), images).argmax(axis=1) == mnist.y_test[:2000]))
            for name in ("notebook", "robust")
        )
        assert 0.1 < notebook < robust < 0.99
