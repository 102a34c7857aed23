"""A drawing as the browser sends it, checked: its strokes (model/files/strokes.py) and its picture.

Whatever a browser sends is hostile until it has passed here: sizes are bounded before anything is decoded.
"""

import base64
import io
import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from model.files.png import strip_metadata
from model.files.strokes import CANVAS_SIDE, Stroke, as_drawing_error, parse_strokes
from model.multi_digit import Line

PEN_COLOUR = "#ffffff"
MAX_PNG_BYTES = 100_000  # bytes
MAX_PIXELS = 4 * CANVAS_SIDE**2  # the wider canvas has half as many

Point = tuple[float, float]


class Drawing(NamedTuple):
    """What is on the canvas."""

    strokes: tuple[Stroke, ...] = ()
    png: bytes = b""  # as the browser rendered it; empty until it has


def parse_drawing(canvas_json: Any, png_url: Any) -> Drawing:
    """Return the drawing that the canvas sent as JSON and a picture in a data URL. Raises DrawingError."""
    with as_drawing_error():
        paths = [shape for shape in canvas_json["objects"] if shape["type"] == "Path"]
        prefix = "data:image/png;base64,"
        if not png_url.startswith(prefix) or len(png_url) > MAX_PNG_BYTES * 4 / 3 + 100:
            raise ValueError("not the data URL of a small PNG")
        png = base64.b64decode(png_url.removeprefix(prefix), validate=True)
        return Drawing(parse_strokes([(path["strokeWidth"], path["path"]) for path in paths]), png)


def decode_picture(png: bytes) -> npt.NDArray[np.uint8]:
    """Return the canvas' picture as uint8 [H, W, 4]. Raises DrawingError.

    Everything but the pixels is removed, and the size is checked, before anything is decoded.
    """
    with as_drawing_error(), Image.open(io.BytesIO(strip_metadata(png)), formats=["PNG"]) as picture:
        if math.prod(picture.size) > MAX_PIXELS:
            raise ValueError(f"a picture of {picture.size[0]} by {picture.size[1]} pixels")
        return np.asarray(picture if picture.mode == "RGBA" else picture.convert("RGBA"))


def as_line(stroke: Stroke) -> Line:
    """Return the points that the stroke goes through, three for each curve."""
    points = [(0.0, 0.0)]
    for _, *numbers in stroke.path:
        x, y = map(float, numbers[::2]), map(float, numbers[1::2])
        *control, end = zip(x, y, strict=True)
        points += [between(points[-1], control[0], end, t) for t in (1 / 3, 2 / 3)] if control else []
        points.append(end)
    return Line(np.array(points[1:], dtype=np.float64), max(1, stroke.width))


def between(start: Point, control: Point, end: Point, t: float) -> Point:
    """Return the point of a quadratic Bézier curve at t, 0 (start) to 1 (end)."""
    x, y = ((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c for a, b, c in zip(start, control, end, strict=True))
    return x, y


def canvas_shapes(strokes: tuple[Stroke, ...]) -> list[dict[str, Any]]:
    """Return the strokes as the canvas reads them."""
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
