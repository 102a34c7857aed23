"""Pen digits: real handwriting as strokes, and pictures of it as the drawing canvas would send them."""

import gzip
import json
import zlib
from pathlib import Path
from typing import Any, NamedTuple

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
    writer: str
    strokes: list[Points]  # each [points, 2]: x and y, y grows downward, the longer side spans 0 to 1000


class PenDigitsError(Exception):
    """A file is not one of pen digits; the message is one sentence: what happened, and what to do."""


def read_pen_digits(path: Path) -> list[PenDigit]:
    """The digits in a gzipped file of one JSON object a line. Raises PenDigitsError."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            return [_read_pen_digit(json.loads(line)) for line in lines]
    except (OSError, EOFError, zlib.error, ValueError, TypeError, KeyError) as error:
        raise PenDigitsError(
            f"{path} cannot be read ({type(error).__name__}): give a gzipped file with a JSON object a line, "
            "each with label, source, writer and strokes."
        ) from error


def _read_pen_digit(line: dict[str, Any]) -> PenDigit:
    strokes = [np.asarray(stroke, dtype=np.float64).reshape(-1, 2) for stroke in line["strokes"]]
    return PenDigit(line["label"], line["source"], line["writer"], strokes)


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
    enlarged = [stroke * OVERSAMPLING for stroke in strokes]
    ink = draw_ink(enlarged, pen * OVERSAMPLING, CANVAS * OVERSAMPLING).reduce(OVERSAMPLING)
    return np.asarray(Image.merge("RGBA", (ink, ink, ink, Image.new("L", ink.size, 255))))


def draw_ink(strokes: list[Points], pen: float, side: int) -> Image.Image:
    """Strokes in pixels, drawn with a round pen and hard edges: a square greyscale picture (mode L), 255 is ink."""
    picture = Image.new("L", (side, side))
    brush = ImageDraw.Draw(picture)
    for stroke in strokes:
        points = [(float(x), float(y)) for x, y in stroke]
        brush.line(points, fill=255, width=round(pen))
        for point in points:  # round joints and ends
            brush.circle(point, pen / 2, fill=255)
    return picture
