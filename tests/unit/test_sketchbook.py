"""The session's drawing: strokes that come in, undo, redo, clear, and a browser that answers late."""

import json
from typing import Any

import pytest

from pages.widgets.drawing import Drawing, Stroke, read_drawing
from pages.widgets.sketchbook import MOST_REMEMBERED, WITH_PICTURE, Sketchbook
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

    def draw(self, x: float) -> None:
        self.xs.append(x)
        self.send()

    def send(self) -> None:
        self.book.receive(*self.state())


def strokes(*xs: float) -> tuple[Stroke, ...]:
    return read_drawing({"objects": [path(x) for x in xs]}, data_url()).strokes


@pytest.fixture
def book() -> Sketchbook:
    return Sketchbook()


@pytest.fixture
def browser(book: Sketchbook) -> Browser:
    return Browser(book)


def test_a_stroke_is_received_with_its_picture(book: Sketchbook, browser: Browser) -> None:
    assert book.untouched
    browser.draw(140)
    assert book.drawing.strokes == strokes(140)
    assert book.pixels is not None
    assert book.pixels.shape == (28, 28)
    assert not book.untouched


def test_the_seed_does_not_change_while_one_draws(book: Sketchbook, browser: Browser) -> None:
    seed = book.seed
    browser.draw(100)
    browser.draw(140)
    assert book.seed is seed


def test_undo_and_redo_walk_over_the_strokes_and_over_clear(book: Sketchbook, browser: Browser) -> None:
    browser.draw(100)
    browser.draw(140)
    book.clear()
    assert (book.drawing, book.pixels) == (Drawing(), None)
    seen = []
    for step in (book.undo, book.undo, book.undo, book.undo, book.redo, book.redo, book.redo, book.redo):
        step()
        seen.append(book.drawing.strokes)
        assert (book.pixels is None) == (book.drawing.strokes == ())
    one, two = strokes(100), strokes(100, 140)
    assert seen == [two, one, (), (), one, two, (), ()]


def test_a_new_stroke_ends_what_could_be_redone(book: Sketchbook, browser: Browser) -> None:
    browser.draw(100)
    browser.draw(140)
    book.undo()
    browser.take_seed()
    browser.draw(180)
    book.redo()
    assert book.drawing.strokes == strokes(100, 180)


def test_each_seed_differs_from_the_last_so_that_the_canvas_takes_it(book: Sketchbook) -> None:
    seeds = []
    for _ in range(10):
        book.clear()
        seeds.append(json.dumps(book.seed))
    assert len(set(seeds)) == 10


def test_an_echo_of_an_older_seed_is_no_new_drawing(book: Sketchbook, browser: Browser) -> None:
    browser.draw(100)
    browser.draw(140)
    book.undo()
    browser.take_seed()
    book.undo()  # before the canvas has answered
    browser.send()
    assert book.drawing.strokes == ()
    browser.take_seed()
    browser.send()
    assert (book.drawing.strokes, len(book.past), len(book.future)) == ((), 0, 2)


def test_a_stroke_drawn_while_undo_was_on_its_way_is_not_lost(book: Sketchbook, browser: Browser) -> None:
    browser.draw(100)
    browser.draw(140)
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
    browser.draw(100)
    browser.draw(140)
    browser.take_seed()  # the one from the start, which is empty
    browser.send()
    assert book.drawing.strokes == strokes(100, 140)
    browser.take_seed()
    browser.send()
    assert book.drawing.strokes == strokes(100, 140)
    assert book.pixels is not None
    assert len(book.past) == 2


def test_what_is_drawn_on_a_canvas_that_was_mounted_anew_goes_on_top(book: Sketchbook, browser: Browser) -> None:
    browser.draw(100)
    browser.take_seed()
    browser.draw(140)
    assert book.drawing.strokes == strokes(100, 140)
    browser.take_seed()
    browser.send()
    assert book.pixels is not None


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
    assert len(book.past) == 1


def test_the_history_is_bounded(book: Sketchbook) -> None:
    url = data_url(140)
    for count in range(250):
        book.receive({"objects": [path(1 + count / 100)]}, url)
    assert len(book.past) == 100


def test_what_replaces_a_drawing_can_be_undone_and_drawn_over(book: Sketchbook, browser: Browser) -> None:
    browser.draw(100)
    book.replace(strokes(140))
    browser.take_seed()
    browser.send()
    assert book.drawing.strokes == strokes(140)
    browser.draw(180)
    assert book.drawing.strokes == strokes(140, 180)
    book.undo()
    book.undo()
    assert book.drawing.strokes == strokes(100)


def test_the_latest_drawings_of_the_history_keep_their_pictures_and_the_canvas_is_asked_for_those_of_the_others(
    book: Sketchbook, browser: Browser
) -> None:
    for x in range(20, 220, 20):
        browser.draw(x)
    assert sum(bool(drawing.png) for drawing in book.past) == WITH_PICTURE
    for _ in range(WITH_PICTURE + 1):
        book.undo()
    assert len(book.drawing.strokes) == 6
    assert not book.drawing.png
    browser.take_seed()
    browser.send()
    assert book.drawing.png
    assert book.pixels is not None


def test_long_drawings_leave_less_history(book: Sketchbook) -> None:
    url = data_url(140)
    moves = MOST_REMEMBERED // 3
    for count in range(6):
        long = {"type": "Path", "strokeWidth": 20, "path": [["L", count, 0]] * moves}
        book.receive({"objects": [long]}, url)
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
    assert book.past[-1].strokes == many[:-1]
    most = many * 50
    book.restore(most)
    assert [len(drawing.strokes) for drawing in book.past] == [14_997, 14_998, 14_999], "going through them takes time"


def test_every_stroke_goes_back_to_the_canvas_as_it_came(book: Sketchbook) -> None:
    state = {"objects": [path(100.123456, width=13), path(140)], "overlay": book.seed["overlay"]}
    book.receive(state, data_url(100, 140))
    book.reseed()
    again = json.loads(json.dumps(book.seed))
    assert read_drawing(again, data_url()).strokes == read_drawing(state, data_url()).strokes
