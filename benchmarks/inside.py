"""A rerun on the pages about the inside of a network: `python -m benchmarks.inside`.

Measured in Chromium, from the message that tells the server of a slider or a button to the last message of its answer.
That includes the server and the browser's receiving, but not its drawing. The draw page's slider is measured as well.
"""

import statistics
from collections.abc import Callable

from playwright.sync_api import Page, sync_playwright

from benchmarks.machine import describe
from tests.browser.chromium import launch
from tests.browser.server import Server
from tests.browser.visitor import SEVEN, Visitor

TIMES = 15
QUIET = 500  # milliseconds without a message: the answer is over
LISTEN = """
    window.traffic = { sent: 0, received: 0 };
    window.WebSocket = class extends WebSocket {
        constructor(...all) {
            super(...all);
            this.addEventListener("message", () => { traffic.received = performance.now(); });
        }
        send(data) {
            traffic.sent = performance.now();
            super.send(data);
        }
    };
"""
NETWORKS = ("Simple", "Robust")


def milliseconds(page: Page, act: Callable[[int], None]) -> list[float]:
    """Return how long the server took for each of many actions, after one to warm up."""
    times = []
    for i in range(TIMES + 1):
        before = page.evaluate("traffic.sent")
        act(i)
        page.wait_for_function("before => traffic.sent > before", arg=before)
        page.wait_for_function(
            "quiet => traffic.received > traffic.sent && performance.now() - traffic.received > quiet", arg=QUIET
        )
        times.append(page.evaluate("traffic.received - traffic.sent"))
    return times[1:]


def report(name: str, times: list[float]) -> None:
    """Print one row of the table."""
    p95 = statistics.quantiles(times, n=20)[-1]
    print(f"{name:<66} {statistics.median(times):>6.0f} ms {p95:>6.0f} ms", flush=True)


def slide(page: Page, key: str) -> Callable[[int], None]:
    """Return an action that moves a slider by a key, to and fro."""
    slider = page.locator(f".st-key-{key}").get_by_role("slider")
    return lambda i: slider.press("ArrowLeft" if i % 2 else "ArrowRight")


def slide_on(page: Page, key: str) -> Callable[[int], None]:
    """Return an action that moves a slider by a key, always to a value that it has not had yet."""
    slider = page.locator(f".st-key-{key}").get_by_role("slider")
    return lambda _: slider.press("ArrowRight")


def click(page: Page, name: str) -> Callable[[int], None]:
    """Return an action that clicks a button."""
    return lambda _: page.get_by_role("button", name=name, exact=True).click()


def open_page(page: Page, url: str) -> Visitor:
    """Open a page and draw a digit on it."""
    page.goto(url)
    visitor = Visitor(page)
    visitor.wait_for_canvas()
    page.wait_for_timeout(2000)
    visitor.draw(SEVEN)
    page.wait_for_timeout(1000)
    return visitor


def measure(page: Page, server: Server) -> None:
    """Measure and print all rows."""
    open_page(page, server.url)
    report("Draw: pen width", milliseconds(page, slide(page, "pen_width")))
    page.goto(f"{server.url}/neuron")
    page.wait_for_timeout(2000)
    report("One neuron: a weight", milliseconds(page, slide(page, "neuron_w1")))
    open_page(page, f"{server.url}/why")
    report("Why deep?: next mistake", milliseconds(page, click(page, "Next mistake")))
    for network in NETWORKS:
        for path, rows in ROWS.items():
            open_page(page, server.url + path)
            page.locator(".st-key-network_inside").get_by_text(network, exact=True).click()
            page.wait_for_timeout(1500)
            for name, act in rows.items():
                report(f"{network}, {name}", milliseconds(page, act(page)))


ROWS: dict[str, dict[str, Callable[[Page], Callable[[int], None]]]] = {
    "/inside": {
        "inside: temperature": lambda page: slide(page, "temperature"),
        "inside: next mistake": lambda page: click(page, "Next mistake"),
        "inside: prune, with test accuracy": lambda page: slide_on(page, "pruned"),
        "inside: noise, with test accuracy": lambda page: slide_on(page, "noise"),
        "inside: weights of a neuron, with test accuracy": lambda page: slide_on(page, "weight_scale"),
    },
    "/backprop": {
        "backprop: learning rate": lambda page: slide(page, "descent_rate"),
        "backprop: a step, with test accuracy": lambda page: click(page, "Take a step"),
        "backprop: a hundred steps, with test accuracy": lambda page: click(page, "A hundred steps"),
    },
}


def main() -> None:
    """Run the command line."""
    with sync_playwright() as playwright, Server() as server:
        browser = launch(playwright)
        print(f"{describe()}, Chromium {browser.version}; {TIMES} times each")
        print(f"{'message sent to answer received':<66} {'median':>9} {'p95':>9}")
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.add_init_script(LISTEN)
        measure(page, server)


if __name__ == "__main__":
    main()
