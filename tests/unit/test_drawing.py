"""The session's drawing: what a browser may say about it, and undo, redo, clear."""

import base64
import io
import json
import tracemalloc
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from pages.widgets.drawing import MOST_NUMBERS, Drawing, Sketchbook, Stroke, read_picture, read_strokes


def path(x: float, width: float = 20) -> dict[str, Any]:
    """A vertical stroke as the canvas sends it, with some of what else is in there."""
    return {
        "type": "Path",
        "version": "7.4.0",
        "left": x,
        "stroke": "#ffffff",
        "strokeWidth": width,
        "path": [["M", x, 40], ["Q", x, 90, x, 140.25], ["L", x, 240]],
    }


def data_url(*xs: float) -> str:
    """The canvas' picture of such strokes."""
    picture = Image.new("RGBA", (280, 280), "black")
    for x in xs:
        ImageDraw.Draw(picture).line([(x, 40), (x, 240)], fill="white", width=20)
    png = io.BytesIO()
    picture.save(png, "PNG")
    return "data:image/png;base64," + base64.b64encode(png.getvalue()).decode()


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
    return read_strokes({"objects": [path(x) for x in xs]})


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
    assert book.steps is not None
    assert book.steps.vector.shape == (784,)
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
    assert (book.drawing, book.steps) == (Drawing(), None)
    seen = []
    for step in (book.undo, book.undo, book.undo, book.undo, book.redo, book.redo, book.redo, book.redo):
        step()
        seen.append(book.drawing.strokes)
        assert (book.steps is None) == (book.drawing.strokes == ())
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
    assert book.steps is not None
    book.undo()
    assert book.drawing.strokes == strokes(100)


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
    assert new.steps is not None


def test_a_drawing_from_before_can_be_undone_stroke_by_stroke(book: Sketchbook) -> None:
    book.restore(strokes(100, 140))
    assert (book.drawing.strokes, book.steps) == (strokes(100, 140), None)
    Browser(book).send()
    assert book.steps is not None
    book.undo()
    assert book.drawing.strokes == strokes(100)


def test_a_state_that_came_before_is_no_news(book: Sketchbook, browser: Browser) -> None:
    browser.draw(100)
    steps = book.steps
    browser.send()
    assert book.steps is steps
    assert len(book.past) == 1


def test_the_history_is_bounded(book: Sketchbook, browser: Browser) -> None:
    state, url = browser.state()
    for count in range(250):
        state = {**state, "objects": [path(1 + count / 1000)]}
        book.receive(state, url)
    assert len(book.past) == 100


def test_every_stroke_goes_back_to_the_canvas_as_it_came(book: Sketchbook) -> None:
    state = {"objects": [path(100.123456, width=13), path(140)], "overlay": book.seed["overlay"]}
    book.receive(state, data_url(100, 140))
    book.reseed()
    assert read_strokes(json.loads(json.dumps(book.seed))) == read_strokes(state)


# What no honest canvas sends

REFUSED = (ValueError, TypeError, KeyError, AttributeError, OSError)


def stroke_of(*commands: object, width: object = 20) -> dict[str, Any]:
    return {"objects": [{"type": "Path", "strokeWidth": width, "path": list(commands)}]}


@pytest.mark.parametrize(
    "canvas_json",
    [
        None,
        "text",
        [],
        {},
        {"objects": None},
        {"objects": [None]},
        {"objects": [{}]},
        {"objects": [{"type": "Path"}]},
        stroke_of(["M", 1]),
        stroke_of(["A", 1, 2]),
        stroke_of(["M", "1", "2"]),
        stroke_of(["M", float("nan"), 0]),
        stroke_of(["M", float("inf"), 0]),
        stroke_of(["M", 1e9, 0]),
        stroke_of(["M", True, 0]),
        stroke_of([]),
        stroke_of(5),
        stroke_of(width=None),
        stroke_of(*[["L", 1, 2]] * (MOST_NUMBERS // 3 + 1)),
    ],
)
def test_strokes_that_no_canvas_sends_are_refused(canvas_json: Any, book: Sketchbook) -> None:
    with pytest.raises(REFUSED):
        book.receive(canvas_json, data_url(140))
    assert book.untouched


def png_url(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and holds nothing."""
    header = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 6, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + header + zlib.crc32(header).to_bytes(4, "big")


@pytest.mark.parametrize(
    "url",
    [
        5,
        "",
        "text",
        "data:image/png;base64,%%%",
        "data:image/png;base64,",
        "data:image/svg+xml;base64,PHN2Zy8+",
        png_url(b"GIF89a"),
        png_url(png_of_size(100, 100)),
        png_url(png_of_size(20_000, 20_000)),
        data_url(140)[:-400],
    ],
)
def test_pictures_that_no_canvas_sends_are_refused(url: Any, book: Sketchbook) -> None:
    with pytest.raises((*REFUSED, SyntaxError)):
        book.receive({"objects": []}, url)
    assert book.steps is None


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    bomb = io.BytesIO()
    Image.new("RGBA", (9000, 9000)).save(bomb, "PNG")
    tracemalloc.start()
    with pytest.raises(ValueError, match="9000 by 9000"):
        read_picture(bomb.getvalue())
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["objects", "type", "path", "strokeWidth", "overlay"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=500, deadline=None)
@given(JSON | st.fixed_dictionaries({"objects": st.lists(JSON)}))
def test_any_json_is_refused_or_read(canvas_json: Any) -> None:
    try:
        read = read_strokes(canvas_json)
    except REFUSED:
        return
    assert all(np.isfinite(number) for stroke in read for _, *numbers in stroke.path for number in numbers)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 2000))
def test_any_bytes_are_refused_or_a_picture(noise: bytes, place: int) -> None:
    png = base64.b64decode(data_url(140).split(",")[1])
    try:
        picture = read_picture(png[:place] + noise + png[place + len(noise) :])
    except (*REFUSED, SyntaxError):
        return
    assert picture.dtype == np.uint8
    assert picture.shape[2] == 4
