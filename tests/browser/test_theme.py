"""Inkling's own parts are light or dark as the visitor's system asks."""

import re

import pytest
from PIL import ImageColor
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import ROOT, Server
from tests.browser.visitor import Visitor
from tests.unit.test_palette import THEME, contrast


def colour_of(element: Locator, name: str) -> tuple[int, ...]:
    """Return one of the colours in which the browser paints an element."""
    painted: str = element.evaluate(f"element => getComputedStyle(element)['{name}']")
    return ImageColor.getrgb(painted)


@pytest.mark.parametrize("font", ["sans-serif", "monospace"])
def test_the_wordmark_fits_in_any_font(page: Page, font: str) -> None:
    svg = (ROOT / "assets" / "wordmark.svg").read_text(encoding="utf-8")
    page.set_content(re.sub('font-family="[^"]*"', f'font-family="{font}"', svg))
    right, width = page.evaluate(
        """() => {
            const svg = document.querySelector("svg"), name = svg.querySelector("text").getBBox()
            return [name.x + name.width, svg.viewBox.baseVal.width]
        }"""
    )
    assert right <= width


@pytest.mark.parametrize("look", ["light", "dark"])
def test_all_colours_follow_the_visitors_system(browser: Browser, server: Server, look: str) -> None:
    paper, ink = (ImageColor.getrgb(THEME[look][name]) for name in ("backgroundColor", "textColor"))
    context = browser.new_context(color_scheme="dark" if look == "dark" else "light")
    visitor = Visitor(context.new_page()).arrive(server.url)
    page = visitor.page
    assert colour_of(page.locator(".stApp"), "backgroundColor") == paper

    visitor.go_to("One neuron")  # its sliders stay in place while the rest scrolls
    sliders = page.locator(":has(> .st-key-neuron_sliders)")
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(sliders).to_have_css("position", "sticky")
    assert colour_of(sliders, "backgroundColor") == paper
    assert colour_of(page.locator(".stVegaLiteChart .role-axis-title text").first, "fill") == ink

    visitor.go_to("Training curves")
    page.get_by_text("Train your own", exact=True).click()
    train = page.get_by_role("button", name="Train", exact=True)
    expect(train).to_be_enabled()
    written, button = (f"rgb{colour_of(train, name)}" for name in ("color", "backgroundColor"))
    assert contrast(written, button) >= 4.5
    context.close()
