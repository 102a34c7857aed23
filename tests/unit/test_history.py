"""The session's drawing: strokes that come in, what was there before, and a browser that answers late."""

import json
from typing import Any

import pytest

from model.files.strokes import Stroke
from pages.widgets.canvas.drawing import parse_drawing
from pages.widgets.canvas.history import MAX_REMEMBERED, DrawingHistory
from tests.canvas_states import data_url, path


class Browser:
    """What the canvas in a browser does with a seed and with strokes."""

    def __init__(self, history: DrawingHistory) -> None:
        self.history = history
        self.take_seed()

    def take_seed(self) -> None:
        self.overlay = self.history.seed["overlay"]
        self.xs = [shape["path"][0][1] for shape in json.loads(json.dumps(self.history.seed["objects"]))]

    def state(self) -> tuple[dict[str, Any], str]:
        return {"objects": [path(x) for x in self.xs], "overlay": self.overlay}, data_url(*self.xs)

    def draw(self, *xs: float) -> None:
        for x in xs:
            self.xs.append(x)
            self.send()

    def undo(self, steps: int = 1) -> None:
        """With the canvas' own history."""
        del self.xs[-steps:]
        self.send()

    def show(self) -> None:
        """Take the latest seed, and send its picture."""
        self.take_seed()
        self.send()

    def send(self) -> None:
        self.history.receive(*self.state())


def strokes(*xs: float) -> tuple[Stroke, ...]:
    return parse_drawing({"objects": [path(x) for x in xs]}, data_url()).strokes


@pytest.fixture
def history() -> DrawingHistory:
    return DrawingHistory()


@pytest.fixture
def browser(history: DrawingHistory) -> Browser:
    return Browser(history)


def test_stroke_is_received_with_its_picture(history: DrawingHistory, browser: Browser) -> None:
    assert history.is_pristine
    browser.draw(140)
    assert history.drawing.strokes == strokes(140)
    assert history.pixels is not None
    assert history.pixels.shape == (28, 28)
    assert not history.is_pristine


def test_seed_stays_the_same_while_drawing(history: DrawingHistory, browser: Browser) -> None:
    seed = history.seed
    browser.draw(100)
    browser.draw(140)
    assert history.seed is seed


def seen(history: DrawingHistory, *steps: str) -> list[tuple[Stroke, ...]]:
    """What is on the canvas after each of these steps."""
    shown = []
    for step in steps:
        getattr(history, step)()
        shown.append(history.drawing.strokes)
    return shown


def test_undo_and_redo_by_the_canvas_keep_its_seed(history: DrawingHistory, browser: Browser) -> None:
    seed = history.seed
    browser.draw(100, 140)
    browser.undo()
    assert history.drawing.strokes == strokes(100)
    browser.draw(140)
    assert history.drawing.strokes == strokes(100, 140)
    browser.undo(2)
    assert (history.drawing.strokes, history.pixels) == ((), None)
    assert not history.is_pristine
    assert history.seed is seed
    assert (history.past, history.future) == ([], [])


def test_drawing_after_clear_can_be_undone_to_the_drawing_before(history: DrawingHistory, browser: Browser) -> None:
    browser.draw(100, 140)
    browser.undo(2)  # as Clear does
    browser.draw(180)
    browser.undo()
    assert seen(history, "undo", "redo", "undo") == [strokes(100, 140), strokes(180), strokes(100, 140)]


def test_clear_unknown_to_the_server_can_be_undone(history: DrawingHistory, browser: Browser) -> None:
    browser.draw(100, 140)
    browser.xs.clear()
    browser.draw(180)
    assert history.drawing.strokes == strokes(180)
    assert seen(history, "undo") == [strokes(100, 140)]


def test_stroke_after_undo_empties_the_future(history: DrawingHistory, browser: Browser) -> None:
    browser.draw(100, 140)
    browser.undo()
    browser.draw(180)
    history.reseed()
    assert seen(history, "redo", "undo", "undo") == [strokes(100, 180), strokes(100), ()]


def test_undo_and_redo_continue_after_reseeding(history: DrawingHistory, browser: Browser) -> None:
    """On another page, for one."""
    browser.draw(100, 140, 180, 220)
    browser.undo(2)
    history.reseed()
    browser.show()
    history.reseed()
    steps = ("redo", "redo", "redo", "undo", "undo", "undo", "undo", "undo")
    counts = [len(each) for each in seen(history, *steps)]
    assert counts == [3, 4, 4, 3, 2, 1, 0, 0]


def test_clear_can_be_undone_on_another_page(history: DrawingHistory, browser: Browser) -> None:
    browser.draw(100, 140)
    browser.undo(2)
    history.reseed()
    assert seen(history, "undo") == [strokes(100, 140)]


def test_clear_by_the_server_can_be_undone(history: DrawingHistory, browser: Browser) -> None:
    browser.draw(100, 140)
    assert seen(history, "clear", "clear", "undo", "undo") == [(), (), strokes(100, 140), strokes(100)]
    assert (history.drawing.png, history.pixels) == (b"", None)
    browser.show()
    assert history.pixels is not None


def test_each_seed_differs_from_the_last(history: DrawingHistory) -> None:
    seeds = []
    for _ in range(10):
        history.clear()
        seeds.append(json.dumps(history.seed))
    assert len(set(seeds)) == 10


def test_echo_of_an_older_seed_changes_nothing(history: DrawingHistory, browser: Browser) -> None:
    browser.draw(100, 140)
    history.reseed()
    history.undo()
    browser.take_seed()
    history.undo()  # before the canvas has answered
    browser.send()
    assert history.drawing.strokes == ()
    browser.show()
    assert (history.drawing.strokes, len(history.past), len(history.future)) == ((), 0, 2)


def test_stroke_drawn_during_undo_is_kept(history: DrawingHistory, browser: Browser) -> None:
    browser.draw(100, 140)
    history.reseed()
    history.undo()
    browser.draw(180)  # still on top of both strokes
    assert history.drawing.strokes == strokes(100, 180)
    browser.take_seed()
    browser.send()
    assert history.drawing.strokes == strokes(100, 180)
    assert history.pixels is not None
    history.undo()
    assert history.drawing.strokes == strokes(100)


def test_remounted_canvas_gets_its_drawing_back(history: DrawingHistory, browser: Browser) -> None:
    browser.draw(100, 140)
    history.reseed()  # which the browser asks for
    browser.show()
    assert history.drawing.strokes == strokes(100, 140)
    assert history.pixels is not None
    assert seen(history, "undo", "undo") == [strokes(100), ()]


def test_new_server_takes_the_drawing_from_the_canvas(browser: Browser) -> None:
    browser.draw(100)
    browser.history = new = DrawingHistory()
    browser.send()
    assert new.drawing.strokes == strokes(100)
    emptied = {"objects": [], "overlay": browser.overlay}  # the new server's first seed, on its way meanwhile
    new.receive(emptied, data_url())
    browser.take_seed()
    browser.send()
    assert new.drawing.strokes == strokes(100)
    assert new.pixels is not None


def test_restored_drawing_can_be_undone_stroke_by_stroke(history: DrawingHistory) -> None:
    history.restore(strokes(100, 140))
    assert (history.drawing.strokes, history.pixels) == (strokes(100, 140), None)
    Browser(history).send()
    assert history.pixels is not None
    history.undo()
    assert history.drawing.strokes == strokes(100)


def test_repeated_state_changes_nothing(history: DrawingHistory, browser: Browser) -> None:
    browser.draw(100)
    pixels = history.pixels
    browser.send()
    assert history.pixels is pixels


def test_history_is_bounded(history: DrawingHistory) -> None:
    for count in range(250):
        history.replace(strokes(1 + count / 100))
    assert len(history.past) == 100
    assert history.past[-1] == strokes(1 + 248 / 100)


def test_replacement_can_be_undone_and_drawn_over(history: DrawingHistory, browser: Browser) -> None:
    browser.draw(100)
    history.replace(strokes(140))
    browser.show()
    assert history.drawing.strokes == strokes(140)
    browser.draw(180)
    assert history.drawing.strokes == strokes(140, 180)
    browser.undo()
    assert seen(history, "undo") == [strokes(100)]


def test_long_drawings_leave_less_history(history: DrawingHistory) -> None:
    moves = MAX_REMEMBERED // 3
    for count in range(6):
        history.replace((Stroke(20, (("L", count, 0),) * moves),))
    assert len(history.past) == 3


def test_drawings_share_their_strokes(history: DrawingHistory, browser: Browser) -> None:
    browser.draw(100)
    first = history.drawing.strokes[0]
    browser.draw(140)
    assert history.drawing.strokes[0] is first


def test_restoring_many_strokes_makes_few_copies(history: DrawingHistory) -> None:
    many = strokes(100) * 300
    history.restore(many)
    assert len(history.past) == 100
    assert history.past[-1] == many[:-1]
    most = many * 50
    history.restore(most)
    assert [len(drawing) for drawing in history.past] == [14_997, 14_998, 14_999], "going through them takes time"


def test_stroke_returns_to_the_canvas_unchanged(history: DrawingHistory) -> None:
    state = {"objects": [path(100.123456, width=13), path(140)], "overlay": history.seed["overlay"]}
    history.receive(state, data_url(100, 140))
    history.reseed()
    again = json.loads(json.dumps(history.seed))
    assert parse_drawing(again, data_url()).strokes == parse_drawing(state, data_url()).strokes
