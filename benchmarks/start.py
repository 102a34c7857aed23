"""From `streamlit run` to the first answer, and the server's memory: `python -m benchmarks.start`."""

import statistics
import time

from playwright.sync_api import Browser, sync_playwright

from benchmarks.machine import describe, memory_of
from tests.browser.chromium import launch
from tests.browser.server import Server
from tests.browser.visitor import ONE, SEVEN, Visitor

STARTS = 5
DRAWINGS = 10


def first_answer(browser: Browser) -> tuple[float, float]:
    """Return the seconds until the first answer, and the server's memory in MiB after ten drawings."""
    context = browser.new_context()  # with nothing in its cache
    started = time.perf_counter()
    with Server() as server:
        visitor = Visitor(context.new_page()).arrive(server.url)
        visitor.draw(SEVEN)
        visitor.reads(7)
        seconds = time.perf_counter() - started
        for drawing in range(DRAWINGS - 1):
            visitor.press("Clear")
            visitor.reads_nothing()
            visitor.draw((SEVEN, ONE)[drawing % 2])
            visitor.reads((7, 1)[drawing % 2])
        memory = memory_of(server)
    context.close()
    return seconds, memory


def main() -> None:
    """Run the command line."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        print(f"{describe()}, Chromium {browser.version}; {STARTS} starts")
        seconds, memory = zip(*(first_answer(browser) for _ in range(STARTS)), strict=True)
        median = statistics.median(seconds)
        print(f"`streamlit run` to the first answer: median {median:.1f} s, worst {max(seconds):.1f} s")
        print(f"server memory after {DRAWINGS} drawings: worst {max(memory):.0f} MiB")


if __name__ == "__main__":
    main()
