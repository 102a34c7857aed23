"""A whole number on the wide canvas, in a real browser."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.server import Server
from tests.browser.visitor import ONE, SEVEN, Point, Visitor, complaints_of, wait_until

SWITCH = "Draw a whole number"
TWO: list[Point] = [(40, 90), (75, 60), (110, 95), (45, 210), (120, 210)]
ZERO: list[Point] = [(200, 60), (165, 130), (200, 205), (235, 130), (200, 62)]
SIX: list[Point] = [(350, 60), (310, 140), (330, 205), (365, 170), (315, 160)]
FOUR_AND_BAR: list[list[Point]] = [[(470, 60), (430, 150), (520, 150)], [(490, 110), (490, 220)]]


def switch_on(visitor: Visitor) -> None:
    visitor.settle()  # until then, Streamlit may replace the canvas
    before = visitor.canvas.bounding_box()
    visitor.page.get_by_text(SWITCH).click()
    expect(visitor.page.locator(".st-key-number_canvas")).to_be_visible()
    visitor.wait_for_canvas()
    assert before is not None
    narrow = before["width"]
    wait_until(visitor.page, lambda: (visitor.canvas.bounding_box() or before)["width"] > narrow)


def switch_off(visitor: Visitor) -> None:
    visitor.page.get_by_text(SWITCH).click()
    expect(visitor.page.locator(".st-key-canvas")).to_be_visible()
    visitor.wait_for_canvas()


def boxes(visitor: Visitor) -> Locator:
    return visitor.page.locator(".boxes .box")


@pytest.fixture
def visitor(regular: Visitor) -> Iterator[Visitor]:
    """A visitor with two empty canvases. The tests share one session, which is as good as new then."""
    yield regular
    if regular.page.locator(".st-key-number_canvas").count():
        regular.press("Clear")
        expect(regular.page.get_by_text("Write a number")).to_be_visible()
        switch_off(regular)


def test_number_is_read_digit_by_digit(visitor: Visitor) -> None:
    complaints = complaints_of(visitor.page)
    switch_on(visitor)
    expect(visitor.page.get_by_text("Write a number")).to_be_visible()
    for stroke in (TWO, ZERO, SIX, *FOUR_AND_BAR):
        visitor.draw(stroke)
    expect(visitor.prediction).to_have_text("2064")
    expect(boxes(visitor)).to_have_count(4)
    canvas = visitor.canvas.bounding_box()
    box = boxes(visitor).nth(1).bounding_box()
    assert canvas is not None
    assert box is not None
    assert box["x"] - canvas["x"] == pytest.approx(165 - 10, abs=8)
    assert box["y"] - canvas["y"] == pytest.approx(60 - 10, abs=8)
    assert box["height"] == pytest.approx(205 - 60 + 20, abs=10)
    expect(visitor.page.locator("[data-digit].top")).to_have_attribute("data-digit", "2")
    visitor.page.get_by_role("radio", name="4th: 4").click()
    expect(visitor.page.locator("[data-digit].top")).to_have_attribute("data-digit", "4")
    expect(visitor.page.locator(".boxes .chosen")).to_contain_text("4:")
    assert len(visitor.bars()) == 10
    expect(visitor.page.locator("[aria-live=polite]", has_text="Read: 2 0 6 4")).to_have_count(1)
    visitor.press("Undo")
    visitor.press("Undo")
    expect(visitor.prediction).to_have_text("206")
    visitor.press("Clear")
    expect(boxes(visitor)).to_have_count(0)
    expect(visitor.page.get_by_text("Write a number")).to_be_visible()
    assert complaints == []


def shifted(stroke: list[Point], x: float) -> list[Point]:
    return [(left + x, y) for left, y in stroke]


def test_repeated_digit_can_be_tapped_and_stays_chosen(visitor: Visitor) -> None:
    page = visitor.page
    switch_on(visitor)
    for stroke in (TWO, ZERO, shifted(TWO, 220)):
        visitor.draw(stroke)
    expect(visitor.prediction).to_have_text("202")
    chosen = page.locator(".boxes .box.chosen")
    canvas = visitor.canvas.bounding_box()
    assert canvas is not None

    def stands_over(x: float) -> None:
        def is_there() -> bool:
            box = chosen.bounding_box()
            return box is not None and box["x"] - canvas["x"] == pytest.approx(x - 10, abs=8)

        wait_until(page, is_there)
        visitor.settle()
        assert is_there()

    for name, x in (("3rd: 2", 260), ("2nd: 0", 165), ("1st: 2", 40), ("3rd: 2", 260)):
        page.get_by_role("radio", name=name).click()
        stands_over(x)
    visitor.draw(shifted(TWO, 340))
    expect(visitor.prediction).to_have_text("2022")
    stands_over(260)
    visitor.draw([(255, 60), (345, 215)])  # across the 2
    expect(visitor.prediction).not_to_have_text("2022")
    stands_over(255)


def test_both_networks_read_the_number_on_request(visitor: Visitor) -> None:
    switch_on(visitor)
    visitor.draw(TWO)
    visitor.draw(ZERO)
    expect(visitor.prediction).to_have_text("20")
    visitor.page.get_by_text("Show both networks' answers").click()
    expect(visitor.page.get_by_text("Simple reads")).to_contain_text("20")
    expect(visitor.prediction).to_have_count(1)
    visitor.page.get_by_text("Show both networks' answers").click()
    expect(visitor.page.get_by_text("Simple reads")).to_have_count(0)


def test_touching_digits_are_said_to_touch(visitor: Visitor) -> None:
    switch_on(visitor)
    visitor.draw([(50, 60), (130, 60), (80, 210)])
    visitor.draw([(180, 60), (125, 140), (225, 140)])
    visitor.draw([(195, 90), (190, 220)])
    expect(visitor.prediction).to_have_text("?")
    expect(visitor.page.get_by_text("Where it says ?, two digits seem to touch")).to_be_visible()
    expect(visitor.page.get_by_text("Tap a digit")).to_have_count(0)


def test_digit_and_number_keep_separate_drawings(visitor: Visitor) -> None:
    visitor.draw(SEVEN)
    visitor.reads(7)
    switch_on(visitor)
    expect(visitor.prediction).to_have_count(0)
    visitor.draw(TWO)
    visitor.draw(ZERO)
    expect(visitor.prediction).to_have_text("20")
    switch_off(visitor)
    visitor.reads(7)
    visitor.go_to("Inside")
    expect(visitor.page.get_by_role("heading", name="Inside the network")).to_be_visible()
    visitor.reads(7)
    visitor.go_to("Draw")
    visitor.wait_for_canvas()
    switch_on(visitor)
    expect(visitor.prediction).to_have_text("20")


def test_canvas_can_be_drawn_on_after_each_switch(visitor: Visitor) -> None:
    for sheet in ("number_canvas", "canvas") * 4:
        visitor.page.get_by_text(SWITCH).click()
        expect(visitor.page.locator(f".st-key-{sheet}")).to_be_visible()
        visitor.wait_for_canvas()
    visitor.draw(SEVEN)
    visitor.reads(7)
    switch_on(visitor)
    visitor.draw(TWO)
    expect(visitor.prediction).to_have_text("2")


def test_number_survives_a_reload(visitor: Visitor) -> None:
    switch_on(visitor)
    visitor.draw(TWO)
    visitor.draw(ZERO)
    expect(visitor.prediction).to_have_text("20")
    visitor.settle()
    visitor.page.reload()
    visitor.wait_for_canvas()
    visitor.reads_nothing()
    switch_on(visitor)
    expect(visitor.prediction).to_have_text("20")
    assert visitor.ink() > 5000


def in_small_steps(stroke: list[Point]) -> list[Point]:
    """Return the stroke with the many points that a finger sends."""
    x, y = zip(*stroke, strict=True)
    places = np.linspace(0, len(stroke) - 1, 6 * len(stroke))
    return list(zip(np.interp(places, range(len(x)), x), np.interp(places, range(len(y)), y), strict=True))


def test_wide_canvas_fits_a_phone(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    visitor = Visitor(context.new_page()).arrive(server.url)
    switch_on(visitor)
    visitor.scroll_to_canvas()
    canvas = visitor.canvas.bounding_box()
    assert canvas is not None
    assert canvas["x"] + canvas["width"] <= 390
    shrunk = canvas["width"] / 560
    for stroke in (TWO, ZERO, SIX):
        visitor.draw_with_finger(in_small_steps(stroke))
    expect(visitor.prediction).to_have_text("206")
    assert visitor.canvas.bounding_box() == canvas, "the page scrolled while the finger drew"
    box = boxes(visitor).nth(2).bounding_box()
    assert box is not None
    assert box["x"] - canvas["x"] == pytest.approx(300 * shrunk, abs=8)
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390
    visitor.page.get_by_role("radio", name="3rd: 6").click()
    expect(visitor.page.locator("[data-digit].top")).to_have_attribute("data-digit", "6")
    switch_off(visitor)
    visitor.scroll_to_canvas()
    visitor.draw_with_finger(ONE)
    visitor.reads(1)
    context.close()
