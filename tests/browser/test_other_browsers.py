"""A short tour in Firefox and in WebKit, which half of the pupils have. Everything else is tested in Chromium alone.

A page with new JavaScript needs a step here: a function that takes the tourist.
"""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import Playwright

from tests.browser import other_browsers
from tests.browser.other_browsers import NAMES, Driver
from tests.browser.server import Server
from tests.browser.test_pages import MENU
from tests.browser.visitor import FRAMES, PATIENCE, SEVEN, SHORT, STANDS, Point

# Includes open shadow roots, because the canvas is in one.
ALL = """const all = (selector, node = document) => [...node.querySelectorAll(selector),
    ...[...node.querySelectorAll("*")].flatMap((each) => each.shadowRoot ? all(selector, each.shadowRoot) : [])];
const named = (selector, name) =>
    all(selector).find((each) => !each.disabled && each.textContent.trim().endsWith(name));
const place = (each) => {
    each.scrollIntoView({ block: "nearest", behavior: "instant" });
    const { left, top, width, height } = each.getBoundingClientRect();
    return width && [left, top, width, height];
};"""
CANVAS = 'all("canvas.upper-canvas")[0]'
INK = """(() => {
    const canvas = all("canvas.dc-canvas.lower-canvas")[0];
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return pixels.filter((level, i) => i % 4 === 0 && level > 127).length;
})()"""
NOTE_ERRORS = """() => {
    window.errors = [];
    addEventListener("error", ({ message }) => errors.push(message));
    addEventListener("unhandledrejection", ({ reason }) => errors.push(String(reason)));
}"""


class Tourist:
    """A visitor with another browser."""

    def __init__(self, driver: Driver, url: str) -> None:
        self.driver, self.url = driver, url

    def see(self, expression: str) -> Any:
        """Evaluate an expression on the page."""
        return self.driver.evaluate(f"(() => {{ {ALL} return {expression}; }})()")

    def wait_for(self, expression: str) -> Any:
        """Wait until an expression is true, and return its value."""
        deadline = time.monotonic() + PATIENCE
        while not (seen := self.see(expression)):
            assert time.monotonic() < deadline, expression
            self.driver.evaluate(f"({FRAMES})(5)")
        return seen

    def arrive(self) -> None:
        """Open the app, or load it again, and wait until it can be drawn on."""
        self.driver.open(self.url)
        self.driver.evaluate(f"({NOTE_ERRORS})()")
        self.wait_for(f"{CANVAS} && place({CANVAS})")
        self.settle()

    def settle(self) -> None:
        """Wait until the page stands."""
        self.wait_for(f"({STANDS})(700)")
        assert self.see('all("[data-testid=stException]").length') == 0
        assert self.see("errors") == []

    def draw(self, points: Sequence[Point]) -> None:
        """One stroke with the mouse, in canvas pixels."""
        left, top, *_ = self.wait_for(f"place({CANVAS})")
        self.driver.drag([(left + x, top + y) for x, y in points])

    def click(self, selector: str, name: str) -> None:
        """Click what can be clicked and is called so."""
        found = f"named({selector!r}, {name!r})"
        left, top, width, height = self.wait_for(f"{found} && place({found})")
        self.driver.drag([(left + width / 2, top + height / 2)])

    def has_ink(self, pixels: int) -> None:
        """Wait until the canvas shows so many white pixels."""
        self.wait_for(f"{INK} === {pixels}")

    def reads(self, digit: int) -> None:
        """Wait until the server says that the drawing is this digit."""
        self.wait_for(f"""all("[data-testid=prediction]").some((each) =>
            !each.closest("[data-source=browser]") && each.textContent === "{digit}")""")


@pytest.fixture(params=NAMES)
def tourist(request: pytest.FixtureRequest, playwright: Playwright, server: Server) -> Iterator[Tourist]:
    with other_browsers.start(playwright, request.param) as driver:
        if driver is None:
            pytest.skip(f"{request.param} is not there: python -m tests.browser.other_browsers")
        yield Tourist(driver, server.url)


def draw_and_take_back(tourist: Tourist) -> None:
    """Draw, undo, redo and clear, with the mouse."""
    tourist.draw(SEVEN)
    tourist.reads(7)
    tourist.settle()
    seven = tourist.see(INK)
    assert seven > 1000
    tourist.draw(SHORT)
    tourist.wait_for(f"{INK} > {seven}")
    tourist.settle()
    both = tourist.see(INK)
    for button, ink in (("Undo", seven), ("Redo", both), ("Clear", 0), ("Undo", both), ("Undo", seven)):
        tourist.click("button", button)
        tourist.has_ink(ink)
        tourist.settle()
    tourist.reads(7)


def load_again(tourist: Tourist) -> None:
    """Reload the page, and find the drawing still there."""
    seven = tourist.see(INK)
    tourist.arrive()
    tourist.reads(7)
    tourist.has_ink(seven)


def open_every_page(tourist: Tourist) -> None:
    """Open every page of the menu."""
    for title in [*MENU[1:], MENU[0]]:
        heading = tourist.see('all("h1")[0].textContent')
        tourist.click("section a, header a", title)
        tourist.wait_for(f'all("h1").length === 1 && all("h1")[0].textContent !== {heading!r}')
        tourist.settle()
    tourist.reads(7)


def test_a_tour(tourist: Tourist) -> None:
    tourist.arrive()
    for step in (draw_and_take_back, load_again, open_every_page):
        step(tourist)
