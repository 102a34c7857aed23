"""Pen digits become pictures as a canvas would send them, and the figures come from one command."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model import load_network
from model.evaluate import pen_digit_accuracy, resize_only
from model.pen_digits import PenDigit, draw, draw_at_random, read_pen_digits

ROOT = Path(__file__).parents[2]
SEVEN = [[[0, 0], [500, 0], [250, 1000]]]
ONE = [[[100, 0], [100, 1000]]]


@pytest.fixture
def pen_digits(tmp_path: Path) -> Path:
    path = tmp_path / "digits.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        for label, strokes in ((7, SEVEN), (1, ONE)):
            lines.write(json.dumps({"label": label, "source": "here", "writer": "me", "strokes": strokes}) + "\n")
    return path


def test_digits_are_read_from_the_file(pen_digits: Path) -> None:
    seven, one = read_pen_digits(pen_digits)
    assert (seven.label, one.label) == (7, 1)
    np.testing.assert_array_equal(one.strokes[0], ONE[0])


def test_drawings_are_as_large_and_as_far_off_the_middle_as_said(pen_digits: Path) -> None:
    seven, _ = read_pen_digits(pen_digits)
    random = np.random.default_rng(0)
    for _ in range(100):
        picture = draw_at_random(seven.strokes, random)
        assert picture.shape == (280, 280, 4)
        assert picture.dtype == np.uint8
        assert (picture[..., 3] == 255).all()
        rows, columns = np.nonzero(picture[..., 0] > 127)
        height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
        assert 0.45 * 280 - 3 <= max(height, width) <= 0.80 * 280 + 3
        for length, middle in ((height, rows.min() + rows.max()), (width, columns.min() + columns.max())):
            assert abs(middle / 2 - 139.5) <= 0.6 * (280 - length) / 2 + 3


def test_lines_have_the_pens_width_and_round_ends() -> None:
    ink = draw([np.array([[60.0, 140.0], [220.0, 140.0]])], pen=20)[..., 0] > 127
    assert ink[:, 140].sum() == pytest.approx(20, abs=1)
    assert ink[140].sum() == pytest.approx(180, abs=2)
    assert not ink[131, 51]


def test_only_resizing_keeps_the_drawing_where_it_is() -> None:
    vector = resize_only(draw([np.array([[20.0, 20.0], [60.0, 20.0]])], pen=20))
    assert vector.reshape(28, 28)[1:3, 2:6].min() > 0.8
    assert vector.sum() < 20


def test_accuracy_is_a_share_of_the_digits() -> None:
    one = PenDigit(1, "here", [np.array(ONE[0], np.float64)])
    wrong = one._replace(label=4)
    assert pen_digit_accuracy(load_network("notebook"), [one, wrong])[0] == 0.5


def test_the_command_prints_all_three_figures(pen_digits: Path) -> None:
    command = [sys.executable, "-m", "model.evaluate", "notebook", "--pen-digits", str(pen_digits)]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "MNIST, 10,000 test images: 97.45% right" in printed
    assert "MNIST's recipe" in printed
    assert "only resized" in printed
