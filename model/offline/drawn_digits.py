"""Digits drawn by code, in the styles that MNIST's writers did not have.

MNIST's writers were Americans: hardly any of their zeros is slashed, their ones are sticks, few of their
sevens have a bar.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from model.pen_digits import Points

# A digit is a list of strokes, a stroke a list of smooth curves that meet in corners, a curve the points that it goes
# through: x from 0 to about 60, y from 0 (top) to about 100.
Curve = list[tuple[float, float]]
Template = list[list[Curve]]

RING: Curve = [(34, 0), (10, 14), (0, 50), (10, 86), (30, 100), (50, 86), (60, 50), (50, 14), (30, 0)]
TEMPLATES: list[tuple[int, Template]] = [
    (0, [[RING]]),
    (0, [[RING], [[(58, -4), (2, 104)]]]),
    (0, [[RING], [[(50, 16), (10, 84)]]]),
    (0, [[RING], [[(6, 8), (54, 92)]]]),
    (0, [[[*RING, (20, 6), (14, 14)]]]),
    (0, [[[(44, 8), (20, 0), (2, 30), (2, 70), (24, 100), (52, 84), (60, 46), (46, 10), (22, 10)]]]),
    (1, [[[(10, 0), (10, 100)]]]),
    (1, [[[(0, 28), (12, 16), (24, 0)], [(24, 0), (24, 100)]]]),
    (1, [[[(0, 45), (30, 0)], [(30, 0), (30, 100)]]]),
    (1, [[[(0, 28), (24, 0)], [(24, 0), (24, 100)]], [[(4, 100), (44, 100)]]]),
    (1, [[[(0, 20), (24, 0)], [(24, 0), (24, 100)], [(24, 100), (0, 100)], [(0, 100), (50, 98)]]]),
    (1, [[[(10, 0), (10, 100)]], [[(-10, 100), (30, 100)]]]),
    (1, [[[(0, 60), (36, 0)], [(36, 0), (32, 100)]]]),
    (1, [[[(0, 16), (10, 6), (24, 2), (30, 10), (28, 100)]]]),
    (2, [[[(2, 22), (14, 4), (38, 0), (54, 18), (44, 48), (2, 98)], [(2, 98), (60, 98)]]]),
    (2, [[[(2, 22), (26, 0), (52, 16), (46, 46), (20, 84), (2, 94), (2, 82), (16, 80), (36, 96), (62, 92)]]]),
    (2, [[[(0, 4), (56, 4)], [(56, 4), (0, 96)], [(0, 96), (60, 96)]]]),
    (2, [[[(0, 12), (26, 0), (50, 10), (52, 36), (30, 66), (0, 100)], [(0, 100), (26, 92), (60, 100)]]]),
    (3, [[[(2, 12), (24, 0), (50, 12), (46, 36), (22, 46)], [(22, 46), (54, 56), (56, 84), (28, 100), (0, 90)]]]),
    (3, [[[(2, 2), (54, 2)], [(54, 2), (24, 40)], [(24, 40), (50, 46), (56, 76), (34, 100), (0, 92)]]]),
    (3, [[[(4, 10), (30, 0), (52, 18), (38, 44), (22, 46), (26, 38), (46, 52), (58, 76), (36, 100), (2, 90)]]]),
    (3, [[[(2, 8), (28, 2), (46, 14), (20, 42)], [(20, 42), (50, 50), (54, 78), (38, 108), (4, 104)]]]),
    (4, [[[(14, 0), (2, 56)], [(2, 56), (60, 56)]], [[(42, 14), (40, 100)]]]),
    (4, [[[(42, 0), (0, 66)], [(0, 66), (62, 66)]], [[(42, 0), (42, 100)]]]),
    (4, [[[(40, 100), (42, 0)], [(42, 0), (0, 66)], [(0, 66), (60, 66)]]]),
    (4, [[[(30, 0), (0, 66)], [(0, 66), (60, 62)]], [[(40, 40), (30, 100)]]]),
    (4, [[[(6, 0), (4, 34), (16, 48), (44, 44)]], [[(50, 0), (46, 50), (44, 100)]]]),
    (4, [[[(16, 0), (6, 44)], [(6, 44), (50, 44)], [(50, 44), (50, 2)], [(50, 2), (48, 100)]]]),
    (4, [[[(24, 0), (0, 60)], [(0, 60), (56, 56)]], [[(36, 34), (34, 92)]]]),
    (4, [[[(34, 0), (2, 54)], [(2, 54), (44, 48)], [(44, 48), (26, 100)]]]),
    (5, [[[(8, 2), (4, 42)], [(4, 42), (30, 34), (54, 54), (50, 86), (24, 100), (0, 90)]], [[(8, 2), (54, 0)]]]),
    (5, [[[(10, 14), (6, 46)], [(6, 46), (32, 40), (54, 60), (46, 90), (20, 100), (0, 92)]], [[(16, -2), (60, -6)]]]),
    (5, [[[(54, 0), (8, 2)], [(8, 2), (4, 42)], [(4, 42), (32, 36), (56, 60), (46, 90), (0, 96)]]]),
    (5, [[[(56, 4), (26, 0), (8, 20), (20, 42), (46, 56), (50, 82), (28, 100), (0, 92)]]]),
    (5, [[[(54, 2), (10, 2)], [(10, 2), (14, 40), (44, 50), (54, 76), (30, 100), (0, 96)]]]),
    (6, [[[(46, 0), (18, 22), (2, 62), (14, 96), (42, 98), (54, 76), (42, 56), (18, 58), (4, 76)]]]),
    (6, [[[(30, 0), (8, 40), (4, 80), (24, 100), (48, 88), (48, 66), (28, 56), (6, 72)]]]),
    (6, [[[(54, 8), (36, 0), (10, 26), (0, 64), (16, 98), (46, 94), (54, 70), (36, 54), (10, 66)]]]),
    (6, [[[(12, 0), (4, 50), (6, 90), (30, 100), (50, 84), (38, 64), (8, 76)]]]),
    (7, [[[(0, 2), (56, 2)], [(56, 2), (20, 100)]]]),
    (7, [[[(0, 2), (56, 2)], [(56, 2), (20, 100)]], [[(14, 50), (58, 46)]]]),
    (7, [[[(0, 16), (2, 2)], [(2, 2), (58, 2)], [(58, 2), (34, 42), (24, 100)]]]),
    (7, [[[(0, 16), (4, 2)], [(4, 2), (58, 2)], [(58, 2), (34, 42), (24, 100)]], [[(10, 52), (56, 50)]]]),
    (7, [[[(0, 10), (14, 2), (30, 8), (58, 0)], [(58, 0), (30, 50), (20, 100)]], [[(8, 54), (52, 46)]]]),
    (7, [[[(0, 4), (40, 4), (54, 16), (40, 60), (34, 100)]]]),
    (
        8,
        [
            [
                [
                    (48, 10),
                    (26, 0),
                    (6, 18),
                    (22, 42),
                    (48, 60),
                    (54, 84),
                    (28, 100),
                    (4, 84),
                    (14, 58),
                    (42, 38),
                    (48, 14),
                ]
            ]
        ],
    ),
    (8, [[[(28, 0), (8, 20), (28, 46), (48, 22), (28, 0)]], [[(28, 46), (2, 74), (28, 100), (54, 74), (28, 46)]]]),
    (8, [[[(54, 4), (28, 0), (8, 20), (44, 60), (50, 84), (26, 100), (6, 82), (30, 48), (58, 8)]]]),
    (8, [[[(14, 46), (2, 74), (26, 100), (52, 78), (40, 52), (12, 30), (18, 4), (44, 6), (42, 30), (16, 48)]]]),
    (9, [[[(48, 14), (28, 0), (4, 18), (10, 44), (34, 44), (50, 14)], [(50, 14), (46, 100)]]]),
    (
        9,
        [
            [
                [(46, 12), (24, 0), (2, 20), (12, 44), (38, 38), (50, 8)],
                [(50, 8), (52, 70), (40, 96), (14, 100), (0, 88)],
            ]
        ],
    ),
    (9, [[[(48, 14), (24, 0), (2, 24), (20, 46), (44, 30), (52, 10), (50, 50), (28, 100)]]]),
    (9, [[[(50, 6), (20, 2), (2, 26), (22, 46), (46, 24)], [(50, 6), (50, 64), (34, 104), (2, 96)]]]),
    (9, [[[(30, 46), (4, 38), (6, 10), (32, 0), (50, 20), (48, 60), (34, 92), (6, 100)]]]),
    (9, [[[(46, 8), (20, 0), (2, 22), (16, 44), (44, 32)]], [[(48, 4), (46, 100)]]]),
]


def draw_digit(random: np.random.Generator) -> tuple[int, list[Points]]:
    """A digit in one of the styles, and its label: each point moved a little, so that no two drawings are the same."""
    label = int(random.integers(10))
    templates = [template for digit, template in TEMPLATES if digit == label]
    template = templates[random.integers(len(templates))]
    width = np.exp(random.normal(0, 0.2))
    return label, [draw_stroke(stroke, random) * (width, 1) for stroke in template]


def draw_stroke(stroke: list[Curve], random: np.random.Generator) -> Points:
    """The points along one stroke, float64 [points, 2]. Curves that met in a corner still do."""
    moved = [np.array(curve) + random.normal(0, 3.5, (len(curve), 2)) for curve in stroke]
    for before, after in pairwise(moved):
        after[0] = before[-1]
    return np.concatenate([smooth(points) for points in moved]) + random.normal(0, 1.5, 2)


def smooth(points: Points) -> Points:
    """The curve through the points: float64 [n, 2] -> float64 [(n - 1) * 6 + 1, 2].

    After E. Catmull, R. Rom, "A Class of Local Interpolating Splines", 1974; the uniform kind.
    """
    padded = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    t = (np.arange(6) / 6)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
    ]
    return np.concatenate([*pieces, points[-1:]])


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
