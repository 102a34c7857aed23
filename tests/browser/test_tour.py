"""A tour of all pages, after which the browser's console and the server's log are empty."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from pages.widgets.app.page_list import PAGES
from tests.browser.server import Server
from tests.browser.views import open_all
from tests.browser.visitor import ONE, SEVEN, Visitor, complaints_of

CHARTS = "[data-testid=stVegaLiteChart]"


def open_parts(visitor: Visitor, key: str) -> None:
    """Open each part of the page in turn."""
    parts = visitor.page.locator(f".st-key-{key}").get_by_role("radio")
    for part in parts.all():
        part.click()
        visitor.settle()


def see_draw(visitor: Visitor) -> None:
    visitor.draw(SEVEN)
    visitor.reads(7)
    visitor.press("Clear")
    visitor.reads_nothing()
    visitor.draw(SEVEN)
    visitor.reads(7)


def see_why(visitor: Visitor) -> None:
    visitor.wait_for_canvas()
    visitor.press("Clear")
    visitor.draw(ONE)
    visitor.settle()  # else the mistake may be opened over the 7, which is drawn again below, point by point the same
    visitor.press("Next mistake")
    expect(visitor.page.get_by_text("Test image").first).to_be_visible()


def see_neuron(visitor: Visitor) -> None:
    expect(visitor.page.locator(CHARTS)).to_have_count(3)
    visitor.press("Make it AND")


def draw_below(visitor: Visitor, heading: str) -> None:
    """Draw a seven on the page with this heading."""
    # Until this heading is there, the canvas is that of the page before.
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(heading)
    visitor.settle()
    visitor.press("Clear")
    visitor.draw(SEVEN)
    visitor.reads(7)


def see_inside(visitor: Visitor) -> None:
    draw_below(visitor, "Inside the network")


def see_backprop(visitor: Visitor) -> None:
    draw_below(visitor, "Loss and learning")
    open_all(visitor)
    visitor.press("Ten steps")
    expect(visitor.page.get_by_text("Loss after 10 steps")).to_be_visible()


def see_dataset(visitor: Visitor) -> None:
    expect(visitor.page.locator(".typical img")).to_have_count(110)
    visitor.press("Another hundred")


def see_training(visitor: Visitor) -> None:
    expect(visitor.page.locator(CHARTS)).to_have_count(2)
    open_parts(visitor, "part")


def see_test_set(visitor: Visitor) -> None:
    expect(visitor.page.locator(CHARTS)).to_have_count(1)
    visitor.page.locator(".st-key-network_beside").get_by_text("Robust", exact=True).click()
    open_parts(visitor, "test_part")
    open_all(visitor)
    visitor.press("Open in Inside")
    visitor.wait_for_canvas()


# What the tour does on a page. A page that is missing here is only opened, with all its expanders.
STOPS: dict[str, Callable[[Visitor], None]] = {
    "draw": see_draw,
    "why": see_why,
    "neuron": see_neuron,
    "inside": see_inside,
    "backprop": see_backprop,
    "dataset": see_dataset,
    "training": see_training,
    "test_set": see_test_set,
}


def test_tour_of_all_pages_leaves_no_complaints(own_server: Server, page: Page) -> None:
    complaints = complaints_of(page)
    visitor = Visitor(page).arrive(own_server.url)
    for info in PAGES:
        if info != PAGES[0]:
            visitor.go_to(info.title)
        if info.name in STOPS:
            STOPS[info.name](visitor)
        else:
            expect(page).to_have_url(f"{own_server.url}/{info.name}")
            visitor.settle()
        open_all(visitor)

    visitor.go_to("Draw")
    visitor.wait_for_canvas()
    visitor.reads(7)
    visitor.settle()
    assert complaints == []
    assert own_server.printed().split(own_server.url)[-1].strip() == ""
