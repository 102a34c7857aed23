"""A drawing as the browser tells of it, checked.

Everything that comes from a browser is hostile until it has passed here: sizes are bounded before anything is decoded,
and only freehand strokes of finite numbers get through.
"""

import base64
import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from model.whole_number import Line

CANVAS = 280  # the canvas' side in pixels, and the unit of every stroke's coordinates
PEN_COLOUR = "#ffffff"

PLACES = 2  # decimals of a coordinate: on a small screen the canvas sends fifteen, which takes twice the room

# What honest browsers stay far below.
LARGEST = 4 * CANVAS  # a picture's side, and a coordinate
LONGEST_PNG = 100_000  # bytes
LONGEST_KEPT = 1_000_000  # characters: MOST_COMMANDS of the longest ones
LONGEST_REASON = 200  # characters of what the log says of it: it may quote what was sent
MOST_COMMANDS = 20_000  # one for each move of the pen: five minutes without lifting it

# How many numbers follow each of the letters that a freehand path is made of: move, line, quadratic curve.
PATH_NUMBERS = {"M": 2, "L": 2, "Q": 4}

Command = tuple[str | float, ...]
Point = tuple[float, float]


class Stroke(NamedTuple):
    """One line that the pen drew without being lifted."""

    width: float  # of the pen, in canvas pixels
    path: tuple[Command, ...]  # ("M", x, y), ("Q", x1, y1, x, y), ("L", x, y) in canvas pixels


class Drawing(NamedTuple):
    """What is on the canvas."""

    strokes: tuple[Stroke, ...] = ()
    png: bytes = b""  # as the browser rendered it; empty where it has not yet


class DrawingError(Exception):
    """A browser sent what no honest one sends."""


@contextmanager
def refusing() -> Iterator[None]:
    """Turn whatever a hostile value makes the code within raise into a DrawingError, short enough for a log."""
    try:
        yield
    except Exception as error:
        raise DrawingError(f"{type(error).__name__}: {error}"[:LONGEST_REASON]) from None


def read_drawing(canvas_json: Any, png_url: Any) -> Drawing:
    """What the canvas sends: its JSON, and its picture as a data URL. Raises DrawingError."""
    with refusing():
        paths = [shape for shape in canvas_json["objects"] if shape["type"] == "Path"]
        prefix = "data:image/png;base64,"
        if not png_url.startswith(prefix) or len(png_url) > LONGEST_PNG * 4 / 3 + 100:
            raise ValueError("not the data URL of a small PNG")
        png = base64.b64decode(png_url.removeprefix(prefix), validate=True)
        return Drawing(read_strokes([(path["strokeWidth"], path["path"]) for path in paths]), png)


def read_kept(text: Any) -> tuple[Stroke, ...]:
    """What the browser's tab kept: strokes as JSON, the way `json.dumps` writes them. Raises DrawingError."""
    with refusing():
        if len(text) > LONGEST_KEPT:
            raise ValueError("too long")
        return read_strokes(json.loads(text))


def read_picture(png: bytes) -> npt.NDArray[np.uint8]:
    """The canvas' picture as uint8 [H, W, 4]; its size is checked before it is decoded. Raises DrawingError."""
    with refusing(), Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
        if max(picture.size) > LARGEST:
            raise ValueError(f"a picture of {picture.size[0]} by {picture.size[1]} pixels")
        return np.asarray(picture if picture.mode == "RGBA" else picture.convert("RGBA"))


def read_strokes(strokes: list[Any]) -> tuple[Stroke, ...]:
    """Pairs of width and path. Raises one exception or another for anything else."""
    check_length(strokes)
    return tuple(
        Stroke(coordinate(width), tuple([read_command(*command) for command in path])) for width, path in strokes
    )


def check_length(strokes: Iterable[Any]) -> None:
    """Raise DrawingError where pairs of width and path hold more than an honest hand draws."""
    if sum(1 + len(path) for _, path in strokes) > MOST_COMMANDS:
        raise DrawingError("too many moves of the pen")


def read_command(letter: Any, *numbers: Any) -> Command:
    """One move of the pen."""
    if len(numbers) != PATH_NUMBERS[letter]:
        raise ValueError(f"{letter} with {len(numbers)} numbers")
    return letter, *map(coordinate, numbers)


def coordinate(number: Any) -> float:
    """A number of the size that a canvas deals in, and as exact as anybody can see."""
    if isinstance(number, bool) or not isinstance(number, int | float) or not -LARGEST <= number <= LARGEST:
        raise ValueError("a number that is off the canvas")
    return round(number, PLACES)


def as_line(stroke: Stroke) -> Line:
    """The stroke as the points that it goes through, three of each curve."""
    points = [(0.0, 0.0)]
    for _, *numbers in stroke.path:
        x, y = map(float, numbers[::2]), map(float, numbers[1::2])
        *control, end = zip(x, y, strict=True)
        points += [between(points[-1], control[0], end, t) for t in (1 / 3, 2 / 3)] if control else []
        points.append(end)
    return Line(np.array(points[1:], dtype=np.float64), max(1, stroke.width))


def between(start: Point, control: Point, end: Point, t: float) -> Point:
    """The point of a quadratic Bézier curve at t, 0 (start) to 1 (end)."""
    x, y = ((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c for a, b, c in zip(start, control, end, strict=True))
    return x, y


def canvas_shapes(strokes: tuple[Stroke, ...]) -> list[dict[str, Any]]:
    """The strokes as the canvas takes them."""
    return [
        {
            "type": "Path",
            "path": stroke.path,
            "stroke": PEN_COLOUR,
            "strokeWidth": stroke.width,
            "strokeLineCap": "round",
            "strokeLineJoin": "round",
            "fill": None,
        }
        for stroke in strokes
    ]
