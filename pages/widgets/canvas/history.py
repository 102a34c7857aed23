"""The drawing of a session, and the drawings that were on the canvas before it."""

import secrets
from typing import Any

import numpy as np
import numpy.typing as npt

from model.files.strokes import Stroke, check_move_count
from model.preprocessing import Steps, preprocessing_steps
from pages.widgets.canvas.drawing import Drawing, canvas_shapes, decode_picture, parse_drawing

MAX_DRAWINGS = 100  # drawings
# Moves of the pen in all of them, which share their strokes; and strokes, however often shared.
MAX_REMEMBERED = 50_000

Strokes = tuple[Stroke, ...]


class Sketchbook:
    """The drawing of one session.

    The browser owns what is on the canvas, and the history of what was drawn there: undo, redo and clear do not wait
    for the server. It is given a drawing, the seed, only when the canvas appears or is to show another drawing. With
    each seed its history starts anew, so what came before is remembered here: past and future.
    """

    def __init__(self) -> None:
        self.drawing = Drawing()
        self.pixels: npt.NDArray[np.uint8] | None = None  # [28, 28], what networks see; None where it is blank
        self.is_pristine = True  # whether nothing was ever drawn in this session
        self.past: list[Strokes] = []
        self.future: list[Strokes] = []
        self._received: tuple[Any, Any] | None = None
        self._fullest: Strokes = ()  # with what undo has taken off the canvas, and redo would bring back
        self._sow()

    def steps(self) -> Steps | None:
        """Make the pictures on the way to the pixels anew; None where there is no picture.

        The browser's takes a tenth of their room, and most visitors never look at them.
        """
        return preprocessing_steps(decode_picture(self.drawing.png)) if self.drawing.png else None

    def receive(self, canvas_json: Any, png_url: Any) -> None:
        """Take what the browser says is on the canvas; what it has said before is no news.

        Raises DrawingError for what no honest canvas sends.
        """
        if png_url is None or (canvas_json, png_url) == self._received:
            return
        drawing = parse_drawing(canvas_json, png_url)
        steps = preprocessing_steps(decode_picture(drawing.png))
        self._received = canvas_json, png_url
        if canvas_json.get("overlay") not in (None, self.mark):
            self._reconcile(drawing.strokes)
            return
        known = {stroke: stroke for stroke in self._fullest}
        strokes = tuple(known.get(stroke, stroke) for stroke in drawing.strokes)
        if strokes != self._fullest[: len(strokes)]:  # neither undone nor redone, but drawn
            if not self._seeded and self._fullest[:1] not in ((), strokes[:1]):
                self._remember(self._fullest)  # the canvas was cleared first, and its own history ends there
            self._fullest, self.future, self.is_pristine = strokes, [], False
        self.drawing, self.pixels = Drawing(strokes, drawing.png), steps.centred if steps else None

    def reseed(self) -> None:
        """Have the canvas, which has lost its history, show the drawing."""
        strokes, fullest = self.drawing.strokes, self._fullest
        if strokes or not fullest:
            self._remember(*(strokes[:count] for count in self._counts(strokes)))
            self.future += [fullest[:count] for count in range(len(fullest), len(strokes), -1)]
        else:  # it was cleared
            self._remember(fullest)
        self._sow()

    def undo(self) -> None:
        """Go back to what was on the canvas before its seed. Like redo and clear, it always gives a seed: the browser
        waits for one.
        """
        if self.past:
            self.future.append(self._fullest)
            self._show(self.past.pop())
        else:
            self.reseed()

    def redo(self) -> None:
        """Take the last undo back."""
        if self.future:
            self._remember(self.drawing.strokes)
            self._show(self.future.pop())
        else:
            self.reseed()

    def clear(self) -> None:
        """Start again with an empty canvas; undo brings the drawing back."""
        if self.drawing.strokes:
            self.replace(())
        else:
            self.reseed()

    def replace(self, strokes: Strokes) -> None:
        """Put other strokes on the canvas; undo brings the drawing back. Their picture comes from the canvas."""
        self.reseed()
        self._remember(self.drawing.strokes)
        self.future = []
        self._show(strokes)

    def restore(self, strokes: Strokes) -> None:
        """Go on with a drawing from before this session began. Its picture comes when the canvas shows it."""
        self._remember(*(strokes[:count] for count in self._counts(strokes)))
        self._show(strokes)

    def _reconcile(self, strokes: Strokes) -> None:
        """Take a state of a canvas that has yet to show the latest seed: a stroke has crossed it on the way, or the
        server has started again. The strokes that nobody has seen yet go on top.
        """
        known = {stroke for drawing in (*self.past, self._fullest, *self.future) for stroke in drawing}
        drawn = tuple(stroke for stroke in strokes if stroke not in known)
        if drawn:
            both = self.drawing.strokes + drawn
            check_move_count(both)
            self.replace(both)

    def _counts(self, strokes: Strokes) -> range:
        """How many strokes the drawings had that led from the seed to this one, of the latest of them."""
        return range(max(self._seeded, len(strokes) - MAX_DRAWINGS), len(strokes))

    def _remember(self, *drawings: Strokes) -> None:
        """Put drawings into the past, and let go of the oldest where it holds too much."""
        self.past += drawings
        seen: set[int] = set()  # by identity: a stroke's hash would go through all of its moves
        strokes = moves = kept = 0
        for drawing in reversed(self.past[-MAX_DRAWINGS:]):
            new = {id(stroke): len(stroke.path) for stroke in drawing if id(stroke) not in seen}
            strokes, moves = strokes + len(drawing), moves + sum(new.values())
            if max(strokes, moves) > MAX_REMEMBERED:
                break
            seen |= new.keys()
            kept += 1
        del self.past[: len(self.past) - kept]

    def _show(self, strokes: Strokes) -> None:
        self.drawing, self.pixels, self.is_pristine = Drawing(strokes), None, False
        self._sow()

    def _sow(self) -> None:
        """Give the canvas its drawing.

        The seed carries a mark, so that the canvas takes it even where its drawing is the one of an earlier seed, and
        so that every later state of the canvas tells which seed it grew from. An overlay that is fully transparent is
        what a canvas hands back unchanged and shows nothing of.
        """
        red, green, blue = secrets.token_bytes(3)
        self.mark = f"rgba({red}, {green}, {blue}, 0)"
        self.seed = {"objects": canvas_shapes(self.drawing.strokes), "overlay": self.mark}
        self._seeded = len(self.drawing.strokes)
        self._fullest = self.drawing.strokes
