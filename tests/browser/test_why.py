"""The page on what deep learning is, in a real browser."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visitor import SEVEN, Visitor

CARD_NAMES = ["Nearest average", "Linear model", "Simple", "Robust"]


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def expect_digits(page: Page, digits: str) -> None:
    for name, digit in zip(CARD_NAMES, digits, strict=True):
        expect(card(page, name).locator(".digit")).to_have_text(digit)


@pytest.mark.parametrize("width", [1280, 390])
def test_drawing_changes_the_cards_and_nothing_jumps(server: Server, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    visitor = Visitor(page).arrive(server.url + "/why")
    expect_digits(page, "2655")
    places = [card(page, name).bounding_box() for name in CARD_NAMES]
    visitor.draw(SEVEN)
    expect(page.get_by_text("Your drawing", exact=True)).to_be_visible()
    expect_digits(page, "7777")
    assert [card(page, name).bounding_box() for name in CARD_NAMES] == places
    boxes = [box for box in places if box]
    assert len(boxes) == 4
    assert boxes[0]["y"] == boxes[1]["y"] < boxes[2]["y"] == boxes[3]["y"]
    assert len({box["height"] for box in boxes}) == 1
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth") <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_next_mistake_opens_an_image_and_back_returns_to_the_drawing(server: Server, page: Page) -> None:
    visitor = Visitor(page).arrive(server.url + "/why")
    visitor.draw(SEVEN)
    expect_digits(page, "7777")
    visitor.press("Next mistake")
    opened = page.get_by_text(re.compile(r"^Test image \d+, labelled \d$"))
    expect(opened).to_be_visible()
    expect(card(page, "Simple").locator(".digit")).not_to_have_text(opened.inner_text()[-1])
    visitor.press("Back to the drawing")
    expect_digits(page, "7777")
