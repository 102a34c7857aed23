"""What is no digit, drawn by code: letters, scribbles, faces and signs.

`train_digit_check.py` learns from it what does not look like a digit.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from model.offline.drawn_digits import RING, Curve, Template, draw_stroke, smooth
from model.pen_digits import Points

# Written by hand, these are digits (0 1 2 5 9), so nothing is learnt from them.
LIKE_DIGITS = "OoIlZzSsq"

BOWL: Curve = [(4, 50), (30, 44), (46, 60), (46, 84), (28, 100), (4, 96)]
LETTERS: list[tuple[str, Template]] = [
    ("A", [[[(0, 100), (28, 0)], [(28, 0), (58, 100)]], [[(12, 62), (46, 62)]]]),
    ("B", [[[(4, 0), (4, 100)]], [[(4, 0), (40, 6), (40, 40), (4, 48)], [(4, 48), (50, 54), (50, 92), (4, 100)]]]),
    ("C", [[[(54, 14), (30, 0), (4, 26), (0, 52), (8, 86), (32, 100), (56, 86)]]]),
    ("D", [[[(4, 0), (4, 100)]], [[(4, 0), (40, 8), (58, 50), (40, 92), (4, 100)]]]),
    ("E", [[[(52, 0), (4, 0)], [(4, 0), (4, 100)], [(4, 100), (54, 100)]], [[(4, 48), (44, 48)]]]),
    ("F", [[[(52, 0), (4, 0)], [(4, 0), (4, 100)]], [[(4, 46), (44, 46)]]]),
    ("G", [[[(54, 14), (30, 0), (4, 26), (4, 76), (32, 100), (56, 84)], [(56, 84), (56, 56)], [(56, 56), (32, 56)]]]),
    ("H", [[[(4, 0), (4, 100)]], [[(54, 0), (54, 100)]], [[(4, 50), (54, 50)]]]),
    ("I", [[[(10, 0), (10, 100)]]]),
    ("J", [[[(44, 0), (44, 76), (24, 100), (2, 80)]]]),
    ("K", [[[(4, 0), (4, 100)]], [[(52, 0), (4, 54)], [(4, 54), (54, 100)]]]),
    ("L", [[[(4, 0), (4, 100)], [(4, 100), (54, 100)]]]),
    ("M", [[[(0, 100), (6, 0)], [(6, 0), (34, 60)], [(34, 60), (62, 0)], [(62, 0), (68, 100)]]]),
    ("N", [[[(4, 100), (4, 0)], [(4, 0), (54, 100)], [(54, 100), (54, 0)]]]),
    ("O", [[RING]]),
    ("P", [[[(4, 0), (4, 100)]], [[(4, 0), (48, 6), (48, 44), (4, 52)]]]),
    ("Q", [[RING], [[(34, 72), (62, 106)]]]),
    ("R", [[[(4, 0), (4, 100)]], [[(4, 0), (48, 6), (46, 42), (4, 50)], [(4, 50), (54, 100)]]]),
    ("S", [[[(52, 10), (28, 0), (6, 16), (20, 44), (48, 62), (50, 88), (26, 100), (2, 88)]]]),
    ("T", [[[(0, 0), (60, 0)]], [[(30, 0), (30, 100)]]]),
    ("U", [[[(4, 0), (4, 70), (28, 100), (54, 70), (54, 0)]]]),
    ("V", [[[(0, 0), (28, 100)], [(28, 100), (58, 0)]]]),
    ("W", [[[(0, 0), (16, 100)], [(16, 100), (34, 34)], [(34, 34), (52, 100)], [(52, 100), (68, 0)]]]),
    ("X", [[[(2, 0), (56, 100)]], [[(56, 0), (2, 100)]]]),
    ("Y", [[[(0, 0), (28, 48)]], [[(58, 0), (28, 48)], [(28, 48), (28, 100)]]]),
    ("Z", [[[(0, 4), (56, 4)], [(56, 4), (0, 96)], [(0, 96), (60, 96)]]]),
    ("a", [[[(46, 12), (20, 0), (2, 40), (10, 90), (30, 96), (46, 60)], [(48, 4), (48, 80), (60, 98)]]]),
    ("b", [[[(4, 0), (4, 100)]], [BOWL]]),
    ("c", [[[(50, 18), (26, 0), (2, 40), (10, 88), (34, 100), (54, 84)]]]),
    ("d", [[[(44, 54), (22, 44), (2, 66), (8, 96), (30, 98), (46, 76)]], [[(48, 0), (48, 100)]]]),
    ("e", [[[(6, 52), (52, 48), (46, 12), (24, 0), (4, 30), (4, 70), (26, 100), (54, 84)]]]),
    ("f", [[[(50, 8), (34, 0), (22, 20), (22, 100)]], [[(2, 46), (46, 46)]]]),
    ("g", [[[(46, 12), (24, 0), (4, 18), (10, 44), (34, 44), (48, 14)], [(48, 6), (48, 80), (28, 100), (4, 88)]]]),
    ("h", [[[(4, 0), (4, 100)]], [[(4, 62), (26, 44), (48, 58), (48, 100)]]]),
    ("i", [[[(10, 34), (10, 100)]], [[(10, 6), (11, 8)]]]),
    ("j", [[[(34, 34), (34, 84), (20, 100), (2, 92)]], [[(34, 6), (35, 8)]]]),
    ("k", [[[(4, 0), (4, 100)]], [[(44, 40), (4, 70)], [(4, 70), (48, 100)]]]),
    ("l", [[[(10, 0), (10, 90), (20, 100)]]]),
    (
        "m",
        [
            [[(2, 30), (2, 100)]],
            [[(2, 50), (18, 30), (32, 44), (32, 100)]],
            [[(32, 50), (50, 30), (64, 44), (64, 100)]],
        ],
    ),
    ("n", [[[(4, 30), (4, 100)]], [[(4, 54), (28, 32), (50, 48), (50, 100)]]]),
    ("o", [[RING]]),
    ("p", [[[(4, 0), (4, 100)]], [[(4, 8), (30, 0), (48, 16), (44, 42), (24, 52), (4, 42)]]]),
    ("q", [[[(46, 10), (24, 0), (4, 18), (10, 44), (34, 44), (48, 14)]], [[(48, 2), (48, 100)]]]),
    ("r", [[[(8, 20), (8, 100)]], [[(8, 48), (24, 26), (48, 26)]]]),
    ("s", [[[(48, 14), (24, 0), (6, 18), (26, 46), (50, 66), (42, 94), (4, 90)]]]),
    ("t", [[[(24, 0), (24, 84), (38, 100), (52, 92)]], [[(2, 32), (50, 32)]]]),
    ("u", [[[(4, 0), (4, 64), (24, 96), (48, 70), (50, 2)], [(50, 2), (52, 100)]]]),
    ("v", [[[(2, 0), (26, 100)], [(26, 100), (52, 0)]]]),
    ("w", [[[(0, 0), (8, 80), (24, 92), (34, 20), (44, 92), (60, 80), (68, 0)]]]),
    ("x", [[[(4, 4), (50, 98)]], [[(52, 0), (2, 100)]]]),
    ("y", [[[(2, 0), (28, 52)]], [[(56, 0), (8, 100)]]]),
    ("z", [[[(2, 2), (52, 2)], [(52, 2), (2, 98)], [(2, 98), (54, 98)]]]),
]
# The same letters as others write them.
OTHER_LETTERS: list[tuple[str, Template]] = [
    ("A", [[[(0, 100), (8, 24), (30, 0), (54, 24), (60, 100)]], [[(2, 58), (58, 58)]]]),
    ("B", [[[(4, 0), (4, 100)]], [[(4, 0), (44, 4), (46, 40), (4, 46)]], [[(4, 46), (54, 52), (54, 96), (4, 100)]]]),
    ("D", [[[(4, 0), (4, 100)], [(4, 100), (44, 96), (66, 50), (44, 4), (4, 0)]]]),
    ("E", [[[(50, 6), (22, 0), (4, 22), (26, 46)], [(26, 46), (2, 70), (24, 100), (54, 90)]]]),
    ("G", [[[(58, 16), (32, 0), (4, 28), (4, 74), (32, 100), (58, 82), (58, 56)], [(58, 56), (34, 56)]]]),
    ("G", [[[(58, 16), (32, 0), (4, 28), (4, 74), (32, 100), (58, 70)]], [[(30, 60), (70, 60)]]]),
    ("J", [[[(10, 0), (64, 0)]], [[(40, 0), (40, 76), (20, 100), (0, 80)]]]),
    ("M", [[[(0, 100), (0, 0)], [(0, 0), (34, 100)], [(34, 100), (68, 0)], [(68, 0), (68, 100)]]]),
    ("N", [[[(0, 100), (14, 2), (28, 30), (40, 96), (56, 0)]]]),
    ("Q", [[RING], [[(40, 60), (70, 110)]]]),
    ("R", [[[(4, 100), (4, 0)], [(4, 0), (50, 8), (46, 44), (4, 52)], [(30, 50), (54, 100)]]]),
    ("T", [[[(0, 0), (60, 0)]], [[(30, 0), (30, 100)]], [[(16, 100), (44, 100)]]]),
    ("a", [[[(6, 20), (26, 2), (48, 18), (48, 98)]], [[(48, 44), (20, 48), (2, 70), (16, 98), (48, 78)]]]),
    ("a", [[RING], [[(58, 0), (58, 100)]]]),
    ("b", [[[(4, 0), (4, 100)], [(4, 100), (34, 100), (50, 76), (34, 50), (4, 58)]]]),
    ("f", [[[(52, 10), (36, 0), (24, 16), (24, 84), (12, 100), (0, 90)]], [[(6, 44), (46, 44)]]]),
    ("g", [[RING], [[(56, 8), (56, 120), (30, 140), (4, 124)]]]),
    ("h", [[[(6, 0), (6, 100)], [(6, 100), (8, 58), (30, 44), (46, 62), (46, 100)]]]),
    ("i", [[[(10, 34), (10, 90), (22, 100)]], [[(10, 4), (11, 6)]]]),
    ("j", [[[(40, 34), (40, 84), (22, 104), (0, 92)]], [[(40, 2), (41, 4)]]]),
    ("k", [[[(4, 0), (4, 100)]], [[(40, 38), (6, 66), (46, 100)]]]),
    ("r", [[[(6, 10), (8, 100)], [(8, 100), (8, 50), (28, 22), (46, 26)]]]),
    ("t", [[[(24, 0), (24, 100)]], [[(2, 30), (48, 30)]]]),
    ("w", [[[(0, 0), (4, 70), (20, 98), (34, 70), (34, 10)], [(34, 10), (36, 70), (52, 98), (66, 70), (68, 0)]]]),
]
HEART: Curve = [(30, 22), (14, 0), (0, 20), (8, 56), (30, 100)]
SIGNS: list[Template] = [
    [
        [[(30, 0), (48, 100)], [(48, 100), (0, 36)], [(0, 36), (60, 36)], [(60, 36), (12, 100)], [(12, 100), (30, 0)]]
    ],  # star
    [[HEART, [(30, 100), (52, 56), (60, 20), (46, 0), (30, 22)]]],
    [
        [[(0, 50), (40, 0)], [(40, 0), (80, 50)]],
        [[(8, 50), (8, 100)], [(8, 100), (72, 100)], [(72, 100), (72, 50)]],
    ],  # house
    [[[(50, 0), (50, 100)]], [[(0, 50), (100, 50)]]],  # plus
    [[[(0, 50), (100, 50)]], [[(66, 20), (100, 50)], [(100, 50), (66, 80)]]],  # arrow
    [[[(0, 60), (30, 100)], [(30, 100), (90, 0)]]],  # check mark
    [[[(50, 0), (0, 90)], [(0, 90), (100, 90)], [(100, 90), (50, 0)]]],  # triangle
    [[[(0, 0), (90, 0)], [(90, 0), (90, 90)], [(90, 90), (0, 90)], [(0, 90), (0, 0)]]],  # square
    [[[(0, 30), (90, 30)]], [[(0, 70), (90, 70)]], [[(30, 0), (24, 100)]], [[(66, 0), (60, 100)]]],  # hash
]


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
    name, template = LETTERS[random.integers(len(LETTERS))]
    shapes = [template, *(other for of, other in OTHER_LETTERS if of == name)]
    return name, draw_template(shapes[random.integers(len(shapes))], random)


def draw_sign(random: np.random.Generator) -> list[Points]:
    """A star, a heart, a house, an arrow, ..."""
    return draw_template(SIGNS[random.integers(len(SIGNS))], random)


def draw_template(template: Template, random: np.random.Generator) -> list[Points]:
    """A template, each point moved a little."""
    width = np.exp(random.normal(0, 0.2))
    return [draw_stroke(stroke, random) * (width, 1) for stroke in template]


def draw_face(random: np.random.Generator) -> list[Points]:
    """A head, two eyes, a mouth, and sometimes a nose."""
    eyes = [circle((x + random.normal(0, 2), 38 + random.normal(0, 3)), random.uniform(2, 8), random) for x in (33, 67)]
    smile = random.uniform(-14, 20)
    mouth: Curve = [(30, 70), (50, 70 + smile), (70, 70)]
    nose: list[list[Curve]] = [[[(50, 45), (48, 58)]]] if random.random() < 0.5 else []
    return [circle((50, 50), 48, random), *eyes, *(draw_stroke(stroke, random) for stroke in ([mouth], *nose))]


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


SCRIBBLES: list[Callable[[np.random.Generator], list[Points]]] = [
    wander,
    zigzag,
    spiral,
    loops,
    corners,
    bends,
    lines,
    curves,
    dots,
    rings,
    wave,
    closed,
    shaky,
]


def draw_scribble(random: np.random.Generator) -> list[Points]:
    """One of many kinds."""
    return SCRIBBLES[random.integers(len(SCRIBBLES))](random)
