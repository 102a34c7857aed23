"""The pictures in README.md and docs/pages/, of the real app: `python -m tests.browser.screenshot` takes all of them.

Of every page what is seen without scrolling: in a window of 1280 by 900, light and dark, and on a phone. And a digit
that is being drawn while the bars move.
"""

import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pages.widgets.app.page_list import PAGES, PageInfo
from tests.browser.chromium import launch
from tests.browser.server import ROOT, Server
from tests.browser.visitor import FRAMES, Point, Visitor

FOLDER = ROOT / "docs" / "pages"
LIST = FOLDER / "README.md"
ANIMATION = ROOT / "assets"
FRONT = PAGES[0]  # its address is that of the app
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {**DESKTOP, "color_scheme": "light"},
    "dark": {**DESKTOP, "color_scheme": "dark"},
    "phone": {**PHONE, "color_scheme": "light"},
}
MARGIN = 16  # pixels around what moves
FRAME = 70  # milliseconds
FIRST, LAST = 700, 2500  # for these, the empty canvas and the answer stand


def arc(x: float, y: float, radius: float, start: int, end: int) -> list[Point]:
    """Points on a circle, clockwise from one angle to another, in degrees."""
    angles = (math.radians(degrees) for degrees in range(start, end, 12))
    return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]


THREE = arc(138, 92, 44, -150, 80) + arc(136, 184, 52, -80, 150)


def picture(page: Page, clip: Any = None) -> Image.Image:
    """What is seen of the page, or of a part of it."""
    return Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")


def save(image: Image.Image, path: Path) -> None:
    """With 256 colours, which is a third of the bytes."""
    image.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


def open_page(visitor: Visitor, url: str, info: PageInfo) -> None:
    """Open a page by its address, with the drawing that the tab remembers, and look at its beginning."""
    page = visitor.page
    address = f"{url}/{'' if info == FRONT else info.name}"
    page.goto(address)
    visitor.settle()
    expect(page).to_have_url(address)
    if visitor.canvas.count():
        visitor.has_more_ink(0)
        visitor.settle()
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    page.mouse.move(0, 0)
    visitor.settle()


def draw_three(visitor: Visitor, with_finger: bool) -> None:
    """Draw it, and wait for the answer."""
    visitor.scroll_to_canvas()
    (visitor.draw_with_finger if with_finger else visitor.draw)(THREE)
    visitor.reads(3)
    visitor.settle()


def take_pages(browser: Browser, url: str, look: str) -> None:
    """Every page as it looks to one visitor."""
    context = browser.new_context(**LOOKS[look])
    visitor = Visitor(context.new_page()).arrive(url)
    visitor.settle()
    draw_three(visitor, with_finger=look == "phone")
    for info in PAGES:
        open_page(visitor, url, info)
        save(picture(visitor.page), FOLDER / f"{info.name}-{look}.png")
    context.close()


def what_moves(page: Page) -> dict[str, float]:
    """The part of the draw page with the canvas and the answer."""
    parts = (".st-key-canvas", ".st-key-browser_canvas", ".st-key-digit .reading")
    boxes = [page.locator(part).bounding_box() for part in parts]
    corners = [(box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]) for box in boxes if box]
    left, top = (min(corner[i] for corner in corners) - MARGIN for i in (0, 1))
    right, bottom = (max(corner[i] for corner in corners) + MARGIN for i in (2, 3))
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def frames(visitor: Visitor) -> Iterator[Image.Image]:
    """A stroke as one sees it, point by point; the last one is the server's answer."""
    page = visitor.page
    (x, y), *rest = visitor.on_page(THREE)
    clip = what_moves(page)
    page.mouse.move(x, y)
    yield picture(page, clip)
    page.mouse.down()
    for x, y in rest:
        page.mouse.move(x, y, steps=3)
        page.evaluate(FRAMES, 6)  # the browser reads the canvas once for each of its own frames
        yield picture(page, clip)
    page.mouse.up()
    visitor.reads(3)
    visitor.settle()
    yield picture(page, clip)


def take_drawing(browser: Browser, url: str, look: str) -> None:
    """A digit that is being drawn, as an animation that repeats itself."""
    context = browser.new_context(**LOOKS[look], device_scale_factor=2)
    visitor = Visitor(context.new_page()).arrive(url)
    page = visitor.page
    visitor.put_pen_down(THREE)
    expect(page.locator("[data-source=browser]")).to_be_visible()  # it has the network
    page.mouse.up()
    visitor.reads(3)  # so that the answer keeps its place on the page
    visitor.press("Clear")
    visitor.settle()
    first, *others = frames(visitor)
    first.save(
        ANIMATION / f"drawing-{look}.webp",
        save_all=True,
        append_images=others,
        duration=[FIRST, *[FRAME] * (len(others) - 1), LAST],
        loop=0,
        lossless=True,  # half as many bytes as with losses: what moves is flat and has few colours
        method=4,  # the fastest, Pillow's choice for animations, makes seven times as many
    )
    context.close()


def list_of_pictures() -> str:
    """Return, as Markdown, a table of the pictures of all pages."""
    rows = (
        f"| {info.title} | `pages/{info.name}.py` | "
        + " | ".join(f"[{look}]({info.name}-{look}.png)" for look in LOOKS)
        + " |"
        for info in PAGES
    )
    return "\n".join(
        [
            "# Pictures of every page",
            "",
            "`python -m tests.browser.screenshot` takes them and writes this list.",
            "",
            f"| page | script |{' |' * len(LOOKS)}",
            f"| --- | --- |{' --- |' * len(LOOKS)}",
            *rows,
            "",
        ]
    )


def main() -> None:
    """The command line."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    LIST.write_text(list_of_pictures(), encoding="utf-8")
    with sync_playwright() as playwright, launch(playwright) as browser, Server() as server:
        for look in LOOKS:
            take_pages(browser, server.url, look)
        for look in ("light", "dark"):
            take_drawing(browser, server.url, look)
    for path in sorted([*FOLDER.glob("*.png"), *ANIMATION.glob("*.webp")]):
        print(f"{path.relative_to(ROOT)} {path.stat().st_size / 1000:,.0f} kB")


if __name__ == "__main__":
    main()
