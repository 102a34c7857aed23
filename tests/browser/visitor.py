"""What a visitor does and sees on the draw page."""

import time
from collections.abc import Callable, Sequence

from playwright.sync_api import CDPSession, Locator, Page, Request, expect

from model.files.strokes import CANVAS_SIDE

Point = tuple[float, float]

PATIENCE = 120  # seconds to wait for what must come: the machine may be busy
expect.set_options(timeout=1000 * PATIENCE)

ONE: Sequence[Point] = [(140, 40), (140, 90), (140, 140), (140, 190), (140, 240)]
SEVEN: Sequence[Point] = [(80, 60), (140, 58), (200, 60), (150, 140), (120, 230)]
SHORT: Sequence[Point] = [(60, 200), (80, 220)]

STANDS = """quiet => {
    if (!window.lastChange) {
        window.lastChange = performance.now();
        new MutationObserver(() => { window.lastChange = performance.now(); })
            .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    }
    const charts = [...document.querySelectorAll("[data-testid=stVegaLiteChart]")];
    return document.querySelector("[data-test-script-state=notRunning]")
        && !document.querySelector("[data-testid=stSkeleton], [data-testid=stSpinner]")
        && charts.every((chart) => chart.querySelector("canvas, svg.marks"))
        && document.fonts.status === "loaded"
        && performance.now() - window.lastChange > quiet;
}"""


# Returns a promise that resolves after so many of the browser's own frames.
FRAMES = """count => new Promise((done) => {
    const next = () => (count-- > 0 ? requestAnimationFrame(next) : done());
    next();
})"""


# The networks that the browser has fetched since the page was loaded
FETCHED = """performance.getEntriesByType("resource")
    .filter((file) => file.name.endsWith(".gz") && file.responseStatus === 200)"""


def wait_until(page: Page, condition: Callable[[], bool]) -> None:
    """Wait until the condition holds, while the page goes on."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "the condition was never met"
        page.wait_for_timeout(50)


def wait_for_networks(page: Page, count: int = 1) -> None:
    """Wait until the browser has fetched so many networks, and so can read by itself."""
    page.wait_for_function(f"count => {FETCHED}.length >= count", arg=count)


class Visitor:
    """A visitor at the draw page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(1000 * PATIENCE)
        self.canvas: Locator = page.locator("canvas.upper-canvas")
        self.prediction = page.get_by_test_id("prediction")

    def arrive(self, url: str) -> "Visitor":
        """Open the page and wait until it can be drawn on."""
        self.page.goto(url)
        self.wait_for_canvas()
        return self

    def wait_for_canvas(self) -> None:
        """Wait until the canvas takes strokes: it is visible, and its toolbar is out of the way."""
        expect(self.canvas).to_be_visible()
        expect(self.page.locator(".dc-toolbar")).to_be_hidden()

    def draw(self, points: Sequence[Point]) -> None:
        """Draw a stroke with the mouse, in canvas pixels."""
        self.put_pen_down(points)
        self.page.mouse.up()

    def put_pen_down(self, points: Sequence[Point]) -> None:
        """Draw a stroke, and leave the pen on the canvas."""
        self.scroll_to_canvas()
        self.canvas.hover(trial=True)  # waits until it stands still: the menu may still be moving
        (x, y), *rest = self.on_page(points)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for x, y in rest:
            self.page.mouse.move(x, y, steps=3)

    def scroll_to_canvas(self) -> None:
        """Bring the canvas out from below the menu, or back into the window."""
        self.canvas.evaluate(
            """canvas => {
                const { top, bottom } = canvas.getBoundingClientRect();
                if (top < 60 || bottom > innerHeight) canvas.scrollIntoView({ block: "center", behavior: "instant" });
            }"""
        )

    def draw_with_finger(self, points: Sequence[Point]) -> None:
        """Draw a stroke with a finger, in canvas pixels."""
        session: CDPSession = self.page.context.new_cdp_session(self.page)
        kinds = ["touchStart", *["touchMove"] * (len(points) - 1)]
        for kind, (x, y) in zip(kinds, self.on_page(points), strict=True):
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def on_page(self, points: Sequence[Point]) -> list[Point]:
        """Convert canvas pixels to pixels of the page."""
        box = self.canvas.bounding_box()
        assert box is not None
        scale = box["height"] / CANVAS_SIDE  # larger than 1 on a projector
        return [(box["x"] + scale * x, box["y"] + scale * y) for x, y in points]

    def reads(self, digit: int) -> None:
        """Wait until the server says that the drawing is this digit."""
        from_browser = "[data-source=browser] *"
        expect(self.page.locator(f"[data-testid=prediction]:not({from_browser})")).to_have_text(str(digit))

    def reads_nothing(self) -> None:
        """Wait until the page says that there is nothing to read."""
        expect(self.prediction).to_have_count(0)

    def keeps(self, strokes: int) -> None:
        """Wait until the tab has saved a drawing of so many strokes for a reload. Then the server has seen them all."""
        is_saved = "count => JSON.parse(sessionStorage.getItem('inkling-canvas') ?? '[]').length === count"
        self.page.wait_for_function(is_saved, arg=strokes)

    def press(self, button: str) -> None:
        """Press one of the buttons below the canvas."""
        self.page.get_by_role("button", name=button).click()

    def start_over(self) -> None:
        """Empty the canvas, wait until the server knows, and restore the window's size and scroll to the top."""
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.press("Clear")
        self.reads_nothing()
        self.page.get_by_role("heading", name="Draw a digit").click()  # on a slow server, this sends the drawing
        expect(self.page.locator(".reading[data-source=server]")).to_be_visible()
        self.keeps(0)
        self.page.get_by_test_id("stMain").evaluate("main => main.scrollTo({ top: 0, behavior: 'instant' })")

    def go_to(self, page_title: str) -> None:
        """Go to another page by the menu."""
        self.page.get_by_role("link", name=page_title).click()

    def settle(self, quiet: int = 700) -> None:
        """Wait until the script has run, the charts are drawn, and nothing has changed for a while."""
        self.page.wait_for_function(STANDS, arg=quiet)

    def stand_still(self, locator: Locator) -> None:
        """Wait until an element has stayed in its place for some frames."""
        places: list[object] = []

        def stands() -> bool:
            self.page.evaluate(FRAMES, 5)
            places.append(locator.bounding_box())
            return len(places) > 2 and places[-1] == places[-2] == places[-3]

        wait_until(self.page, stands)

    def probabilities(self) -> list[float]:
        """Return the probabilities of the ten bars, in their order on the page."""
        return [float(bar.get_attribute("data-probability") or "nan") for bar in self.bars()]

    def bars(self) -> list[Locator]:
        """Return the ten bars, in their order on the page."""
        return self.page.locator("[data-digit]").all()

    def ink(self) -> int:
        """Count the white pixels of the canvas that the visitor sees."""
        return int(
            self.page.locator("canvas.dc-canvas.lower-canvas").evaluate(
                """canvas => {
                    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
                    return pixels.filter((level, i) => i % 4 === 0 && level > 127).length;
                }"""
            )
        )

    def has_ink(self, pixels: int) -> None:
        """Wait until the canvas shows exactly so many white pixels."""
        wait_until(self.page, lambda: self.ink() == pixels)

    def has_more_ink(self, pixels: int) -> None:
        """Wait until the canvas shows more white pixels than these."""
        wait_until(self.page, lambda: self.ink() > pixels)


def is_put_off(request: Request) -> bool:
    """Return whether the browser has stopped fetching a network to let the first stroke go first."""
    return request.url.endswith(".gz") and request.failure == "net::ERR_ABORTED"


def complaints_of(page: Page) -> list[str]:
    """Return a list that grows with every error that the browser reports from now on."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url) if not is_put_off(request) else None)
    return complaints
