"""Projector mode enlarges everything by 50%. test_everyone.py checks that everything keeps within its column."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.views import CHARTS
from tests.browser.visitor import SEVEN, Visitor

TYPE = "() => getComputedStyle(document.querySelector('.stMain p') ?? document.body).fontSize"


HEIGHT_AND_TYPE = """svg => {
    const { fontSize } = getComputedStyle(svg.querySelector(".role-axis-title text"));
    return [svg.getBoundingClientRect().height, parseFloat(fontSize)];
}"""


def project(visitor: Visitor) -> None:
    """Switch projector mode on."""
    visitor.page.get_by_text("Projector", exact=True).click()
    visitor.page.wait_for_function(f"({TYPE})() === '24px'")
    visitor.settle()


def open_menu(page: Page) -> None:
    """Open the menu."""
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(page.get_by_role("link", name="Inside")).to_be_in_viewport()


def go_to(visitor: Visitor, title: str, heading: str) -> None:
    """Go to a page by the menu, which closes."""
    page = visitor.page
    open_menu(page)
    link = page.get_by_role("link", name=title)
    link.click()
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(link).not_to_be_in_viewport()


def test_projector_mode_enlarges_everything_and_hides_the_menu(visitor: Visitor) -> None:
    page = visitor.page
    page.set_viewport_size({"width": 1920, "height": 1080})
    before = visitor.canvas.bounding_box()
    project(visitor)
    expect(page.get_by_role("link", name="Inside")).not_to_be_in_viewport()
    expect(page.get_by_test_id("stMainMenu")).to_be_hidden()
    box = visitor.canvas.bounding_box()
    assert before
    assert box
    assert box["width"] == pytest.approx(1.5 * before["width"], abs=1)
    visitor.draw(SEVEN)
    visitor.reads(7)
    expect(page.locator("[data-digit]").last).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1280, "height": 900})
    go_to(visitor, "One neuron", "One neuron")
    expect(page.locator(CHARTS)).to_have_count(3)
    visitor.settle()
    chart = page.locator(".stVegaLiteChart svg.marks").first
    enlarged = chart.evaluate(HEIGHT_AND_TYPE)
    open_menu(page)
    page.get_by_text("Projector", exact=True).click()
    page.wait_for_function(f"({TYPE})() === '16px'")
    visitor.settle()
    assert enlarged == pytest.approx([1.5 * size for size in chart.evaluate(HEIGHT_AND_TYPE)], rel=0.05)


def test_projector_mode_survives_a_reload(visitor: Visitor) -> None:
    page = visitor.page
    project(visitor)
    visitor.draw(SEVEN)
    visitor.reads(7)
    page.reload()
    page.wait_for_function(f"({TYPE})() === '24px'")
    expect(page.get_by_role("link", name="Inside")).not_to_be_in_viewport()
    visitor.reads(7)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_text("Projector", exact=True).click()
    page.wait_for_function(f"({TYPE})() === '16px'")
    visitor.settle()  # the tab saves what the server has seen
    page.reload()
    visitor.reads(7)
    visitor.settle()
    assert page.evaluate(TYPE) == "16px"


def test_links_within_a_page_keep_title_and_menu_in_reach(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/neuron")
    expect(page.locator(CHARTS)).to_have_count(3)
    visitor = Visitor(page)
    project(visitor)
    for title, heading, experiment, link, section in (
        ("One neuron", "One neuron", "Try XOR", "the gate's table", "A neuron as a gate"),
        ("Loss and learning", "Loss and learning", "A step too large", "Take a step", "Take a step"),
        ("Inside", "Inside the network", "One neuron off", "Break it", "Break it"),
    ):
        if title != "One neuron":
            go_to(visitor, title, heading)
        page.get_by_role("button", name=experiment).click()
        page.get_by_role("link", name=link, exact=True).click()
        expect(page.get_by_role("heading", name=section)).to_be_in_viewport()
        expect(page.get_by_test_id("stExpandSidebarButton")).to_be_in_viewport(ratio=1)
        page.mouse.move(640, 400)
        page.mouse.wheel(0, -20_000)
        expect(page.get_by_role("heading", level=1)).to_be_in_viewport(ratio=1)
