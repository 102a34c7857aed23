"""Deformed pictures still look like MNIST's pictures, like drawings, and like their digit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from model import load_network
from model.augmentation import (
    change_pen,
    deform_picture,
    deform_strokes,
    draw_training_picture,
    jitter_picture,
    random_warp,
)
from model.evaluate import accuracy
from model.mnist import as_vectors, load_mnist

SEVEN = [np.array([[0.0, 0.0], [600.0, 0.0], [200.0, 1000.0]])]
seeds = st.integers(0, 2**32 - 1)
strokes = st.lists(
    st.lists(st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)), min_size=1, max_size=20).map(np.array),
    min_size=1,
    max_size=4,
)


def assert_prepared(picture: np.ndarray) -> None:
    """Check MNIST's recipe: 28x28, the longer side at most 20 pixels, the centre of mass in the middle."""
    assert picture.shape == (28, 28)
    assert picture.dtype == np.uint8
    rows, columns = np.nonzero(picture)
    assert max(np.ptp(rows), np.ptp(columns)) < 20
    assert picture.max() == 255
    for axis, (low, high) in enumerate(((rows.min(), rows.max()), (columns.min(), columns.max()))):
        middle = picture.sum(axis=1 - axis) @ np.arange(28) / picture.sum()
        assert abs(middle - 14) <= 0.51 or low == 0 or high == 27


@given(seed=seeds, index=st.integers(0, 9999))
@settings(max_examples=50, deadline=None)
def test_a_deformed_picture_looks_prepared_like_mnist(seed: int, index: int) -> None:
    assert_prepared(deform_picture(PICTURES[index], np.random.default_rng(seed)))


@given(seed=seeds, strokes=strokes)
@settings(max_examples=100, deadline=None)
def test_deformed_strokes_become_a_picture_prepared_like_mnist(seed: int, strokes: list[np.ndarray]) -> None:
    random = np.random.default_rng(seed)
    assert_prepared(draw_training_picture(deform_strokes(strokes, random), random))


PICTURES = load_mnist().x_test


def test_the_same_seed_gives_the_same_deformation() -> None:
    one, other, third = (deform_picture(PICTURES[0], np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, other)
    assert not np.array_equal(one, third)


def test_no_two_deformations_are_equal() -> None:
    random = np.random.default_rng(0)
    pictures = {draw_training_picture(deform_strokes(SEVEN, random), random).tobytes() for _ in range(50)}
    assert len(pictures) == 50


def test_a_blank_picture_stays_blank() -> None:
    blank = np.zeros((28, 28), np.uint8)
    np.testing.assert_array_equal(deform_picture(blank, np.random.default_rng(0)), blank)


def test_a_deformed_digit_is_still_read_right() -> None:
    random = np.random.default_rng(0)
    deformed = np.stack([deform_picture(picture, random) for picture in PICTURES[:1000]])
    labels = load_mnist().y_test[:1000]
    assert accuracy(load_network("robust"), as_vectors(deformed), labels) > 0.97


def test_a_warp_does_not_fold_the_plane() -> None:
    ticks = np.linspace(-1.2, 1.2, 25)
    points = np.stack(np.meshgrid(ticks, ticks), axis=-1)
    for seed in range(300):
        moved = random_warp(np.random.default_rng(seed))(points)
        right, down = np.diff(moved, axis=1)[:-1], np.diff(moved, axis=0)[:, :-1]
        assert (right[..., 0] * down[..., 1] - right[..., 1] * down[..., 0] > 0).mean() > 0.99


def test_a_lower_level_makes_a_thicker_pen() -> None:
    line = np.zeros((84, 84), np.uint8)
    line[10:74, 38:46] = 255
    widths = [
        (np.asarray(change_pen(Image.fromarray(line), level))[42] > 127).sum() for level in (0.22, 0.4, 0.5, 0.58)
    ]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 8
    assert abs(widths[2] - 8) <= 1


@pytest.mark.parametrize(
    ("how", "least"), [((30, 0, 0), 0.95), ((0, 2, 0), 0.7), ((0, 0, 40), 0.97), ((15, 1, 20), 0.9)]
)
def test_jitter_changes_the_picture_and_keeps_the_digit(how: tuple[int, int, int], least: float) -> None:
    """The bound for shifts is low because the robust network never saw a digit off the middle."""
    random, mnist = np.random.default_rng(0), load_mnist()
    pictures = np.stack([jitter_picture(picture, *how, random) for picture in mnist.x_test[:300]])
    assert pictures.dtype == np.uint8
    assert pictures.shape == (300, 28, 28)
    changed = np.abs(pictures.astype(int) - mnist.x_test[:300]).mean(axis=(1, 2))
    assert np.median(changed) > 3
    assert accuracy(load_network(), as_vectors(pictures), mnist.y_test[:300]) > least


def test_jitter_stays_within_the_requested_shift_and_pen_width() -> None:
    random, dot = np.random.default_rng(0), np.zeros((28, 28), np.uint8)
    dot[12:16, 12:16] = 255
    moved = np.stack([jitter_picture(dot, 0, 3, 0, random) for _ in range(200)])
    for axis in (1, 2):
        places = moved.sum(axis=axis) @ np.arange(28) / moved.sum(axis=(1, 2))
        assert 10.4 < places.min() < 11
        assert 16 < places.max() < 16.6
    picture = load_mnist().x_train[0]
    ink = [jitter_picture(picture, 0, 0, 40, random).sum() / picture.sum() for _ in range(200)]
    assert 0.5 < min(ink) < 0.75
    assert 1.25 < max(ink) < 1.5
