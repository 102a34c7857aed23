"""The pages and the way between them in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.visitor import SEVEN, Visitor, complaints_of

MENU = ["Draw", "Why deep?", "One neuron", "Inside", "Loss and learning", "MNIST", "Training curves", "Test set"]


@pytest.mark.parametrize(("path", "heading"), [("", "Draw a digit"), ("/training", "Training curves")])
def test_the_first_visitor_of_a_server_finds_the_menu_and_no_other(
    own_server: Server, page: Page, path: str, heading: str
) -> None:
    """Streamlit's own menu, of the files in pages/, must not even flash."""
    page.add_init_script(
        """window.seen = new Set();
        new MutationObserver(() => {
            for (const link of document.querySelectorAll("[data-testid=stSidebarNavLink], [data-testid=stTopNavLink]"))
                window.seen.add(link.innerText.split("\\n").pop());
        }).observe(document, { subtree: true, childList: true, characterData: true });"""
    )
    page.goto(own_server.url + path)
    expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=30_000)
    page.wait_for_timeout(500)
    assert page.evaluate("[...window.seen].filter(Boolean)") == MENU
    expect(page).to_have_title("Inkling")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_curves_are_drawn(server: Server, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(server.url + "/training")
    charts = page.get_by_test_id("stVegaLiteChart")
    expect(charts).to_have_count(2, timeout=30_000)
    for chart in charts.all():
        drawing = chart.locator("canvas, svg.marks").first
        expect(drawing).to_be_visible()
        box = drawing.bounding_box()
        assert box is not None
        assert box["width"] <= width
        assert box["height"] >= 300


def test_the_browser_and_the_server_have_nothing_to_complain_about(own_server: Server, page: Page) -> None:
    complaints = complaints_of(page)
    visitor = Visitor(page).arrive(own_server.url)
    visitor.draw(SEVEN)
    visitor.reads(7)
    visitor.press("Clear")
    visitor.reads_nothing()
    visitor.go_to("Training curves")
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(2)
    visitor.go_to("Draw")
    visitor.wait_for_canvas()
    assert complaints == []
    printed = own_server.printed().split(own_server.url)[-1].strip()
    assert printed == ""
