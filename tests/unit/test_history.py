"""The session's drawing: strokes that come in, what was there before, and a browser that answers late."""

import json
from typing import Any

import pytest

from model.files.strokes import Stroke
from pages.widgets.canvas.drawing import parse_drawing
from pages.widgets.canvas.history import MAX_REMEMBERED, Sketchbook
from tests.canvas_states import data_url, path


class Browser:
    """What the canvas in a browser does with a seed and with strokes."""

    def __init__(self, book: Sketchbook) -> None:
        self.book = book
        self.take_seed()

    def take_seed(self) -> None:
        self.overlay = self.book.seed["overlay"]
        self.xs = [shape["path"][0][1] for shape in json.loads(json.dumps(self.book.seed["objects"]))]

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
        self.book.receive(*self.state())


def strokes(*xs: float) -> tuple[Stroke, ...]:
    return parse_drawing({"objects": [path(x) for x in xs]}, data_url()).strokes


@pytest.fixture
def book() -> Sketchbook:
    return Sketchbook()


@pytest.fixture
def browser(book: Sketchbook) -> Browser:
    return Browser(book)


def test_a_stroke_is_received_with_its_picture(book: Sketchbook, browser: Browser) -> None:
    assert book.is_pristine
    browser.draw(140)
    assert book.drawing.strokes == strokes(140)
    assert book.pixels is not None
    assert book.pixels.shape == (28, 28)
    assert not book.is_pristine


def test_the_seed_does_not_change_while_one_draws(book: Sketchbook, browser: Browser) -> None:
    seed = book.seed
    browser.draw(100)
    browser.draw(140)
    assert book.seed is seed


def seen(book: Sketchbook, *steps: str) -> list[tuple[Stroke, ...]]:
    """What is on the canvas after each of these steps."""
    shown = []
    for step in steps:
        getattr(book, step)()
        shown.append(book.drawing.strokes)
    return shown


def test_what_the_canvas_undoes_and_redoes_by_itself_is_taken_as_it_is(book: Sketchbook, browser: Browser) -> None:
    seed = book.seed
    browser.draw(100, 140)
    browser.undo()
    assert book.drawing.strokes == strokes(100)
    browser.draw(140)
    assert book.drawing.strokes == strokes(100, 140)
    browser.undo(2)
    assert (book.drawing.strokes, book.pixels) == ((), None)
    assert not book.is_pristine
    assert book.seed is seed
    assert (book.past, book.future) == ([], [])


def test_who_draws_anew_after_clear_can_go_back_to_what_was_there_before(book: Sketchbook, browser: Browser) -> None:
    browser.draw(100, 140)
    browser.undo(2)  # as Clear does
    browser.draw(180)
    browser.undo()
    assert seen(book, "undo", "redo", "undo") == [strokes(100, 140), strokes(180), strokes(100, 140)]


def test_who_clears_and_draws_before_the_server_has_heard_of_it_can_go_back_too(
    book: Sketchbook, browser: Browser
) -> None:
    browser.draw(100, 140)
    browser.xs.clear()
    browser.draw(180)
    assert book.drawing.strokes == strokes(180)
    assert seen(book, "undo") == [strokes(100, 140)]


def test_a_stroke_drawn_after_undo_ends_what_could_be_redone(book: Sketchbook, browser: Browser) -> None:
    browser.draw(100, 140)
    browser.undo()
    browser.draw(180)
    book.reseed()
    assert seen(book, "redo", "undo", "undo") == [strokes(100, 180), strokes(100), ()]


def test_undo_and_redo_go_on_where_the_canvas_starts_anew(book: Sketchbook, browser: Browser) -> None:
    """On another page, for one."""
    browser.draw(100, 140, 180, 220)
    browser.undo(2)
    book.reseed()
    browser.show()
    book.reseed()
    steps = ("redo", "redo", "redo", "undo", "undo", "undo", "undo", "undo")
    counts = [len(each) for each in seen(book, *steps)]
    assert counts == [3, 4, 4, 3, 2, 1, 0, 0]


def test_clear_is_undone_on_another_page(book: Sketchbook, browser: Browser) -> None:
    browser.draw(100, 140)
    browser.undo(2)
    book.reseed()
    assert seen(book, "undo") == [strokes(100, 140)]


def test_clear_by_the_server_can_be_undone(book: Sketchbook, browser: Browser) -> None:
    browser.draw(100, 140)
    assert seen(book, "clear", "clear", "undo", "undo") == [(), (), strokes(100, 140), strokes(100)]
    assert (book.drawing.png, book.pixels) == (b"", None)
    browser.show()
    assert book.pixels is not None


def test_each_seed_differs_from_the_last_so_that_the_canvas_takes_it(book: Sketchbook) -> None:
    seeds = []
    for _ in range(10):
        book.clear()
        seeds.append(json.dumps(book.seed))
    assert len(set(seeds)) == 10


def test_an_echo_of_an_older_seed_is_no_new_drawing(book: Sketchbook, browser: Browser) -> None:
    browser.draw(100, 140)
    book.reseed()
    book.undo()
    browser.take_seed()
    book.undo()  # before the canvas has answered
    browser.send()
    assert book.drawing.strokes == ()
    browser.show()
    assert (book.drawing.strokes, len(book.past), len(book.future)) == ((), 0, 2)


def test_a_stroke_drawn_while_undo_was_on_its_way_is_not_lost(book: Sketchbook, browser: Browser) -> None:
    browser.draw(100, 140)
    book.reseed()
    book.undo()
    browser.draw(180)  # still on top of both strokes
    assert book.drawing.strokes == strokes(100, 180)
    browser.take_seed()
    browser.send()
    assert book.drawing.strokes == strokes(100, 180)
    assert book.pixels is not None
    book.undo()
    assert book.drawing.strokes == strokes(100)


def test_a_canvas_that_was_mounted_anew_gets_its_drawing_back(book: Sketchbook, browser: Browser) -> None:
    browser.draw(100, 140)
    book.reseed()  # which the browser asks for
    browser.show()
    assert book.drawing.strokes == strokes(100, 140)
    assert book.pixels is not None
    assert seen(book, "undo", "undo") == [strokes(100), ()]


def test_a_new_server_takes_the_drawing_from_the_canvas(browser: Browser) -> None:
    browser.draw(100)
    browser.book = new = Sketchbook()
    browser.send()
    assert new.drawing.strokes == strokes(100)
    emptied = {"objects": [], "overlay": browser.overlay}  # the new server's first seed, on its way meanwhile
    new.receive(emptied, data_url())
    browser.take_seed()
    browser.send()
    assert new.drawing.strokes == strokes(100)
    assert new.pixels is not None


def test_a_drawing_from_before_can_be_undone_stroke_by_stroke(book: Sketchbook) -> None:
    book.restore(strokes(100, 140))
    assert (book.drawing.strokes, book.pixels) == (strokes(100, 140), None)
    Browser(book).send()
    assert book.pixels is not None
    book.undo()
    assert book.drawing.strokes == strokes(100)


def test_a_state_that_came_before_is_no_news(book: Sketchbook, browser: Browser) -> None:
    browser.draw(100)
    pixels = book.pixels
    browser.send()
    assert book.pixels is pixels


def test_the_history_is_bounded(book: Sketchbook) -> None:
    for count in range(250):
        book.replace(strokes(1 + count / 100))
    assert len(book.past) == 100
    assert book.past[-1] == strokes(1 + 248 / 100)


def test_what_replaces_a_drawing_can_be_undone_and_drawn_over(book: Sketchbook, browser: Browser) -> None:
    browser.draw(100)
    book.replace(strokes(140))
    browser.show()
    assert book.drawing.strokes == strokes(140)
    browser.draw(180)
    assert book.drawing.strokes == strokes(140, 180)
    browser.undo()
    assert seen(book, "undo") == [strokes(100)]


def test_long_drawings_leave_less_history(book: Sketchbook) -> None:
    moves = MAX_REMEMBERED // 3
    for count in range(6):
        book.replace((Stroke(20, (("L", count, 0),) * moves),))
    assert len(book.past) == 3


def test_drawings_share_their_strokes(book: Sketchbook, browser: Browser) -> None:
    browser.draw(100)
    first = book.drawing.strokes[0]
    browser.draw(140)
    assert book.drawing.strokes[0] is first


def test_many_strokes_from_before_are_taken_without_many_copies(book: Sketchbook) -> None:
    many = strokes(100) * 300
    book.restore(many)
    assert len(book.past) == 100
    assert book.past[-1] == many[:-1]
    most = many * 50
    book.restore(most)
    assert [len(drawing) for drawing in book.past] == [14_997, 14_998, 14_999], "going through them takes time"


def test_every_stroke_goes_back_to_the_canvas_as_it_came(book: Sketchbook) -> None:
    state = {"objects": [path(100.123456, width=13), path(140)], "overlay": book.seed["overlay"]}
    book.receive(state, data_url(100, 140))
    book.reseed()
    again = json.loads(json.dumps(book.seed))
    assert parse_drawing(again, data_url()).strokes == parse_drawing(state, data_url()).strokes
