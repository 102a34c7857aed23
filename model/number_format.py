"""Numbers in sentences, written the same on all pages: articles, plurals, ordinals and percentages."""


def with_article(digit: int) -> str:
    """Return a digit with its indefinite article: "an 8", but "a 7"."""
    return f"{'an' if digit == 8 else 'a'} {digit}"


def counted(number: float, noun: str) -> str:
    """Return a number with a noun whose plural takes an s: "1 step", "1,875 steps", "2.5 epochs"."""
    text = f"{number:,.0f}" if number == int(number) else f"{number:.3g}"
    return f"{text} {noun}{'' if text == '1' else 's'}"


def ordinal(number: int) -> str:
    """Return an ordinal number: 1st, 2nd, 3rd, 4th, ..., 11th, ..., 21st, ..."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def as_percent(share: float) -> str:
    """Return a share as "97.45%", which is exact for 10,000 test images.

    For probabilities, which are never quite 0 or 1, see `pages.widgets.answer.answer_text.percent`.
    """
    return f"{share:.2%}"
