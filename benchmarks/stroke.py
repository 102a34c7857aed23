"""From lifting the pen to new bars, in Chromium: `python -m benchmarks.stroke`.

Measured in the page, from the browser's mouseup event to the server's bars: for Inkling, for Inkling without its quick
way to send, and for the plain app in plain_app.py.
"""

import random
import statistics
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.machine import describe
from tests.browser.chromium import launch
from tests.browser.server import Server
from tests.browser.visitor import Point, Visitor

STROKES = 60
WATCH = """() => {
    const all = () => [...document.querySelectorAll("[data-probability]:not([data-source=browser] *)")];
    const read = () => all().map((bar) => bar.dataset.probability).join();
    let bars = read(), lifted = null;
    window.milliseconds = [];
    document.addEventListener("mouseup", () => { lifted = performance.now(); }, true);
    new MutationObserver(() => {
        const now = read();
        if (now === bars || now === "") return;
        bars = now;
        if (lifted !== null) window.milliseconds.push(performance.now() - lifted);
        lifted = null;
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
}"""


def scribble(randomly: random.Random) -> list[Point]:
    """Return a stroke of twelve turns somewhere on the canvas."""
    points = [(randomly.uniform(60, 220), randomly.uniform(60, 220))]
    for _ in range(12):
        x, y = (min(260, max(20, place + randomly.uniform(-25, 25))) for place in points[-1])
        points.append((x, y))
    return points


def measure(page: Page, url: str, quick: bool = True) -> list[float]:
    """Return the milliseconds of each stroke, from a fresh server's first one on, with three strokes a drawing."""
    page.goto(url)
    visitor = Visitor(page)
    visitor.canvas.wait_for()
    page.wait_for_timeout(3000)
    page.evaluate(WATCH)
    if not quick:
        page.locator(".dc-toolbar").evaluate("toolbar => toolbar.replaceChildren()")
    clear = page.get_by_role("button", name="Clear").or_(page.get_by_title("Reset canvas")).last
    randomly = random.Random(0)
    milliseconds = []
    for stroke in range(STROKES):
        if stroke % 3 == 0 and stroke > 0:
            clear.evaluate("button => button.click()")
            page.wait_for_timeout(500)
        page.evaluate("window.milliseconds.length = 0")
        visitor.draw(scribble(randomly))
        page.wait_for_function("window.milliseconds.length > 0")
        milliseconds.append(page.evaluate("window.milliseconds[0]"))
        page.wait_for_timeout(300)
    return milliseconds


def report(name: str, milliseconds: list[float]) -> None:
    """Print one row of the table."""
    p95 = statistics.quantiles(milliseconds, n=20)[-1]
    first, median = milliseconds[0], statistics.median(milliseconds)
    print(f"{name:<44} {median:>9.0f} ms {p95:>9.0f} ms {first:>9.0f} ms", flush=True)


def run(browser: Browser, name: str, script: Path | None = None, quick: bool = True) -> None:
    """Measure an app on a server of its own."""
    with Server() if script is None else Server(script) as server:
        page = browser.new_page()
        report(name, measure(page, server.url, quick))
        page.close()


def main() -> None:
    """Run the command line."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        print(f"{describe()}, Chromium {browser.version}; {STROKES} strokes each")
        print(f"{'pen-up to new bars':<44} {'median':>12} {'p95':>12} {'first':>12}")
        run(browser, "Inkling")
        run(browser, "Inkling, the package's own 200 ms wait", quick=False)
        run(browser, "plain Streamlit with Keras in the page", Path(__file__).with_name("plain_app.py"))


if __name__ == "__main__":
    main()
