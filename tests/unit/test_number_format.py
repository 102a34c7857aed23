"""Numbers in sentences read as a person would say them."""

import re
from pathlib import Path

import pytest

from model.number_format import as_percent, counted, ordinal, with_article

ROOT = Path(__file__).parents[2]
SENTENCES = [*sorted((ROOT / "pages").rglob("*.py")), *sorted((ROOT / "model").glob("*.py"))]


def test_digits_get_the_right_article() -> None:
    assert [with_article(digit) for digit in range(10)] == [
        *("a 0", "a 1", "a 2", "a 3", "a 4", "a 5", "a 6", "a 7", "an 8", "a 9")
    ]


def test_only_one_is_singular() -> None:
    assert [counted(n, "step") for n in (0, 1, 2, 999, 1000, 37_500)] == [
        *("0 steps", "1 step", "2 steps", "999 steps", "1,000 steps", "37,500 steps")
    ]
    assert [counted(n, "epoch") for n in (0.5, 1.0, 1.004, 2.3333)] == [
        *("0.5 epochs", "1 epoch", "1 epoch", "2.33 epochs")
    ]


def test_ordinals_have_the_right_ending() -> None:
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 21, 22, 101)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "22nd", "101st")
    ]


def test_shares_have_two_decimals() -> None:
    assert [as_percent(share) for share in (0.9455, 0.974, 1.0)] == ["94.55%", "97.40%", "100.00%"]


@pytest.mark.parametrize("path", SENTENCES, ids=lambda path: path.stem)
def test_no_page_writes_an_article_before_a_number_itself(path: Path) -> None:
    """The digit may be an 8, which takes "an"."""
    text = re.sub(r'"\n\s*f"', "", path.read_text(encoding="utf-8"))
    bare = re.findall(r"\b[Aa] (?:\*\*)?\{[^}]*(?:digit|label|truth|asked|read)\b[^}]*\}", text)
    assert bare == []
