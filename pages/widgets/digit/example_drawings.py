"""Drawings that experiments put on the canvas. tests/app/test_experiments.py checks what networks read in them."""

import math

from model.files.strokes import Stroke
from pages.widgets.canvas.drawing import Point

Points = list[Point]


def stroke(points: Points, pen: float = 20) -> Stroke:
    """Return a stroke of straight lines through these points, in canvas pixels."""
    (x, y), *rest = ((round(x, 1), round(y, 1)) for x, y in points)
    return Stroke(pen, (("M", x, y), *(("L", x, y) for x, y in rest)))


def arc(x: float, y: float, across: float, down: float, start: float, end: float) -> Points:
    """Return points on an arc of an ellipse around (x, y), clockwise. start, end: in degrees, 0 is up."""
    turns = [math.radians(start + (end - start) * i / 24) for i in range(25)]
    return [(x + across * math.sin(turn), y - down * math.cos(turn)) for turn in turns]


def slanted(points: Points) -> Points:
    """Return the points slanted to the right by 45 degrees, still on the canvas."""
    return [(x + 130 - y, y) for x, y in points]


SLASHED_ZERO = (stroke(arc(140, 140, 55, 90, 0, 360)), stroke([(205, 40), (75, 240)]))
LETTER_A = (stroke([(70, 235), (140, 45), (210, 235)]), stroke([(100, 165), (180, 165)]))
SMALL_THREE = (stroke(arc(52, 50, 18, 16, -60, 180) + arc(52, 84, 20, 18, 0, 235), pen=10),)
FOUR_OR_NINE = (
    stroke([(115, 55), (90, 100), (100, 130), (170, 130)]),
    stroke([(149.5, 55), (175, 70), (168, 235)]),
)
SLANTED_FIVE = (stroke(slanted([(185, 55), (105, 55), (100, 125)]) + slanted(arc(135, 170, 45, 50, -40, 220))),)
LONG_TAILED_NINE = (stroke([*arc(150, 95, 45, 45, 90, 450), (195, 95), (190, 200), (150, 235), (40, 225)]),)
