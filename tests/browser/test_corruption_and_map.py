"""Two parts of the page on the test set in a real browser: corrupted images, and the map."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visitor import PATIENCE, Visitor, complaints_of


@pytest.fixture(scope="module")
def opened(browser: Browser, server: Server) -> Iterator[Page]:
    """The page, opened once for all tests, because opening it takes longer than most of them."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(1000 * PATIENCE)
    arrive(page, server, "Corruption")
    yield page
    page.close()


@pytest.fixture
def test_set(opened: Page) -> Page:
    """The page with *Simple* alone, whatever another test has left."""
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
    """The accuracy on the corrupted images, without the metrics on top of the page."""
    return page.get_by_test_id("stMetric").filter(has_text="test images read right").get_by_test_id("stMetricValue")


def button(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key} button")


def marks(page: Page) -> Locator:
    return page.locator(".stVegaLiteChart .mark-symbol.role-mark path")


def test_slider_corrupts_the_images_and_reset_restores_them(test_set: Page) -> None:
    page = test_set
    choose(page, "test_part", "Corruption")
    expect(accuracy(page)).to_have_text("97.45%")
    slider = page.locator(".st-key-corruption_rotation").get_by_role("slider")
    for _ in range(4):
        slider.press("ArrowRight", delay=50)
    expect(accuracy(page)).to_have_text("86.12%")
    choose(page, "network_beside", "Robust")
    expect(accuracy(page)).to_have_text(["86.12%", "98.83%"])
    button(page, "corruption_reset").click()
    expect(accuracy(page)).to_have_text(["97.45%", "99.53%"])


def test_curve_grows_stops_and_goes_on(test_set: Page, other_page: Page, server: Server) -> None:
    page = test_set
    choose(page, "test_part", "Corruption")
    complaints = complaints_of(page)
    choose(page, "network_beside", "Robust")
    choose(page, "corruption_over", "shift down")
    expect(page.get_by_text("Shift down in pixels").last).to_be_visible()
    expect(marks(page)).to_have_count(2)  # where nothing is shifted
    button(page, "corruption_draw").click()
    expect(page.get_by_text("of 21 points")).to_be_visible()
    button(page, "corruption_stop").click()
    expect(button(page, "corruption_draw")).to_be_enabled()
    visitor = Visitor(page)
    visitor.settle()
    stopped_at = marks(page).count()
    assert stopped_at < 42
    visitor.settle()
    assert marks(page).count() == stopped_at
    button(page, "corruption_draw").click()
    expect(marks(page)).to_have_count(42)
    expect(button(page, "corruption_draw")).to_be_disabled()
    # A curve that one visitor has drawn is there for all others.
    arrive(other_page, server, "Corruption")
    choose(other_page, "network_beside", "Robust")
    choose(other_page, "corruption_over", "shift down")
    expect(marks(other_page)).to_have_count(42)
    assert complaints == []


def test_curve_goes_on_after_a_visit_to_another_page(test_set: Page) -> None:
    page = test_set
    choose(page, "test_part", "Corruption")
    choose(page, "corruption_over", "pen")
    expect(page.get_by_text("Pen: wider by pixels").last).to_be_visible()
    button(page, "corruption_draw").click()
    expect(button(page, "corruption_stop")).to_be_visible()
    visitor = Visitor(page)
    visitor.go_to("One neuron")
    expect(page.get_by_role("heading", name="One neuron", exact=True)).to_be_visible()
    visitor.go_to("Test set")
    expect(marks(page)).to_have_count(13)


def test_click_selects_an_image_and_layers_change_the_map(test_set: Page) -> None:
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
    for i in range(10):  # at least one of these ten places across the groups has a point
        page.mouse.click(box["x"] + (0.3 + 0.04 * i) * box["width"], box["y"] + (0.5 + 0.02 * i) * box["height"])
        visitor.settle(300)
    expect(card).to_have_text(re.compile(r"Test image (?!340,)\d+, labelled \d"))
    expect(page.get_by_text("784 numbers each")).to_be_visible()
    choose(page, "map_layer", "Hidden 2")
    expect(page.get_by_text("has the same label in 96.84% of all cases; it was 96.55%")).to_be_visible()
    choose(page, "network_test", "Robust")
    expect(page.get_by_text("has the same label in 99.22% of all cases; it was 97.38%")).to_be_visible()
    assert complaints == []
