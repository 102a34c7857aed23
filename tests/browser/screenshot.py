"""The README's picture, of the real app: `python -m tests.browser.screenshot`."""

import math

from playwright.sync_api import sync_playwright

from tests.browser.chromium import launch
from tests.browser.server import ROOT, Server
from tests.browser.visitor import Point, Visitor


def arc(x: float, y: float, radius: float, start: int, end: int) -> list[Point]:
    """Points on a circle, clockwise from one angle to another, in degrees."""
    angles = (math.radians(degrees) for degrees in range(start, end, 12))
    return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]


THREE = arc(138, 92, 44, -150, 80) + arc(136, 184, 52, -80, 150)


def main() -> None:
    """The command line."""
    with sync_playwright() as playwright, Server() as server:
        page = launch(playwright).new_page(viewport={"width": 1120, "height": 700}, device_scale_factor=1.5)
        visitor = Visitor(page).arrive(server.url)
        visitor.draw(THREE)
        visitor.reads(3)
        page.wait_for_timeout(1000)
        page.screenshot(path=ROOT / "assets" / "draw.png")


if __name__ == "__main__":
    main()
