"""An MNIST image becomes lines that look like it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from model import load_network, preprocess
from model.files.strokes import CANVAS_SIDE
from model.mnist import as_vectors, load_mnist
from model.pen_digits import draw
from model.tracing import PEN, trace_image


@pytest.mark.parametrize(("name", "share"), [("notebook", 0.95), ("robust", 0.98)])
def test_a_traced_image_is_read_like_the_image(name: str, share: float) -> None:
    images = load_mnist().x_test[:200]
    network = load_network(name)
    vectors = [preprocess(draw(trace_image(image), PEN)) for image in images]
    read = [network.predict(vector).argmax() for vector in vectors if vector is not None]
    assert np.mean(network.predict(as_vectors(images)).argmax(axis=1) == read) >= share


def test_an_image_without_ink_has_no_lines() -> None:
    assert trace_image(np.zeros((28, 28), np.uint8)) == []


@given(arrays(np.uint8, (28, 28)))
def test_lines_of_any_image_are_level_and_on_the_canvas(image: np.ndarray) -> None:
    lines = trace_image(image)
    assert len(lines) < 2_000
    for (start_x, start_y), (end_x, end_y) in lines:
        assert 0 <= start_x <= end_x <= CANVAS_SIDE
        assert 0 <= start_y == end_y <= CANVAS_SIDE
