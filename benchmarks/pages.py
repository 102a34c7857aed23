"""Opening a page, and what it costs the server: `python -m benchmarks.pages`.

Measured in Chromium, from the click in the menu to the last change on the page. For each page a server has just
started, and is visited by one visitor, then by others with fresh browsers.
"""

import statistics

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.machine import describe, memory_of
from tests.browser.chromium import launch
from tests.browser.server import Server
from tests.browser.visitor import Visitor

PAGES = ("Why deep?", "Inside", "Loss and learning", "MNIST", "Test set")
VISITORS = 5
QUIET = 1000  # milliseconds without a change, after which the page counts as complete
WATCH = """() => {
    window.changed = window.clicked = 0;
    new MutationObserver(() => { window.changed = performance.now(); })
        .observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
}"""


def last_change(page: Page) -> float:
    """Wait until the page has stopped changing, and return when it changed last, in milliseconds."""
    page.wait_for_function(
        "quiet => window.changed > window.clicked && performance.now() - window.changed > quiet", arg=QUIET
    )
    return float(page.evaluate("window.changed"))


def opening_time(browser: Browser, server: Server, title: str) -> float:
    """Return how many milliseconds a new visitor at the draw page waits for another page."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    Visitor(page).arrive(server.url)
    page.wait_for_timeout(QUIET)
    page.evaluate(WATCH)
    link = page.get_by_role("link", name=title, exact=True)
    link.evaluate("link => link.addEventListener('click', () => { window.clicked = performance.now(); })")
    link.click()
    milliseconds = last_change(page) - float(page.evaluate("window.clicked"))
    context.close()
    return milliseconds


def main() -> None:
    """Run the command line."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        print(f"{describe()}, Chromium {browser.version}; first visit, then {VISITORS} other visitors")
        print(f"{'page':<20} {'first':>9} {'median':>9} {'worst':>9} {'memory':>16}")
        for title in PAGES:
            with Server() as server:
                opening_time(browser, server, "One neuron")  # loads what every page needs
                before = memory_of(server)
                first = opening_time(browser, server, title)
                once = memory_of(server)
                later = [opening_time(browser, server, title) for _ in range(VISITORS)]
                print(
                    f"{title:<20} {first:>6.0f} ms {statistics.median(later):>6.0f} ms {max(later):>6.0f} ms "
                    f"{once - before:>+6.0f} MiB, then {memory_of(server) - once:>+.0f} MiB",
                    flush=True,
                )


if __name__ == "__main__":
    main()
