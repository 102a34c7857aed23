"""Experiments that draw, in a real browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.visitor import SEVEN, Visitor


def test_experiments_draw_and_undo_brings_the_visitors_drawing_back(visitor: Visitor) -> None:
    page = visitor.page
    for part in visitor.canvas, page.locator(".reading").first, page.get_by_role("button", name="A letter"):
        expect(part).to_be_in_viewport(ratio=1)  # without scrolling
    visitor.press("Between 4 and 9")
    expect(visitor.prediction).to_have_text(re.compile("[49]"))
    visitor.draw([(115, 55), (150, 55)])  # which closes the top
    visitor.reads(9)
    expect(page.locator(".verdict")).to_have_text(re.compile(r"(9\d\.\d|> 99\.9)% sure"))
    visitor.press("Clear")
    visitor.reads_nothing()
    visitor.draw(SEVEN)
    visitor.reads(7)
    mine = visitor.ink()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        visitor.press("A 0 with a slash")
        visitor.reads(0)
        expect(page.locator(".compared .digit").nth(1)).to_have_text("8")
        expect(page.get_by_text("MNIST has hardly any slashed zeros")).to_be_visible()
        visitor.press("A letter")
        expect(page.locator(".verdict").first).to_have_text("This does not look like a digit.")
        expect(page.get_by_text("MNIST has hardly any slashed zeros")).to_have_count(0)
        for _ in range(2):
            page.get_by_role("button", name="Undo").click()
            visitor.settle()  # until the canvas shows it
        visitor.reads(7)
        assert visitor.ink() == mine
        expect(page.get_by_text("You see an A.")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_experiments_lead_to_what_their_texts_promise(server: Server, page: Page) -> None:
    page.goto(server.url + "/neuron")
    page.get_by_role("button", name="Try XOR").click()
    page.get_by_role("link", name="the gate's table").click()
    expect(page.get_by_role("heading", name="A neuron as a gate")).to_be_in_viewport()
    expect(page.get_by_text("3 of 4 right.", exact=True)).to_be_visible()
    assert len(page.context.pages) == 1
    Visitor(page).go_to("Loss and learning")
    page.get_by_role("button", name="A small step").click()
    ticks = page.get_by_label("Accuracy on the 10,000 test images").locator(".role-axis-label").last.locator("text")
    expect(ticks.first).to_be_attached()
    shares = [int(tick.removesuffix("%")) for tick in ticks.all_text_contents()]
    assert max(shares) - min(shares) >= 4, "what it forgets looks like a fall"
