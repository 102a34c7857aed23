"""Two parts of the page on the test set in a real browser: spoiled images, and the map."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visitor import PATIENCE, Visitor, complaints_of


@pytest.fixture(scope="module")
def opened(browser: Browser, server: Server) -> Iterator[Page]:
    """The page, opened once for all the tests: a page load costs more than most of them."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(1000 * PATIENCE)
    arrive(page, server, "Spoil")
    yield page
    page.close()


@pytest.fixture
def test_set(opened: Page) -> Page:
    """The notebook's network alone, whatever another test has left."""
    choose(opened, "network_test", "Simple")
    choose(opened, "network_beside", "None")
    Visitor(opened).settle()
    return opened


def arrive(page: Page, server: Server, part: str) -> None:
    Visitor(page).arrive(server.url).go_to("Test set")
    choose(page, "test_part", part)


def choose(page: Page, key: str, name: str) -> None:
    page.locator(f".st-key-{key}").get_by_text(name, exact=True).click()


def accuracy(page: Page) -> Locator:
    """Of the spoiled images, below those of the page."""
    return page.get_by_test_id("stMetric").filter(has_text="test images read right").get_by_test_id("stMetricValue")


def button(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key} button")


def marks(page: Page) -> Locator:
    return page.locator(".stVegaLiteChart .mark-symbol.role-mark path")


def test_a_slider_spoils_the_images_and_reset_mends_them(test_set: Page) -> None:
    page = test_set
    choose(page, "test_part", "Spoil")
    expect(accuracy(page)).to_have_text("97.45%")
    slider = page.locator(".st-key-spoil_rotation").get_by_role("slider")
    for _ in range(4):
        slider.press("ArrowRight", delay=50)
    expect(accuracy(page)).to_have_text("86.12%")
    choose(page, "network_beside", "Robust")
    expect(accuracy(page)).to_have_text(["86.12%", "98.83%"])
    button(page, "spoil_reset").click()
    expect(accuracy(page)).to_have_text(["97.45%", "99.53%"])


def test_a_curve_grows_can_be_stopped_and_goes_on(test_set: Page, other_page: Page, server: Server) -> None:
    page = test_set
    choose(page, "test_part", "Spoil")
    complaints = complaints_of(page)
    choose(page, "network_beside", "Robust")
    choose(page, "spoil_over", "shift down")
    expect(page.get_by_text("Shift down in pixels").last).to_be_visible()
    expect(marks(page)).to_have_count(2)  # where nothing is shifted
    button(page, "spoil_draw").click()
    expect(page.get_by_text("of 21 points")).to_be_visible()
    button(page, "spoil_stop").click()
    expect(button(page, "spoil_draw")).to_be_enabled()
    visitor = Visitor(page)
    visitor.settle()
    stopped_at = marks(page).count()
    assert stopped_at < 42
    visitor.settle()
    assert marks(page).count() == stopped_at
    button(page, "spoil_draw").click()
    expect(marks(page)).to_have_count(42)
    expect(button(page, "spoil_draw")).to_be_disabled()
    # What one visitor found out the others need not compute again.
    arrive(other_page, server, "Spoil")
    choose(other_page, "network_beside", "Robust")
    choose(other_page, "spoil_over", "shift down")
    expect(marks(other_page)).to_have_count(42)
    assert complaints == []


def test_a_curve_goes_on_after_a_look_at_another_page(test_set: Page) -> None:
    page = test_set
    choose(page, "test_part", "Spoil")
    choose(page, "spoil_over", "pen")
    expect(page.get_by_text("Pen: wider by pixels").last).to_be_visible()
    button(page, "spoil_draw").click()
    expect(button(page, "spoil_stop")).to_be_visible()
    visitor = Visitor(page)
    visitor.go_to("One neuron")
    expect(page.get_by_role("heading", name="One neuron", exact=True)).to_be_visible()
    visitor.go_to("Test set")
    expect(marks(page)).to_have_count(13)


def test_a_click_on_the_map_picks_an_image_and_layers_change_it(test_set: Page) -> None:
    page = test_set
    complaints = complaints_of(page)
    choose(page, "test_part", "Map")
    chart = page.locator(".st-key-map canvas")
    expect(chart).to_be_visible()
    card = page.locator(".test-image")
    expect(card).to_have_text("Test image 340, labelled 5")
    chart.scroll_into_view_if_needed()
    visitor = Visitor(page)
    visitor.settle()
    box = chart.bounding_box()
    assert box is not None
    for i in range(10):  # one of ten places on a slope across the groups has a point
        page.mouse.click(box["x"] + (0.3 + 0.04 * i) * box["width"], box["y"] + (0.5 + 0.02 * i) * box["height"])
        visitor.settle(300)
    expect(card).to_have_text(re.compile(r"Test image (?!340,)\d+, labelled \d"))
    expect(page.get_by_text("784 numbers each")).to_be_visible()
    choose(page, "map_layer", "Hidden 2")
    expect(page.get_by_text("has the same label in 96.84% of all cases; it was 96.55%")).to_be_visible()
    choose(page, "network_test", "Robust")
    expect(page.get_by_text("has the same label in 99.22% of all cases; it was 97.38%")).to_be_visible()
    assert complaints == []
