"""A tour of all pages, which leaves the browser's console and the server's log as they were."""

from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.visitor import ONE, SEVEN, Visitor, complaints_of

CHARTS = "[data-testid=stVegaLiteChart]"


def open_parts(visitor: Visitor, key: str) -> None:
    """Each part of the page in turn."""
    parts = visitor.page.locator(f".st-key-{key}").get_by_role("radio")
    for part in parts.all():
        part.click()
        visitor.settle()


def open_all(visitor: Visitor) -> None:
    """Whatever is folded up on the page."""
    closed = visitor.page.locator("[data-testid=stExpander] details:not([open]) > summary")
    for count in range(closed.count(), 0, -1):
        closed.first.click()
        expect(closed).to_have_count(count - 1)
    visitor.settle()


def test_nobody_complains(own_server: Server, page: Page) -> None:
    complaints = complaints_of(page)
    visitor = Visitor(page).arrive(own_server.url)
    visitor.draw(SEVEN)
    visitor.reads(7)
    visitor.press("Clear")
    visitor.reads_nothing()
    visitor.draw(SEVEN)
    visitor.reads(7)
    open_all(visitor)

    visitor.go_to("Why deep?")
    visitor.wait_for_canvas()
    visitor.press("Clear")
    visitor.draw(ONE)
    visitor.settle()  # else the mistake may be opened over the 7, which is drawn again below, point by point the same
    visitor.press("Next mistake")
    expect(page.get_by_text("Test image").first).to_be_visible()
    open_all(visitor)

    visitor.go_to("One neuron")
    expect(page.locator(CHARTS)).to_have_count(3)
    visitor.press("Make it AND")
    open_all(visitor)

    for title, heading in (("Inside", "Inside the network"), ("Loss and learning", "Loss and learning")):
        visitor.go_to(title)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)  # else it is the page before's canvas
        visitor.settle()
        visitor.press("Clear")
        visitor.draw(SEVEN)
        visitor.reads(7)
        open_all(visitor)
    visitor.press("Ten steps")
    expect(page.get_by_text("Loss after 10 steps")).to_be_visible()

    visitor.go_to("MNIST")
    expect(page.locator(".typical img")).to_have_count(110)
    visitor.press("Another hundred")
    open_all(visitor)

    visitor.go_to("Training curves")
    expect(page.locator(CHARTS)).to_have_count(2)
    open_parts(visitor, "part")
    open_all(visitor)

    visitor.go_to("Test set")
    expect(page.locator(CHARTS)).to_have_count(1)
    page.locator(".st-key-network_beside").get_by_text("Robust", exact=True).click()
    open_parts(visitor, "test_part")
    open_all(visitor)
    visitor.press("Open in Inside")
    visitor.wait_for_canvas()

    visitor.go_to("Draw")
    visitor.wait_for_canvas()
    visitor.reads(7)
    visitor.settle()
    assert complaints == []
    assert own_server.printed().split(own_server.url)[-1].strip() == ""
