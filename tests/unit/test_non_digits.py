"""What is no digit: of many kinds, no two alike, and the same for the same seed."""

import string

import numpy as np
import pytest

from model.evaluate import drawing_vector
from model.mnist import load_mnist
from model.offline.non_digits import LETTERS, LIKE_DIGITS, SCRIBBLES, draw_letter, draw_non_digit
from model.offline.training_pictures import NO_DIGIT, Counts, Material, make_pictures
from model.pen_digits import draw_at_random


def test_all_letters_are_there_once() -> None:
    assert sorted(LETTERS) == sorted(string.ascii_letters)
    assert set(LIKE_DIGITS) < set(LETTERS)


def test_a_letter_is_never_drawn_the_same_way_twice() -> None:
    random = np.random.default_rng(0)
    drawn = [draw_letter(random) for _ in range(100)]
    assert len({strokes[0].tobytes() for _, strokes in drawn}) == 100
    assert len({name for name, _ in drawn}) > 30


@pytest.mark.parametrize("kind", SCRIBBLES, ids=lambda kind: kind.__name__)
def test_each_scribble_leaves_ink(kind: object) -> None:
    random = np.random.default_rng(0)
    for _ in range(20):
        strokes = kind(random)  # type: ignore[operator]
        assert all(stroke.ndim == 2 and stroke.shape[1] == 2 for stroke in strokes)
        assert drawing_vector(draw_at_random(strokes, random)).max() == 1


def test_the_same_seed_draws_the_same() -> None:
    one, other = (draw_non_digit(np.random.default_rng(5)) for _ in range(2))
    assert [stroke.tolist() for stroke in one] == [stroke.tolist() for stroke in other]


def test_training_pictures_of_it_have_a_label_of_their_own() -> None:
    mnist = load_mnist()
    material = Material(mnist.x_train[:10], mnist.y_train[:10], [])
    pictures = make_pictures(material, Counts(mnist=5, pen_digits=0, styles=5, nonsense=20), 0)
    assert (pictures.y == NO_DIGIT).tolist() == [False] * 10 + [True] * 20
    assert (pictures.x.max(axis=1) == 255).all()
