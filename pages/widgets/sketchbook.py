"""The drawing of a session, and what was there before it."""

import secrets
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from model.mnist_format import Steps, preprocessing_steps
from pages.widgets.drawing import Drawing, Stroke, canvas_shapes, check_length, read_drawing, read_picture

LONGEST_HISTORY = 100  # drawings
# Moves of the pen in all of them, which share their strokes; and strokes, however often shared.
MOST_REMEMBERED = 50_000
WITH_PICTURE = 3  # the latest of them; when undo gets to an earlier one, the browser is asked for its picture


class Sketchbook:
    """The drawing of one session, with those before it (undo) and those taken back (redo).

    The browser owns what is on the canvas while it is there. It is given a drawing, the seed, only when the canvas
    appears and when the visitor asks for another one: undo, redo, clear, or the tab's own memory after a reload.
    """

    def __init__(self) -> None:
        self.drawing = Drawing()
        self.pixels: npt.NDArray[np.uint8] | None = None  # [28, 28], what networks see; None where it is blank
        self.past: list[Drawing] = []
        self.future: list[Drawing] = []
        self._received: tuple[Any, Any] | None = None
        self.reseed()

    @property
    def untouched(self) -> bool:
        """Whether nothing was ever drawn in this session."""
        return not (self.drawing.strokes or self.past or self.future)

    def steps(self) -> Steps | None:
        """The pictures on the way to the pixels. They are made anew from the browser's, which takes a tenth of their
        room: most visitors never look at them.
        """
        return preprocessing_steps(read_picture(self.drawing.png)) if self.drawing.png else None

    def reseed(self) -> None:
        """Have the canvas show the drawing.

        The seed carries a mark, so that the canvas takes it even where its drawing is the one of an earlier seed, and
        so that every later state of the canvas tells which seed it grew from. An overlay that is fully transparent is
        what a canvas hands back unchanged and shows nothing of.
        """
        red, green, blue = secrets.token_bytes(3)
        self._mark = f"rgba({red}, {green}, {blue}, 0)"
        self.seed = {"objects": canvas_shapes(self.drawing.strokes), "overlay": self._mark}

    def receive(self, canvas_json: Any, png_url: Any) -> None:
        """Take what the browser says is on the canvas; what it has said before is no news.

        Raises DrawingError for what no honest canvas sends.
        """
        if png_url is None or (canvas_json, png_url) == self._received:
            return
        drawing = read_drawing(canvas_json, png_url)
        steps = preprocessing_steps(read_picture(drawing.png))
        self._received = canvas_json, png_url
        overlay = canvas_json.get("overlay")
        if overlay and (overlay != self._mark or not set(self.drawing.strokes) <= set(drawing.strokes)):
            self._reconcile(drawing.strokes, is_latest_seed=overlay == self._mark)
            return
        if drawing.strokes != self.drawing.strokes:
            self._remember()
        known = {stroke: stroke for stroke in self.drawing.strokes}
        strokes = tuple(known.get(stroke, stroke) for stroke in drawing.strokes)
        self.drawing, self.pixels = Drawing(strokes, drawing.png), steps.centred if steps else None

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

    def replace(self, strokes: tuple[Stroke, ...]) -> None:
        """Put other strokes on the canvas; undo brings the drawing back. Their picture comes from the canvas."""
        self._remember()
        self._show(Drawing(strokes))

    def restore(self, strokes: tuple[Stroke, ...]) -> None:
        """Go on with a drawing from before this session began. Its picture comes when the canvas shows it."""
        first = max(0, len(strokes) - LONGEST_HISTORY)
        self.past = [Drawing(strokes[:count]) for count in range(first, len(strokes))]
        self._forget()
        self._show(Drawing(strokes))

    def _reconcile(self, strokes: tuple[Stroke, ...], is_latest_seed: bool) -> None:
        """Take a state of a canvas that does not show the drawing.

        Either it has yet to show the latest seed: an undo has crossed a stroke on the way, or the server has started
        again. Or it shows the latest seed without what was drawn since, which no hand can do: the browser has mounted
        it anew, as it may when reruns follow each other closely. The strokes that nobody has seen yet go on top.
        """
        known = set(each_stroke(*self.past, self.drawing, *self.future))
        drawn = tuple(stroke for stroke in strokes if stroke not in known)
        if drawn:
            both = self.drawing.strokes + drawn
            check_length(both)
            self._remember()
            self._show(Drawing(both))
        elif is_latest_seed:
            self.reseed()

    def _remember(self) -> None:
        """Put the drawing into the past."""
        self.past.append(self.drawing)
        self.future = []
        if len(self.past) > WITH_PICTURE:
            self.past[-WITH_PICTURE - 1] = self.past[-WITH_PICTURE - 1]._replace(png=b"")
        self._forget()

    def _forget(self) -> None:
        """Let go of the oldest drawings where the past holds too much."""
        while (
            len(self.past) > LONGEST_HISTORY
            or sum(len(drawing.strokes) for drawing in self.past) > MOST_REMEMBERED
            or sum(len(stroke.path) for stroke in each_stroke(*self.past)) > MOST_REMEMBERED
        ):
            del self.past[0]

    def _show(self, drawing: Drawing) -> None:
        self.drawing = drawing
        steps = self.steps()
        self.pixels = steps.centred if steps else None
        self.reseed()


def each_stroke(*drawings: Drawing) -> Iterable[Stroke]:
    """The strokes of all drawings, which share them, once each."""
    # By identity: a stroke's hash would go through all of its moves.
    return {id(stroke): stroke for drawing in drawings for stroke in drawing.strokes}.values()
