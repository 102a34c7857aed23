"""What is no digit, drawn by code: letters, scribbles, faces and signs.

`train_digit_check.py` learns from it what does not look like a digit.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from model.offline.glyphs import draw_glyph, draw_stroke, read_glyphs, smooth
from model.pen_digits import Points

# Written by hand, these are digits (0 1 2 5 9), so nothing is learnt from them.
LIKE_DIGITS = "OoIlZzSsq"

GLYPHS = read_glyphs("non_digits")
LETTERS = list(dict.fromkeys(glyph.name for glyph in GLYPHS if glyph.kind == "letter"))
SIGNS = [glyph for glyph in GLYPHS if glyph.kind == "sign"]


def draw_non_digit(random: np.random.Generator) -> list[Points]:
    """Strokes of what is no digit: mostly letters, but for those that look like digits, and scribbles."""
    kind = random.random()
    if kind < 0.45:
        name, strokes = draw_letter(random)
        return draw_non_digit(random) if name in LIKE_DIGITS else strokes
    draw = draw_scribble if kind < 0.85 else draw_sign if kind < 0.95 else draw_face
    return draw(random)


def draw_letter(random: np.random.Generator) -> tuple[str, list[Points]]:
    """A letter, each as likely as any other, and its strokes."""
    letter = LETTERS[random.integers(len(LETTERS))]
    shapes = [glyph for glyph in GLYPHS if glyph.name == letter]
    return letter, draw_glyph(shapes[random.integers(len(shapes))], random)


def draw_sign(random: np.random.Generator) -> list[Points]:
    """A star, a heart, a house, an arrow, ..."""
    return draw_glyph(SIGNS[random.integers(len(SIGNS))], random)


def draw_face(random: np.random.Generator) -> list[Points]:
    """A head, two eyes, a mouth, and sometimes a nose."""
    eyes = [circle((x + random.normal(0, 2), 38 + random.normal(0, 3)), random.uniform(2, 8), random) for x in (33, 67)]
    smile = random.uniform(-14, 20)
    mouth = np.array([(30, 70), (50, 70 + smile), (70, 70)])
    nose = [np.array([(50, 45), (48, 58)])] if random.random() < 0.5 else []
    return [circle((50, 50), 48, random), *eyes, *(draw_stroke([curve], random) for curve in (mouth, *nose))]


def circle(middle: tuple[float, float], radius: float, random: np.random.Generator) -> Points:
    """A circle that a hand might draw."""
    angles = np.linspace(0, 2 * np.pi * random.uniform(0.95, 1.1), 30) + random.uniform(0, 2 * np.pi)
    stretch = np.exp(random.normal(0, 0.08, 2))
    points: Points = np.array(middle) + radius * stretch * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return points


def wander(random: np.random.Generator) -> list[Points]:
    """A pen that turns left and right as it likes."""
    steps = int(random.integers(60, 250))
    turns = np.cumsum(random.normal(0, random.uniform(0.15, 0.5), steps)) + random.uniform(0, 2 * np.pi)
    return [np.cumsum(np.stack([np.cos(turns), np.sin(turns)], axis=1), axis=0)]


def zigzag(random: np.random.Generator) -> list[Points]:
    """Up and down, or to and fro, as if to blacken something."""
    count = int(random.integers(5, 16))
    along, across = np.linspace(0, random.uniform(0.6, 1.6), count), np.arange(count) % 2
    points = np.stack([along, across + random.normal(0, 0.12, count)], axis=1)
    return [turned(points, random)]


def spiral(random: np.random.Generator) -> list[Points]:
    """Round and round, outward."""
    angles = np.linspace(0, 2 * np.pi * random.uniform(2, 5), 120)
    return [turned(np.stack([angles * np.cos(angles), angles * np.sin(angles)], axis=1), random)]


def loops(random: np.random.Generator) -> list[Points]:
    """Loops in a row, as of a telephone's cord."""
    angles = np.linspace(0, 2 * np.pi * random.uniform(2.5, 6), 150)
    forward = angles * random.uniform(0.12, 0.4)
    return [turned(np.stack([forward + np.cos(angles), np.sin(angles)], axis=1), random)]


def lines(random: np.random.Generator) -> list[Points]:
    """Straight lines, here and there."""
    return [random.uniform(0, 1, (2, 2)) for _ in range(random.integers(3, 9))]


def curves(random: np.random.Generator) -> list[Points]:
    """Several short lines of a wandering pen."""
    return [wander(random)[0][:60] + random.uniform(-20, 20, 2) for _ in range(random.integers(2, 5))]


def corners(random: np.random.Generator) -> list[Points]:
    """A line with many corners."""
    return [random.uniform(0, 1, (random.integers(6, 15), 2))]


def bends(random: np.random.Generator) -> list[Points]:
    """A line with many bends."""
    return [smooth(random.uniform(0, 1, (random.integers(6, 12), 2)))]


def dots(random: np.random.Generator) -> list[Points]:
    """Dots, here and there."""
    return [random.uniform(0, 10, (1, 2)) + random.normal(0, 0.1, (2, 2)) for _ in range(random.integers(4, 12))]


def rings(random: np.random.Generator) -> list[Points]:
    """Rings over one another."""
    return [
        circle((x, y), random.uniform(20, 50), random) for x, y in random.uniform(0, 100, (random.integers(3, 6), 2))
    ]


def wave(random: np.random.Generator) -> list[Points]:
    """A wave, as of water."""
    angles = np.linspace(0, 2 * np.pi * random.uniform(1.7, 5), 100)
    forward, height = angles * random.uniform(0.3, 0.9), random.uniform(0.6, 2.5)
    return [turned(np.stack([forward, height * np.sin(angles)], axis=1), random)]


def closed(random: np.random.Generator) -> list[Points]:
    """A line that crosses itself and ends where it began."""
    turns = np.arange(1, random.integers(4, 7))
    angles = np.linspace(0, 2 * np.pi, 150)[:, None, None] * turns[:, None] + random.uniform(
        0, 2 * np.pi, (len(turns), 2)
    )
    heights = random.normal(0, 1, (len(turns), 2)) * turns[:, None] ** -0.6
    points: Points = (heights * np.sin(angles)).sum(axis=1)
    return [points]


def shaky(random: np.random.Generator) -> list[Points]:
    """A pen that trembles."""
    steps = random.normal(0, 1, (random.integers(25, 200), 2))
    inertia = random.uniform(0, 0.9)
    for before, step in pairwise(steps):
        step += inertia * before
    return [np.cumsum(steps, axis=0)]


def turned(points: Points, random: np.random.Generator) -> Points:
    """The points in another direction, and stretched a little."""
    angle = random.uniform(0, 2 * np.pi)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    stretched: Points = points @ matrix * np.exp(random.normal(0, 0.2, 2))
    return stretched


SCRIBBLES: tuple[Callable[[np.random.Generator], list[Points]], ...] = (
    *(wander, zigzag, spiral, loops, corners, bends, lines, curves, dots, rings, wave, closed, shaky),
)


def draw_scribble(random: np.random.Generator) -> list[Points]:
    """One of many kinds."""
    return SCRIBBLES[random.integers(len(SCRIBBLES))](random)
