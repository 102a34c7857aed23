"""Digits look like digits. Letters, scribbles, signs and faces do not."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import model.digit_check
from model.bundled_networks import BUNDLED
from model.digit_check import CARD_KEY, DigitCheck, load_digit_check
from model.evaluate import drawing_vector
from model.mnist import as_vectors, load_mnist
from model.network import Floats, NetworkError
from model.offline.drawn_digits import draw_digit
from model.offline.non_digits import LIKE_DIGITS, draw_face, draw_letter, draw_scribble, draw_sign
from model.pen_digits import Points, draw_at_random

DIGIT_CHECK = load_digit_check()


def drawn(strokes: list[Points], random: np.random.Generator) -> Floats:
    return drawing_vector(draw_at_random(strokes, random))


def share_like_digits(drawings: list[list[Points]]) -> float:
    random = np.random.default_rng(2)
    return float(np.mean(DIGIT_CHECK.looks_like_a_digit([drawn(strokes, random) for strokes in drawings])))


def test_digits_look_like_digits() -> None:
    random = np.random.default_rng(1)
    assert share_like_digits([draw_digit(random)[1] for _ in range(200)]) >= 0.98
    assert DIGIT_CHECK.looks_like_a_digit(as_vectors(load_mnist().x_test[:2000])).mean() >= 0.98


def test_letters_scribbles_signs_and_faces_do_not() -> None:
    random = np.random.default_rng(1)
    letters = [strokes for name, strokes in (draw_letter(random) for _ in range(300)) if name not in LIKE_DIGITS]
    assert share_like_digits(letters) <= 0.05
    assert share_like_digits([draw_scribble(random) for _ in range(200)]) <= 0.2
    assert share_like_digits([draw_sign(random) for _ in range(200)]) <= 0.05
    assert share_like_digits([draw_face(random) for _ in range(100)]) <= 0.05


def test_each_picture_gets_a_score_between_0_and_1() -> None:
    scores = DIGIT_CHECK.score(as_vectors(load_mnist().x_test[:50]))
    assert scores.shape == (50,)
    assert ((scores >= 0) & (scores <= 1)).all()


def test_the_card_names_command_and_threshold() -> None:
    entry = json.loads((BUNDLED / "robust" / "card.json").read_text(encoding="utf-8"))[CARD_KEY]
    assert entry["command"].startswith("python -m model.train likeness")
    assert entry["threshold"] == DIGIT_CHECK.threshold


@pytest.fixture
def other_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "robust"
    shutil.copytree(BUNDLED / "robust", folder)
    monkeypatch.setattr(model.digit_check, "DETECTOR_PATH", folder / "likeness.keras")
    monkeypatch.setattr(model.digit_check, "CARD_PATH", folder / "card.json")
    return folder


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("likeness.keras", None),
        ("likeness.keras", b""),
        ("likeness.keras", (BUNDLED / "notebook" / "network.keras").read_bytes()),
        ("card.json", None),
        ("card.json", b"{}"),
        ("card.json", b'{"looks like a digit": {"threshold": "x"}}'),
    ],
)
def test_a_damaged_file_is_refused_with_a_remedy(name: str, content: bytes | None, other_folder: Path) -> None:
    assert isinstance(load_digit_check(), DigitCheck)
    if content is None:
        (other_folder / name).unlink()
    else:
        (other_folder / name).write_bytes(content)
    with pytest.raises(NetworkError, match=r"git checkout -- model/robust"):
        load_digit_check()
