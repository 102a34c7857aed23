"""Digits drawn by code, in the styles that MNIST's writers did not have.

MNIST's writers were Americans: hardly any of their zeros is slashed, their ones are sticks, few of their
sevens have a bar.
"""

from collections.abc import Callable

import numpy as np

from model.offline.glyphs import draw_glyph, read_glyphs
from model.pen_digits import Points

STYLES = read_glyphs("drawn_digits")
STYLES_OF = [[style for style in STYLES if style.kind == str(digit)] for digit in range(10)]


def draw_digit(random: np.random.Generator) -> tuple[int, list[Points]]:
    """A digit in one of the styles of drawn_digits.txt, and its label."""
    label = int(random.integers(10))
    styles = STYLES_OF[label]
    return label, draw_glyph(styles[random.integers(len(styles))], random)


def restyle(label: int, strokes: list[Points], random: np.random.Generator) -> list[Points]:
    """Somebody's plain zero with a slash, their one with flag and foot, their seven with a bar; others as they are.

    Strokes as pen digits have them: float64 [points, 2], y grows downward.
    """
    if len(strokes) > 1 or label not in ADDITIONS:
        return strokes
    return [*strokes, *ADDITIONS[label](strokes[0], random)]


def slash(zero: Points, random: np.random.Generator) -> list[Points]:
    """Mostly from the upper right to the lower left."""
    lowest, highest = zero.min(axis=0), zero.max(axis=0)
    angle = np.deg2rad(random.uniform(30, 80)) * (1 if random.random() < 0.85 else -1)
    reach = random.uniform(0.35, 0.7) * (highest[1] - lowest[1]) * np.array([np.cos(angle), -np.sin(angle)])
    middle = (lowest + highest) / 2
    return [np.stack([middle + reach, middle - reach])]


def flag_and_foot(one: Points, random: np.random.Generator) -> list[Points]:
    """A flag, a foot, or both; none where the one is no plain stick."""
    width, height = np.ptp(one, axis=0)
    if width > 0.35 * height:
        return []
    top, bottom = one[one[:, 1].argmin()], one[one[:, 1].argmax()]
    angle = np.deg2rad(random.uniform(20, 70))
    flag = top + random.uniform(0.15, 0.5) * height * np.array([-np.sin(angle), np.cos(angle)])
    choice = random.random()
    strokes = [np.stack([flag, top])] if choice < 0.8 else []
    return strokes + ([crossing(bottom, height, random)] if choice > 0.45 else [])


def bar(seven: Points, random: np.random.Generator) -> list[Points]:
    """Across the stem: through the first point that was drawn below a level 35 to 60% of the way down."""
    top, height = seven[:, 1].min(), np.ptp(seven[:, 1])
    below = np.flatnonzero(seven[:, 1] >= top + random.uniform(0.35, 0.6) * height)
    return [crossing(seven[below[0]], height, random)]


def crossing(point: Points, height: float, random: np.random.Generator) -> Points:
    """A short stroke from left to right through a point."""
    left, right = random.uniform(0.1, 0.35, 2)
    rise = random.normal(0.02, 0.04)
    return point + height * np.array([[-left, rise], [right, -rise]])


ADDITIONS: dict[int, Callable[[Points, np.random.Generator], list[Points]]] = {0: slash, 1: flag_and_foot, 7: bar}
