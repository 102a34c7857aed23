"""A number is cut into digits by its strokes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.digit_check import load_digit_check
from model.mnist import as_vectors
from model.multi_digit import Box, Digit, Line, segment_digits
from tests.photographs import DIGITS

NETWORK = load_digit_check().encoder
PEN = 14


def number(*digits: int, gap: float = 60) -> list[Line]:
    """Return digits side by side, a line for each stroke."""
    lines: list[Line] = []
    right = 20.0
    for digit in digits:
        points = np.concatenate([np.array(stroke, float) for stroke in DIGITS[digit]])
        left = points[:, 0].min()
        lines += [Line(np.array(stroke, float) + np.array([right - left, 40]), PEN) for stroke in DIGITS[digit]]
        right += np.ptp(points[:, 0]) + gap
    return lines


def read(digits: list[Digit]) -> list[int]:
    answers = NETWORK.predict(as_vectors(np.stack([digit.picture for digit in digits]))).argmax(axis=1)
    return [int(answer) for answer in answers]


def test_no_lines_give_no_digits() -> None:
    assert segment_digits([]) == []


def test_both_strokes_of_a_4_and_the_bar_of_a_5_belong_together() -> None:
    assert read(segment_digits(number(4, 5, 1, 7))) == [4, 5, 1, 7]


@pytest.mark.parametrize("order", [(3, 2, 1, 0), (1, 3, 0, 2)])
def test_the_order_of_strokes_does_not_matter(order: tuple[int, ...]) -> None:
    lines = number(4, 5)
    assert read(segment_digits([lines[i] for i in order])) == [4, 5]


def test_touching_ink_is_split_if_the_strokes_do_not_touch() -> None:
    gap = 0.15 * 160
    digits = segment_digits([line._replace(pen=40) for line in number(1, 7, gap=gap)])
    assert digits[0].box.right > digits[1].box.left
    assert read(segment_digits(number(1, 7, gap=gap))) == [1, 7]
    assert len(digits) == 2


def test_a_detached_bar_joins_its_5() -> None:
    stem, bar = (np.array(stroke, float) for stroke in DIGITS[5])
    far = Line(bar + np.array([120 - bar[:, 0].min(), -8]), PEN)
    digits = segment_digits(
        [Line(stem, PEN), far, *(Line(line.points + np.array([250, 0]), PEN) for line in number(7))]
    )
    assert len(digits) == 2


def test_a_box_includes_the_pens_width() -> None:
    (digit,) = segment_digits([Line(np.array([[50.0, 40.0], [50, 200]]), 20)])
    assert digit.box == Box(40, 30, 60, 210)


def test_touching_digits_look_like_two() -> None:
    check = load_digit_check()
    for *digits, gap in ((5, 7, -5), (4, 5, -5), (7, 4, -5), (5, 7, -25), (4, 4, -25)):
        (pair,) = segment_digits(number(*digits, gap=gap))
        assert pair.looks_like_two_digits(check.score(as_vectors(pair.picture))[0]), digits
    for digit in DIGITS:
        (alone,) = segment_digits(number(digit))
        assert not alone.looks_like_two_digits(check.score(as_vectors(alone.picture))[0]), digit


coordinate = st.floats(-1120, 1120, allow_nan=False)
line = st.builds(
    Line, st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=8).map(np.array), st.floats(1, 1120)
)


@given(st.lists(line, min_size=1, max_size=8))
def test_any_lines_become_pictures(lines: list[Line]) -> None:
    digits = segment_digits(lines)
    assert 1 <= len(digits) <= len(lines)
    for digit in digits:
        assert digit.picture.shape == (28, 28)
        assert digit.picture.max() == 255
