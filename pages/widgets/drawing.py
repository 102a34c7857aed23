"""The drawing of a session: what the browser sent, checked, and what was there before it.

Everything that comes from a browser is hostile until it is checked here: sizes are bounded before anything is
decoded, and only freehand strokes of finite numbers pass.
"""

import base64
import io
import math
import secrets
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from model.mnist_format import Steps, preprocessing_steps

CANVAS = 280  # the canvas' side in pixels, and the unit of every stroke's coordinates
PEN_COLOUR = "#ffffff"
LARGEST_PICTURE = 4 * CANVAS
MOST_NUMBERS = 100_000  # in all strokes together: twenty minutes of scribbling
LONGEST_HISTORY = 100

# How many numbers follow each of the letters that a freehand path is made of: move, line, quadratic curve.
PATH_NUMBERS = {"M": 2, "L": 2, "Q": 4}

Command = tuple[str | float, ...]


class Stroke(NamedTuple):
    """One line that the pen drew without being lifted."""

    width: float  # of the pen, in canvas pixels
    path: tuple[Command, ...]  # ("M", x, y), ("Q", x1, y1, x, y), ("L", x, y) in canvas pixels


class Drawing(NamedTuple):
    """What is on the canvas."""

    strokes: tuple[Stroke, ...] = ()
    png: bytes = b""  # as the browser rendered it


def read_strokes(canvas_json: Any) -> tuple[Stroke, ...]:
    """The freehand strokes in the canvas' JSON. Raises ValueError, TypeError or KeyError for what no canvas sends."""
    paths = [shape for shape in canvas_json["objects"] if shape["type"] == "Path"]
    if sum(len(command) for path in paths for command in path["path"]) > MOST_NUMBERS:
        raise ValueError("too many points")
    return tuple(read_stroke(path["strokeWidth"], path["path"]) for path in paths)


def read_stroke(width: Any, path: Any) -> Stroke:
    """A checked stroke. Raises ValueError, TypeError or KeyError for anything else."""
    commands = []
    for letter, *numbers in path:
        if len(numbers) != PATH_NUMBERS[letter]:
            raise ValueError(f"{letter} with {len(numbers)} numbers")
        commands.append((letter, *(coordinate(number) for number in numbers)))
    return Stroke(coordinate(width), tuple(commands))


def coordinate(number: Any) -> float:
    """A number of the size that a canvas deals in."""
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.fabs(number) <= LARGEST_PICTURE:
        raise ValueError("a coordinate that is off the canvas")
    return number


def read_data_url(url: Any) -> bytes:
    """The bytes of a PNG's data URL. Raises ValueError or TypeError for anything else."""
    prefix = "data:image/png;base64,"
    if not isinstance(url, str) or not url.startswith(prefix):
        raise ValueError("not a PNG's data URL")
    return base64.b64decode(url.removeprefix(prefix), validate=True)


def read_picture(png: bytes) -> npt.NDArray[np.uint8]:
    """The canvas' PNG as uint8 [H, W, 4]. Raises ValueError or OSError for anything else, before it is decoded."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
        if max(picture.size) > LARGEST_PICTURE:
            raise ValueError(f"a picture of {picture.size[0]} by {picture.size[1]} pixels")
        return np.asarray(picture.convert("RGBA"))


class Sketchbook:
    """The drawing of one session, with those before it (undo) and those taken back (redo).

    The browser owns what is on the canvas while it is there. It is given a drawing, the seed, only when the canvas
    appears and when the visitor asks for another one: undo, redo, clear, or the tab's own memory after a reload.
    """

    def __init__(self) -> None:
        self.drawing = Drawing()
        self.steps: Steps | None = None  # of the drawing; None where it is blank
        self.past: list[Drawing] = []
        self.future: list[Drawing] = []
        self.reseed()
        self._received: tuple[Any, Any] | None = None

    @property
    def untouched(self) -> bool:
        """Whether nothing was ever drawn in this session."""
        return not (self.drawing.strokes or self.past or self.future)

    def reseed(self) -> None:
        """Have the canvas show the drawing.

        The seed carries a mark, so that the canvas takes it even where its drawing is the one of an earlier seed, and
        so that every later state of the canvas tells which seed it grew from. An overlay that is fully transparent is
        what a canvas hands back unchanged and shows nothing of.
        """
        red, green, blue = secrets.token_bytes(3)
        self._mark = f"rgba({red}, {green}, {blue}, 0)"
        self.seed = {
            "objects": [
                {
                    "type": "Path",
                    "path": stroke.path,
                    "stroke": PEN_COLOUR,
                    "strokeWidth": stroke.width,
                    "strokeLineCap": "round",
                    "strokeLineJoin": "round",
                    "fill": None,
                }
                for stroke in self.drawing.strokes
            ],
            "overlay": self._mark,
        }

    def receive(self, canvas_json: Any, png_url: Any) -> None:
        """Take what the browser says is on the canvas; what it has said before is no news.

        Raises ValueError, TypeError, KeyError or OSError for what no honest canvas sends.
        """
        if png_url is None or (canvas_json, png_url) == self._received:
            return
        drawing = Drawing(read_strokes(canvas_json), read_data_url(png_url))
        steps = preprocessing_steps(read_picture(drawing.png))
        self._received = canvas_json, png_url
        if canvas_json.get("overlay", self._mark) == self._mark:
            if drawing.strokes != self.drawing.strokes:
                self._remember()
            self.drawing, self.steps = drawing, steps
            return
        # The canvas has yet to show the latest seed: an undo has crossed a stroke on the way, or the server has
        # started again. What was drawn in between must not be lost, and goes on top of the seed.
        known = {stroke for before in (*self.past, self.drawing, *self.future) for stroke in before.strokes}
        drawn = tuple(stroke for stroke in drawing.strokes if stroke not in known)
        if drawn:
            self._remember()
            self._show(Drawing(self.drawing.strokes + drawn))

    def undo(self) -> None:
        """Go back by one."""
        if self.past:
            self.future.append(self.drawing)
            self._show(self.past.pop())

    def redo(self) -> None:
        """Take the last undo back."""
        if self.future:
            self.past.append(self.drawing)
            self._show(self.future.pop())

    def clear(self) -> None:
        """Start again with an empty canvas; undo brings the drawing back."""
        if self.drawing.strokes:
            self._remember()
        self._show(Drawing())

    def restore(self, strokes: tuple[Stroke, ...]) -> None:
        """Go on with a drawing from before this session began. Its picture comes when the canvas shows it."""
        self.past = [Drawing(strokes[:count]) for count in range(len(strokes))][-LONGEST_HISTORY:]
        self._show(Drawing(strokes))

    def _remember(self) -> None:
        self.past = [*self.past, self.drawing][-LONGEST_HISTORY:]
        self.future = []

    def _show(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.steps = preprocessing_steps(read_picture(drawing.png)) if drawing.png else None
        self.reseed()
