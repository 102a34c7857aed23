"""Training pictures: as many as asked for, the same ones for the same seed, evenly over the writers."""

import numpy as np
import pytest

from model.mnist import load_mnist
from model.offline.training_pictures import Counts, Material, even_weights, make_pictures
from model.pen_digits import PenDigit

SEVEN = PenDigit(7, "here", "somebody", [np.array([[0.0, 0.0], [600.0, 0.0], [200.0, 1000.0]])])
MNIST = load_mnist()


def material(*digits: PenDigit) -> Material:
    return Material(MNIST.x_train[:100], MNIST.y_train[:100], list(digits))


def test_there_are_as_many_of_each_kind_as_asked_for() -> None:
    told: list[int] = []
    pictures = make_pictures(material(SEVEN), Counts(mnist=2100, pen_digits=150, styles=50), 0, told.append)
    assert pictures.x.shape == (2300, 784)
    assert pictures.x.dtype == pictures.y.dtype == np.uint8
    assert (pictures.x.max(axis=1) == 255).all()
    assert (pictures.y[2100:2250] == 7).all()
    assert len(np.unique(pictures.y[:2100])) == 10
    assert told == [2000, 2100, 2250, 2300]


def test_the_same_seed_makes_the_same_pictures() -> None:
    one, other, third = (make_pictures(material(SEVEN), Counts(20, 20, 20), seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.x, other.x)
    np.testing.assert_array_equal(one.y, other.y)
    assert not np.array_equal(one.x, third.x)


def test_it_goes_without_pen_digits_but_not_with_pictures_of_none() -> None:
    assert len(make_pictures(material(), Counts(10, 0, 10), 0).y) == 20
    with pytest.raises(ValueError, match="no pen digits"):
        make_pictures(material(), Counts(10, 1, 10), 0)


def test_a_writer_of_many_digits_does_not_drown_the_others() -> None:
    weights = even_weights([SEVEN] * 100 + [SEVEN._replace(writer="another")])
    assert weights.sum() == pytest.approx(1)
    assert weights[:100].sum() == pytest.approx(10 * weights[100])
