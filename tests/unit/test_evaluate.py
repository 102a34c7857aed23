"""Pen digits become pictures like those of a canvas, and one command gives all figures."""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import confusion_matrix, log_loss, precision_recall_fscore_support

from model import load_network
from model.bundled_networks import BUNDLED
from model.evaluate import (
    answered_curve,
    calibration_error,
    confusion_counts,
    evaluate,
    figures,
    mean_loss,
    metrics_per_digit,
    pen_digit_figures,
    predict_images,
    reliability_bins,
    resized_vector,
    save_to_card,
)
from model.mnist import load_mnist
from model.pen_digits import PenDigit, PenDigitsError, draw, draw_at_random, read_pen_digits

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


def test_drawings_have_the_documented_size_and_place(pen_digits: Path) -> None:
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


def test_lines_are_as_wide_as_the_pen_and_have_round_ends() -> None:
    ink = draw([np.array([[60.0, 140.0], [220.0, 140.0]])], pen=20)[..., 0] > 127
    assert ink[:, 140].sum() == pytest.approx(20, abs=1)
    assert ink[140].sum() == pytest.approx(180, abs=2)
    assert not ink[131, 51]


def test_a_dot_is_drawn_as_large_as_the_pen() -> None:
    ink = draw_at_random([np.array([[5.0, 5.0]])], np.random.default_rng(0))[..., 0] > 127
    assert 13 <= np.ptp(np.nonzero(ink)[0]) <= 22


def test_resizing_alone_keeps_the_drawing_in_its_place() -> None:
    vector = resized_vector(draw([np.array([[20.0, 20.0], [60.0, 20.0]])], pen=20))
    assert vector.reshape(28, 28)[1:3, 2:6].min() > 0.8
    assert vector.sum() < 20


def test_accuracy_is_given_for_all_digits_and_each_source() -> None:
    one = PenDigit(1, "here", "me", [np.array(ONE[0], np.float64)])
    wrong = one._replace(label=4, source="there")
    report = pen_digit_figures(load_network("notebook"), [one, one, wrong, one])
    assert report["count"] == 4
    assert report["accuracy"] == 0.75
    assert report["per_digit"] == {
        "1": {"count": 3, "precision": 0.75, "recall": 1.0},
        "4": {"count": 1, "precision": None, "recall": 0.0},
    }
    assert report["per_source"] == {"here": {"count": 3, "accuracy": 1.0}, "there": {"count": 1, "accuracy": 0.0}}
    assert report["confusion"][1][1] == 3
    assert report["confusion"][4][1] == 1
    assert np.sum(report["confusion"]) == 4


def answers(confidence: float, right: int, wrong: int) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities and labels of a network that always says 3, equally sure, and is right this often."""
    probabilities = np.full((right + wrong, 10), (1 - confidence) / 9, np.float32)
    probabilities[:, 3] = confidence
    return probabilities, np.array([3] * right + [5] * wrong)


def test_a_network_that_is_right_as_often_as_it_says_has_no_calibration_error() -> None:
    assert calibration_error(*answers(0.9, right=90, wrong=10)) == pytest.approx(0, abs=1e-6)


def test_calibration_error_weights_gaps_by_frequency() -> None:
    assert calibration_error(*answers(0.9, right=60, wrong=40)) == pytest.approx(0.3, abs=1e-6)
    sure, labels = answers(1.0, right=100, wrong=0)
    doubtful, others = answers(0.5, right=100, wrong=0)
    both = calibration_error(np.concatenate([sure, doubtful]), np.concatenate([labels, others]))
    assert both == pytest.approx(0.25, abs=1e-6)


@pytest.fixture(scope="module")
def read() -> tuple[np.ndarray, np.ndarray]:
    """Return the probabilities of the notebook's network for the test images, and their labels."""
    mnist = load_mnist()
    return predict_images(load_network("notebook"), mnist.x_test), mnist.y_test


def test_figures_agree_with_scikit_learn(read: tuple[np.ndarray, np.ndarray]) -> None:
    probabilities, labels = read
    answers = probabilities.argmax(axis=1)
    counts = confusion_counts(answers, labels)
    np.testing.assert_array_equal(counts, confusion_matrix(labels, answers))
    precision, recall, _, count = precision_recall_fscore_support(labels, answers)
    table = metrics_per_digit(counts)
    np.testing.assert_allclose(table, np.column_stack([count, precision, recall]))
    exactly = probabilities.astype(np.float64)
    exactly /= exactly.sum(axis=1, keepdims=True)
    assert mean_loss(probabilities, labels) == pytest.approx(log_loss(labels, exactly), rel=1e-6)
    bins = reliability_bins(probabilities, labels)
    right, sure = calibration_curve(answers == labels, probabilities.max(axis=1), n_bins=15)
    np.testing.assert_allclose(bins[["accuracy", "confidence"]], np.column_stack([right, sure]), rtol=1e-6)
    assert bins["count"].sum() == 10_000


@pytest.mark.parametrize("name", ["notebook", "linear"])
def test_loss_agrees_with_keras_last_epoch(name: str) -> None:
    mnist = load_mnist()
    last = pd.read_csv(BUNDLED / name / "history.csv").iloc[-1]
    assert mean_loss(predict_images(load_network(name), mnist.x_test), mnist.y_test) == pytest.approx(
        last["val_loss"], abs=2e-6
    )


def test_a_probability_of_0_has_a_finite_loss() -> None:
    sure = np.eye(10, dtype=np.float32)[[3]]
    assert mean_loss(sure, np.array([3])) == 0
    assert mean_loss(sure, np.array([4])) == pytest.approx(87.3, abs=0.1)


def test_a_digit_that_is_never_named_has_nan_precision() -> None:
    table = metrics_per_digit(confusion_counts(np.array([3, 3]), np.array([3, 5])))
    assert list(table.index) == [3, 5]
    np.testing.assert_array_equal(table, [[1, 0.5, 1], [1, np.nan, 0]])


def test_fewer_answers_are_right_more_often(read: tuple[np.ndarray, np.ndarray]) -> None:
    curve = answered_curve(*read)
    assert list(curve["threshold"][[0, 1, 999]]) == [0, 0.001, 0.999]
    assert (curve["answered"][0], curve["right"][0]) == (10_000, 9745)
    assert curve["answered"].is_monotonic_decreasing
    shares = curve["right"] / curve["answered"]
    assert list(shares[[0, 500, 900, 990]]) == sorted(shares[[0, 500, 900, 990]])


def test_each_threshold_counts_the_answers_that_are_sure_enough(read: tuple[np.ndarray, np.ndarray]) -> None:
    probabilities, labels = read
    is_right = probabilities.argmax(axis=1) == labels
    for threshold, answered, right in answered_curve(probabilities, labels).iloc[::37].itertuples(index=False):
        is_sure = probabilities.max(axis=1).astype(np.float64) >= threshold
        assert (answered, right) == (is_sure.sum(), (is_sure & is_right).sum())


def test_a_network_below_the_threshold_answers_nothing() -> None:
    curve = answered_curve(*answers(0.5, right=3, wrong=1))
    assert list(curve.loc[500, ["answered", "right"]]) == [4, 3]
    assert (curve[["answered", "right"]].iloc[501:] == 0).all(axis=None)


def test_figures_leave_out_digits_that_do_not_occur() -> None:
    report = figures(*answers(0.9, right=1, wrong=0))
    assert list(report["per_digit"]) == ["3"]
    assert np.shape(report["confusion"]) == (10, 10)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "model.evaluate", *arguments], cwd=ROOT, capture_output=True, text=True
    )


def test_the_command_prints_tables_and_json(pen_digits: Path) -> None:
    done = run("notebook", "--pen-digits", str(pen_digits))
    assert done.returncode == 0
    assert "MNIST's test images: 97.45% of 10,000 right" in done.stderr
    assert "only resized" in done.stderr
    assert "read as" in done.stderr
    report = json.loads(done.stdout)
    assert report["network"] == "notebook"
    assert report["mnist"]["accuracy"] == 0.9745
    assert sum(digit["count"] for digit in report["mnist"]["per_digit"].values()) == 10_000
    assert report["pen_digits"]["count"] == 2


def test_keep_writes_the_pen_digit_figures_into_the_card(
    tmp_path: Path, pen_digits: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = json.loads((BUNDLED / "notebook" / "card.json").read_text(encoding="utf-8"))
    (tmp_path / "notebook").mkdir()
    shutil.copy(BUNDLED / "notebook" / "card.json", tmp_path / "notebook")
    report = evaluate("notebook", pen_digits)
    monkeypatch.setattr("model.evaluate.BUNDLED", tmp_path)
    save_to_card(report, pen_digits)
    card = json.loads((tmp_path / "notebook" / "card.json").read_text(encoding="utf-8"))
    kept = card["pen digits"]
    assert kept["command"] == "python -m model.evaluate notebook --pen-digits digits.jsonl.gz"
    assert kept["count"] == 2
    assert kept["accuracy"] == report["pen_digits"]["accuracy"]
    assert kept["per_source"] == report["pen_digits"]["per_source"]
    assert card | {"pen digits": None} == before | {"pen digits": None}


def test_keep_without_pen_digits_is_refused() -> None:
    done = run("notebook", "--keep")
    assert done.returncode == 2
    assert "name a file with --pen-digits" in done.stderr


def test_the_command_measures_the_best_network_by_default() -> None:
    report = json.loads(run().stdout)
    assert report["network"] == "robust"
    assert "pen_digits" not in report


def digit(**changes: object) -> bytes:
    """Return a file with one digit."""
    line = {"label": 1, "source": "here", "writer": "me", "strokes": ONE} | changes
    return gzip.compress(json.dumps(line).encode(), mtime=0)


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"not gzipped",
        gzip.compress(b"", mtime=0),
        gzip.compress(b"no JSON", mtime=0),
        gzip.compress(b"[]", mtime=0),
        gzip.compress(b'{"label": 1}', mtime=0),
        gzip.compress(b"[" * 100_000, mtime=0),
        digit()[:-10],
        digit(label=10),
        digit(label=-1),
        digit(label="7"),
        digit(strokes=[]),
        digit(strokes=[[]]),
        digit(strokes=[[1, 2, 3, 4]]),
        digit(strokes=[[[1, 2, 3], [4, 5, 6]]]),
        digit(strokes=[[[1, float("nan")]]]),
        digit(strokes=[[[float("inf"), 1]]]),
        digit(strokes=[[["a", "b"]]]),
        digit(strokes=7),
    ],
)
def test_a_file_without_pen_digits_is_refused_with_advice(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "digits.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PenDigitsError, match=r"digits\.gz .*: give a gzipped file"):
        read_pen_digits(path)


def test_the_command_reports_a_missing_file_in_one_sentence(tmp_path: Path) -> None:
    done = run("--pen-digits", str(tmp_path / "missing.gz"))
    assert done.returncode == 2
    assert "missing.gz cannot be read" in done.stderr
    assert "Traceback" not in done.stderr
