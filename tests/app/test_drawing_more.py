"""Whole numbers, the gallery and scribbles, without a browser: the cases that a browser test would not reach."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import model.bundled_networks
import model.digit_check
from model.files.gallery_file import GalleryItem
from pages.widgets.answer.digit_check import cached_digit_check
from pages.widgets.networks.picker import cached_network
from tests.app.test_draw_page import ONE, ROOT, SEVEN, draw, prediction, reading
from tests.canvas_states import canvas_state, press


@pytest.fixture
def app() -> AppTest:
    cached_network.clear()
    cached_digit_check.clear()
    return AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()


def write(app: AppTest, *lines: list[tuple[float, float]]) -> None:
    app.session_state["number_canvas"] = canvas_state(*lines)
    app.run()
    assert not app.exception


def number(app: AppTest) -> str:
    return next((str(html.proto.body) for html in app.get("html") if 'class="number"' in html.proto.body), "")


def test_number_is_read_from_its_strokes(app: AppTest) -> None:
    app.toggle("whole_number").set_value(True).run()
    write(app, [(20, 60), (90, 60), (50, 230)], [(160, 40), (160, 230)], [(210, 60), (275, 60), (240, 230)])
    assert 'data-testid="prediction">717<' in number(app)
    bars = [str(html.proto.body) for html in app.get("html") if "data-digit" in html.proto.body]
    assert len(bars) == 1
    assert bars[0].count("data-digit=") == 10
    app.segmented_control("number_digit").set_value(1).run()
    assert not app.exception
    press(app, "Clear", "number_canvas")
    assert not app.exception
    assert not number(app)


@pytest.mark.parametrize(("strokes", "moves"), [(13, 2), (2_000, 2), (1, 6_000)])
def test_too_many_strokes_or_moves_get_a_sentence(app: AppTest, strokes: int, moves: int) -> None:
    app.toggle("whole_number").set_value(True).run()
    xs = [i * 1120 / strokes - 560 for i in range(strokes)]
    write(app, *([(x, 40.0), (x, 60.0)] * (moves // 2) for x in xs))
    assert [info.value for info in app.info] == [
        "A number may have 12 digits at most: press Undo, or press Clear and write again."
    ]


def test_missing_network_gets_a_sentence_in_place_of_a_number(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.toggle("whole_number").set_value(True).run()
    monkeypatch.setattr(model.bundled_networks, "BUNDLED", tmp_path)
    cached_network.clear()
    write(app, SEVEN)
    assert "git checkout -- model/robust" in app.error[0].value
    assert any("No answer" in markdown.value for markdown in app.markdown)


def test_everything_counts_as_a_digit_when_the_digit_check_is_missing(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model.digit_check, "DETECTOR_PATH", tmp_path / "likeness.keras")
    cached_digit_check.clear()
    draw(app, [(60, 80), (220, 80)], [(60, 200), (220, 200)], [(100, 40), (90, 240)], [(190, 40), (180, 240)])
    assert "does not look like a digit" not in reading(app)
    assert prediction(app) is not None
    monkeypatch.undo()
    app.run()
    assert "does not look like a digit" in reading(app)


def test_label_can_be_corrected_after_putting_the_drawing_back(app: AppTest) -> None:
    draw(app, SEVEN)
    app.segmented_control("truth").set_value(1).run()
    assert not app.exception
    items: list[GalleryItem] = app.session_state["gallery_items"]
    assert [(item.truth, item.read, item.network) for item in items] == [(1, 7, "Robust")]
    draw(app, ONE)
    app.button("delete_one").click().run()
    assert len(app.session_state["gallery_items"]) == 1, "the drawing on the canvas is another one"
    app.button("picture_gallery_0").click().run()
    assert not app.exception
    assert app.session_state["drawing_history_canvas"].drawing.strokes == app.session_state["gallery_items"][0].strokes
    draw(app, SEVEN)  # what a browser would do
    app.segmented_control("truth").set_value(7).run()
    assert [(item.truth, item.read) for item in app.session_state["gallery_items"]] == [(7, 7)], (
        "what was said is corrected"
    )
    app.button("delete_one").click().run()
    assert app.session_state["gallery_items"] == []


def test_full_gallery_keeps_its_drawings(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.widgets.gallery.store.MAX_GALLERY_ITEMS", 1)
    draw(app, SEVEN)
    app.segmented_control("truth").set_value(7).run()
    draw(app, ONE)
    app.segmented_control("truth").set_value(1).run()
    assert [item.truth for item in app.session_state["gallery_items"]] == [7]


def start_challenge(app: AppTest) -> None:
    app.session_state["challenge_opened"] = True
    app.run()
    app.button("start_challenge").click().run()
    assert not app.exception
    app.session_state["challenge"].asked.sort()


def test_challenge_takes_each_drawing_only_once(app: AppTest) -> None:
    start_challenge(app)
    draw(app, SEVEN)
    app.button("challenge_done").click().run()
    draw(app, SEVEN)  # undo brings it back
    app.button("challenge_done").click().run()
    assert any("Draw **a 1** (2 of 10)" in markdown.value for markdown in app.markdown)
    assert [item.truth for item in app.session_state["gallery_items"]] == [0]
    draw(app, ONE)
    app.button("challenge_done").click().run()
    assert [item.truth for item in app.session_state["gallery_items"]] == [0, 1]
    assert any("(3 of 10)" in markdown.value for markdown in app.markdown)


def test_whole_number_says_that_the_challenge_is_paused(app: AppTest) -> None:
    waits = "The challenge is paused: switch “Draw a whole number” off to go on with it."
    start_challenge(app)
    assert not app.info
    app.toggle("whole_number").set_value(True).run()
    assert [info.value for info in app.info] == [waits]


def test_confusion_table_appears_with_ten_drawings(app: AppTest) -> None:
    draw(app, SEVEN)
    app.segmented_control("truth").set_value(7).run()
    (item,) = app.session_state["gallery_items"]
    app.session_state["gallery_items"] = [item._replace(time=str(i)) for i in range(9)]
    app.run()
    assert not app.table
    app.session_state["gallery_items"] = [item._replace(time=str(i)) for i in range(10)]
    app.run()
    assert not app.exception
    assert len(app.table) == 1
    assert app.table[0].value.to_dict() == {"read as 7": {7: "10"}}
