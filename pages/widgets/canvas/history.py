"""The drawing of a session, and the drawings that were on the canvas before it."""

import secrets
from typing import Any

import numpy as np
import numpy.typing as npt

from model.files.strokes import Stroke, check_move_count
from model.preprocessing import Steps, preprocessing_steps
from pages.widgets.canvas.drawing import Drawing, canvas_shapes, decode_picture, parse_drawing

MAX_DRAWINGS = 100  # drawings
MAX_REMEMBERED = 50_000  # pen moves in all of their different strokes, and strokes in all of them

Strokes = tuple[Stroke, ...]


class DrawingHistory:
    """The drawing of one session.

    The browser owns what is on the canvas and its history, so that Undo, Redo and Clear do not wait for the server. The
    server sends a drawing, the seed, only when the canvas appears or is to show another drawing. The browser's history
    starts anew with each seed, so this remembers what came before: past and future.
    """

    def __init__(self) -> None:
        self.drawing = Drawing()
        self.pixels: npt.NDArray[np.uint8] | None = None  # [28, 28], what networks see; None for a blank canvas
        self.is_pristine = True  # whether nothing was ever drawn in this session
        self.past: list[Strokes] = []
        self.future: list[Strokes] = []
        self._received: tuple[Any, Any] | None = None
        self._fullest: Strokes = ()  # with the strokes that Undo has removed and Redo would bring back
        self._make_seed()

    def steps(self) -> Steps | None:
        """Compute the pictures between the canvas and the pixels; None without a picture of the canvas.

        They are not stored: the browser's picture takes a tenth of their memory, and most visitors never look at them.
        """
        return preprocessing_steps(decode_picture(self.drawing.png)) if self.drawing.png else None

    def receive(self, canvas_json: Any, png_url: Any) -> None:
        """Take the drawing that the browser says is on the canvas, unless it has said so before.

        Raises DrawingError for a state that no honest canvas sends.
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
        if strokes != self._fullest[: len(strokes)]:  # drawn, not undone or redone
            if not self._seed_length and self._fullest[:1] not in ((), strokes[:1]):
                self._remember(self._fullest)  # the canvas was cleared, which ends its own history
            self._fullest, self.future, self.is_pristine = strokes, [], False
        self.drawing, self.pixels = Drawing(strokes, drawing.png), steps.centred if steps else None

    def reseed(self) -> None:
        """Seed a canvas that has lost its history with the drawing."""
        strokes, fullest = self.drawing.strokes, self._fullest
        if strokes or not fullest:
            self._remember(*(strokes[:count] for count in self._counts(strokes)))
            self.future += [fullest[:count] for count in range(len(fullest), len(strokes), -1)]
        else:  # it was cleared
            self._remember(fullest)
        self._make_seed()

    def undo(self) -> None:
        """Go back to the drawing before the seed. Undo, redo and clear always make a new seed: the browser waits for
        it.
        """
        if self.past:
            self.future.append(self._fullest)
            self._show(self.past.pop())
        else:
            self.reseed()

    def redo(self) -> None:
        """Reverse the last undo."""
        if self.future:
            self._remember(self.drawing.strokes)
            self._show(self.future.pop())
        else:
            self.reseed()

    def clear(self) -> None:
        """Empty the canvas; undo brings the drawing back."""
        if self.drawing.strokes:
            self.replace(())
        else:
            self.reseed()

    def replace(self, strokes: Strokes) -> None:
        """Put other strokes on the canvas, which then sends their picture; undo brings the drawing back."""
        self.reseed()
        self._remember(self.drawing.strokes)
        self.future = []
        self._show(strokes)

    def restore(self, strokes: Strokes) -> None:
        """Continue a drawing from before this session. The canvas sends its picture when it shows it."""
        self._remember(*(strokes[:count] for count in self._counts(strokes)))
        self._show(strokes)

    def _reconcile(self, strokes: Strokes) -> None:
        """Add the new strokes of a canvas that does not show the latest seed yet: its message crossed the seed on the
        way, or the server has started again.
        """
        known = {stroke for drawing in (*self.past, self._fullest, *self.future) for stroke in drawing}
        drawn = tuple(stroke for stroke in strokes if stroke not in known)
        if drawn:
            both = self.drawing.strokes + drawn
            check_move_count(both)
            self.replace(both)

    def _counts(self, strokes: Strokes) -> range:
        """Return the stroke counts of the latest drawings that led from the seed to this one."""
        return range(max(self._seed_length, len(strokes) - MAX_DRAWINGS), len(strokes))

    def _remember(self, *drawings: Strokes) -> None:
        """Add drawings to the past, and forget the oldest ones when it holds too much."""
        self.past += drawings
        seen: set[int] = set()  # by identity: hashing a stroke would read all of its moves
        strokes = moves = remembered = 0
        for drawing in reversed(self.past[-MAX_DRAWINGS:]):
            new = {id(stroke): len(stroke.path) for stroke in drawing if id(stroke) not in seen}
            strokes, moves = strokes + len(drawing), moves + sum(new.values())
            if max(strokes, moves) > MAX_REMEMBERED:
                break
            seen |= new.keys()
            remembered += 1
        del self.past[: len(self.past) - remembered]

    def _show(self, strokes: Strokes) -> None:
        self.drawing, self.pixels, self.is_pristine = Drawing(strokes), None, False
        self._make_seed()

    def _make_seed(self) -> None:
        """Make the drawing the canvas' seed.

        Each seed has a mark of its own: so the canvas loads it even if its drawing equals that of an earlier seed, and
        every later state of the canvas tells which seed it grew from. The mark is a fully transparent overlay, which
        the canvas does not show and sends back unchanged.
        """
        red, green, blue = secrets.token_bytes(3)
        self.mark = f"rgba({red}, {green}, {blue}, 0)"
        self.seed = {"objects": canvas_shapes(self.drawing.strokes), "overlay": self.mark}
        self._seed_length = len(self.drawing.strokes)
        self._fullest = self.drawing.strokes
