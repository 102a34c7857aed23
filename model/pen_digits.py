"""Pen digits: real handwriting as strokes, and pictures of it as the drawing canvas would send them."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

CANVAS = 280
# Drawn this much larger and then averaged down: Pillow's lines have hard edges, a browser's do not.
OVERSAMPLING = 4

Points = npt.NDArray[np.float64]


class PenDigit(NamedTuple):
    """One digit that somebody wrote."""

    label: int
    source: str  # where it was collected
    strokes: list[Points]  # each [points, 2]: x and y, y grows downward, the longer side spans 0 to 1000


def read_pen_digits(path: Path) -> Iterator[PenDigit]:
    """The digits in a gzipped file of one JSON object a line."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            digit = json.loads(line)
            strokes = [np.asarray(stroke, dtype=np.float64) for stroke in digit["strokes"]]
            yield PenDigit(digit["label"], digit["source"], strokes)


def draw_at_random(strokes: list[Points], random: np.random.Generator) -> npt.NDArray[np.uint8]:
    """The picture of a digit as a visitor might draw it: uint8 [280, 280, 4], white ink on black.

    The longer side, ink included, takes 45 to 80 % of the canvas, the pen is 14 to 22 pixels wide, and the digit lies
    off the middle by up to 60 % of the space that is free on that side.
    """
    points = np.concatenate(strokes)
    lowest, highest = points.min(axis=0), points.max(axis=0)
    side = random.uniform(0.45, 0.80) * CANVAS
    pen = random.uniform(14, 22)
    scale = (side - pen) / max(highest - lowest)
    extent = (highest - lowest) * scale + pen
    middle = CANVAS / 2 + random.uniform(-0.6, 0.6, size=2) * (CANVAS - extent) / 2
    return draw([(stroke - (lowest + highest) / 2) * scale + middle for stroke in strokes], pen)


def draw(strokes: list[Points], pen: float) -> npt.NDArray[np.uint8]:
    """Strokes in canvas pixels, drawn with a round pen: uint8 [280, 280, 4], white ink on black."""
    picture = Image.new("L", (CANVAS * OVERSAMPLING, CANVAS * OVERSAMPLING))
    brush = ImageDraw.Draw(picture)
    width, radius = round(pen * OVERSAMPLING), pen * OVERSAMPLING / 2
    for stroke in strokes:
        points = [(float(x), float(y)) for x, y in stroke * OVERSAMPLING]
        brush.line(points, fill=255, width=width)
        for point in points:  # round joints and ends
            brush.circle(point, radius, fill=255)
    ink = picture.reduce(OVERSAMPLING)
    return np.asarray(Image.merge("RGBA", (ink, ink, ink, Image.new("L", ink.size, 255))))
