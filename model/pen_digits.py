"""Pen digits: real handwriting as strokes, and pictures of it as the drawing canvas would send them."""

import gzip
import json
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from model.files.strokes import CANVAS_SIDE

# Digits are drawn this much larger and then averaged down: Pillow's lines have hard edges, a browser's do not.
OVERSAMPLING = 4
MIN_SPAN = 1e-6  # less than any drawing spans
FORMAT_HINT = "give a gzipped file with a JSON object on each line, with label, source, writer and strokes."

Points = npt.NDArray[np.float64]


class PenDigit(NamedTuple):
    """One digit that a person wrote."""

    label: int
    source: str  # where it was collected
    writer: str
    strokes: list[Points]  # each [points, 2]: x and y, y grows downward, the longer side spans 0 to 1000


class PenDigitsError(Exception):
    """A file does not hold pen digits. The message says in one sentence what happened and what to do."""


def read_pen_digits(path: Path) -> list[PenDigit]:
    """Read the digits in a gzipped file with a JSON object on each line, at least one. Raises PenDigitsError."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            digits = [parse_pen_digit(json.loads(line)) for line in lines]
    except (OSError, EOFError, zlib.error, ValueError, TypeError, KeyError, RecursionError) as error:
        raise PenDigitsError(f"{path} cannot be read ({type(error).__name__}): {FORMAT_HINT}") from error
    if not digits:
        raise PenDigitsError(f"{path} is empty: {FORMAT_HINT}")
    return digits


def parse_pen_digit(line: dict[str, Any]) -> PenDigit:
    """Return the digit on a line. Raises ValueError, TypeError or KeyError if it does not hold one."""
    strokes = [np.asarray(stroke, dtype=np.float64) for stroke in line["strokes"]]
    if line["label"] not in range(10) or not strokes:
        raise ValueError("no label from 0 to 9, or no strokes")
    if any(stroke.ndim != 2 or stroke.shape[1] != 2 or not np.isfinite(stroke).all() for stroke in strokes):
        raise ValueError("a stroke is no list of [x, y]")
    return PenDigit(int(line["label"]), str(line["source"]), str(line["writer"]), strokes)


def middle_and_span(strokes: list[Points]) -> tuple[Points, Points]:
    """Return the middle of the strokes, float64 [2], and their span in x and y, float64 [2], which is never 0."""
    points = np.concatenate(strokes)
    lowest, highest = points.min(axis=0), points.max(axis=0)
    return (lowest + highest) / 2, np.maximum(highest - lowest, MIN_SPAN)


def draw_at_random(strokes: list[Points], random: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Draw a digit as a visitor might: uint8 [280, 280, 4], white ink on black.

    The longer side, ink included, takes 45 to 80 % of the canvas, the pen is 14 to 22 pixels wide, and the digit lies
    off the middle by up to 60 % of the space that is free on that side.
    """
    return draw(*place_at_random(strokes, random))


def place_at_random(strokes: list[Points], random: np.random.Generator) -> tuple[list[Points], float]:
    """Return the strokes where `draw_at_random` draws them, in canvas pixels, and the pen's width."""
    middle, span = middle_and_span(strokes)
    side = random.uniform(0.45, 0.80) * CANVAS_SIDE
    pen = random.uniform(14, 22)
    scale = (side - pen) / max(span)
    free = CANVAS_SIDE - (span * scale + pen)
    place = CANVAS_SIDE / 2 + random.uniform(-0.6, 0.6, size=2) * free / 2
    return [(stroke - middle) * scale + place for stroke in strokes], pen


def draw(strokes: list[Points], pen: float) -> npt.NDArray[np.uint8]:
    """Draw strokes in canvas pixels with a round pen: uint8 [280, 280, 4], white ink on black."""
    enlarged = [stroke * OVERSAMPLING for stroke in strokes]
    ink = draw_ink(enlarged, pen * OVERSAMPLING, CANVAS_SIDE * OVERSAMPLING).reduce(OVERSAMPLING)
    return np.asarray(Image.merge("RGBA", (ink, ink, ink, Image.new("L", ink.size, 255))))


def draw_ink(strokes: list[Points], pen: float, side: int) -> Image.Image:
    """Draw strokes in pixels with a round pen and hard edges: a square greyscale picture (mode L), 255 is ink."""
    picture = Image.new("L", (side, side))
    brush = ImageDraw.Draw(picture)
    for stroke in strokes:
        points = [(float(x), float(y)) for x, y in stroke]
        brush.line(points, fill=255, width=round(pen))
        for point in points:  # round joints and ends
            brush.circle(point, pen / 2, fill=255)
    return picture
