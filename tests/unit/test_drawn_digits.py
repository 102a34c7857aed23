"""Digits drawn by code, in styles that MNIST does not have, are what they are said to be."""

import numpy as np
import pytest

from model import load_network
from model.augmentation import draw_training_picture
from model.mnist import as_vectors
from model.offline.drawn_digits import STYLES, draw_digit, restyle
from model.offline.glyphs import draw_stroke
from model.pen_digits import Points

ZERO = [np.array([[300 + 300 * np.sin(t), 500 - 500 * np.cos(t)] for t in np.linspace(0, 2 * np.pi, 30)])]
ONE = [np.array([[100.0, 0.0], [90.0, 500.0], [80.0, 1000.0]])]
SEVEN = [np.array([[0.0, 0.0], *([600 - 0.4 * y, y] for y in range(0, 1001, 50))])]


def share_read(network: str, label: int, drawings: list[list[Points]]) -> float:
    """How many of the drawings are read as the label."""
    random = np.random.default_rng(0)
    pictures = np.stack([draw_training_picture(strokes, random) for strokes in drawings])
    return float((load_network(network).predict(as_vectors(pictures)).argmax(axis=1) == label).mean())


@pytest.mark.parametrize("index", range(len(STYLES)), ids=[f"{style.kind} {style.name}" for style in STYLES])
def test_each_style_is_read(index: int) -> None:
    style, random = STYLES[index], np.random.default_rng(index)
    drawings = [[draw_stroke(stroke, random) for stroke in style.strokes] for _ in range(40)]
    assert share_read("robust", int(style.kind), drawings) >= 0.9


def test_no_two_styles_of_a_digit_have_one_name() -> None:
    assert len({(style.kind, style.name) for style in STYLES}) == len(STYLES)


def test_every_digit_is_drawn_about_as_often() -> None:
    random = np.random.default_rng(0)
    labels = [draw_digit(random)[0] for _ in range(1000)]
    assert min(np.bincount(labels, minlength=10)) > 60


@pytest.mark.parametrize(("label", "strokes"), [(0, ZERO), (1, ONE), (7, SEVEN)])
def test_what_is_added_is_read(label: int, strokes: list[Points]) -> None:
    random = np.random.default_rng(0)
    restyled = [restyle(label, strokes, random) for _ in range(100)]
    assert all(len(drawing) > 1 for drawing in restyled)
    assert all(drawing[0] is strokes[0] for drawing in restyled)
    assert share_read("robust", label, restyled) >= 0.95


def test_a_slashed_zero_is_too_much_for_the_notebooks_network() -> None:
    random = np.random.default_rng(0)
    slashed = [restyle(0, ZERO, random) for _ in range(100)]
    assert share_read("notebook", 0, slashed) < 0.7


def test_digits_that_need_nothing_stay_as_they_are() -> None:
    random = np.random.default_rng(0)
    assert restyle(3, SEVEN, random) is SEVEN
    barred = [*SEVEN, np.array([[200.0, 500.0], [600.0, 500.0]])]
    assert restyle(7, barred, random) is barred
    flagged = [np.array([[0.0, 400.0], [400.0, 0.0], [400.0, 1000.0]])]
    assert len(restyle(1, flagged, random)) == 1
