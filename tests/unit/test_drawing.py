"""What no honest browser sends is refused, in bounded time and memory."""

import base64
import io
import json
import traceback
import tracemalloc
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from model.files.png import write_chunk
from model.files.strokes import MAX_MOVES, MAX_SAVED_CHARACTERS, DrawingError, Stroke, parse_saved_strokes
from pages.widgets.canvas.drawing import as_line, decode_picture, parse_drawing
from pages.widgets.canvas.history import DrawingHistory
from tests.canvas_states import data_url


@pytest.fixture
def history() -> DrawingHistory:
    return DrawingHistory()


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
        stroke_of(["M", 10**400, 0]),
        stroke_of(*[["L", 1, 2]] * MAX_MOVES),
        {"objects": [{"type": "Path", "strokeWidth": 20, "path": []}] * (MAX_MOVES + 1)},
    ],
)
def test_malformed_strokes_are_refused(canvas_json: Any, history: DrawingHistory) -> None:
    with pytest.raises(DrawingError):
        history.receive(canvas_json, data_url(140))
    assert history.is_pristine


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
        png_url(np.random.default_rng(0).bytes(200_000)),
    ],
)
def test_malformed_pictures_are_refused(url: Any, history: DrawingHistory) -> None:
    with pytest.raises(DrawingError):
        history.receive({"objects": []}, url)
    assert history.pixels is None


def test_picture_with_large_text_chunks_never_reaches_the_decoder(
    history: DrawingHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("It has reached the decoder."))
    honest = base64.b64decode(data_url(140).split(",")[1])
    text = write_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1_000_000), 9))
    with pytest.raises(DrawingError):
        history.receive({"objects": []}, png_url(honest[:33] + text * 63 + honest[33:]))
    assert history.pixels is None


def test_decompression_bomb_is_refused_before_decoding() -> None:
    bomb = io.BytesIO()
    Image.new("RGBA", (9000, 9000)).save(bomb, "PNG")
    tracemalloc.start()
    with pytest.raises(DrawingError, match="9000 by 9000"):
        decode_picture(bomb.getvalue())
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
        strokes = parse_drawing(canvas_json, data_url()).strokes
    except DrawingError:
        return
    assert all(np.isfinite(number) for stroke in strokes for _, *numbers in stroke.path for number in numbers)


def test_log_does_not_repeat_what_was_sent() -> None:
    with pytest.raises(DrawingError) as refused:
        parse_saved_strokes(json.dumps([[20, [["M" * 900_000, 1, 2]]]]))
    assert len("".join(traceback.format_exception(refused.value))) < 5_000


@pytest.mark.parametrize(
    "text",
    [
        None,
        5,
        "",
        "text",
        "[1]",
        '[[20, [["M", 1]]]]',
        '[[20, [["M", 1' + "0" * 400 + ", 0]]]]",
        "[" * 100_000,
        "[" + "[20, []], " * MAX_MOVES + "[20, []]]",
        " " * (MAX_SAVED_CHARACTERS + 1) + "[]",
        "[" + "[], " * 200_000 + "[]]",
        '[{"a": 1}]',
    ],
)
def test_malformed_saved_strokes_are_refused(text: Any) -> None:
    with pytest.raises(DrawingError):
        parse_saved_strokes(text)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 2000))
def test_any_bytes_are_refused_or_a_picture(noise: bytes, place: int) -> None:
    png = base64.b64decode(data_url(140).split(",")[1])
    try:
        picture = decode_picture(png[:place] + noise + png[place + len(noise) :])
    except DrawingError:
        return
    assert picture.dtype == np.uint8
    assert picture.shape[2] == 4


def test_stroke_becomes_the_points_that_it_goes_through() -> None:
    line = as_line(Stroke(20, (("M", 0, 0), ("Q", 30, 0, 30, 30), ("L", 30, 60))))
    assert line.pen == 20
    expected = [(0, 0), (50 / 3, 10 / 3), (80 / 3, 40 / 3), (30, 30), (30, 60)]
    assert line.points.tolist() == [pytest.approx(point) for point in expected]
    assert as_line(Stroke(0, (("L", 5, 5),))).pen == 1, "a pen of no width would leave no ink"
