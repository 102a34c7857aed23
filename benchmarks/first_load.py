"""What a browser loads until the canvas can be drawn on, and how long that takes: `python -m benchmarks.first_load`.

The server has been visited before. It is asked directly and through the shipped nginx, which compresses; by a fresh
browser and by the same browser when it comes back; on this machine and over a slow network. Bytes are counted as they
come over the wire. The websocket's messages are not compressed.
"""

import base64
import statistics
from collections.abc import Iterator
from typing import Any, NamedTuple

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from benchmarks.machine import describe
from benchmarks.slow_link import LATENCY, throttle
from tests.browser.chromium import launch
from tests.browser.cluster import Cluster
from tests.browser.server import Server
from tests.browser.visitor import Visitor

VISITORS = 5
MEGABITS = 10  # a second, as a phone may have
# Checks the condition of Visitor.wait_for_canvas in each frame, to find the first moment at which a stroke would count.
WATCH = """(() => {
    const inside = (node) => node.querySelector(".dc-root")
        ?? [...node.querySelectorAll("*")].map((child) => child.shadowRoot && inside(child.shadowRoot)).find(Boolean);
    const isDrawable = () => {
        const place = document.querySelector(".st-key-canvas");
        const canvas = place && inside(place);
        const toolbar = canvas?.querySelector(".dc-toolbar");
        return toolbar && canvas.querySelector("canvas.upper-canvas") && getComputedStyle(toolbar).display === "none";
    };
    const look = () => {
        if (isDrawable()) window.drawable = performance.now();
        else requestAnimationFrame(look);
    };
    look();
})()"""


class Load(NamedTuple):
    """What had been loaded when the canvas could be drawn on."""

    seconds: float
    files: int  # that came over the wire
    bytes: int  # theirs
    socket_bytes: int


class Traffic:
    """What a page receives, by the browser's own account."""

    def __init__(self, session: CDPSession) -> None:
        self.files: list[tuple[float, int]] = []  # time on the browser's clock, and bytes
        self.messages: list[tuple[float, int]] = []
        self.started: dict[str, Any] = {}
        session.on("Network.requestWillBeSent", self._start)
        session.on("Network.loadingFinished", self._finish)
        session.on("Network.webSocketFrameReceived", self._receive)
        session.send("Network.enable")

    def _start(self, event: dict[str, Any]) -> None:
        self.started = self.started or event

    def _finish(self, event: dict[str, Any]) -> None:
        self.files.append((event["timestamp"], int(event["encodedDataLength"])))

    def _receive(self, event: dict[str, Any]) -> None:
        response = event["response"]
        payload = response["payloadData"]
        length = len(base64.b64decode(payload)) if response["opcode"] == 2 else len(payload.encode())
        self.messages.append((event["timestamp"], length))

    def until(self, epoch_seconds: float) -> tuple[list[int], list[int]]:
        """Return the sizes of the files and messages received by then; files from the browser's cache have size 0."""
        end = epoch_seconds - self.started["wallTime"] + self.started["timestamp"]
        files, messages = ([size for time, size in all_ if time <= end] for all_ in (self.files, self.messages))
        return files, messages


def load(page: Page, url: str, is_slow: bool) -> Load:
    """Visit the page and return what it loaded."""
    session = page.context.new_cdp_session(page)
    traffic = Traffic(session)
    if is_slow:
        throttle(session, MEGABITS * 1000 // 8)
    page.add_init_script(WATCH)
    Visitor(page).arrive(url)
    milliseconds = page.wait_for_function("window.drawable").json_value()
    files, messages = traffic.until((page.evaluate("performance.timeOrigin") + milliseconds) / 1000)
    return Load(milliseconds / 1000, sum(size > 0 for size in files), sum(files), sum(messages))


def visits(context: BrowserContext, url: str, is_slow: bool) -> Iterator[Load]:
    """Yield the loads of a browser's first visit and its second."""
    for _ in range(2):
        page = context.new_page()
        yield load(page, url, is_slow)
        page.wait_for_timeout(1000)
        page.close()


def report(what: str, loads: tuple[Load, ...]) -> None:
    """Print a line of the table: medians, and the worst time."""
    seconds, files, size, socket_size = (statistics.median(column) for column in zip(*loads, strict=True))
    worst = max(each.seconds for each in loads)
    print(
        f"{what:<48} {seconds:>5.2f} s (worst {worst:.2f} s) {files:>4.0f} files of {size:>11,.0f} bytes "
        f"{socket_size:>9,.0f} in messages",
        flush=True,
    )


def measure(browser: Browser, name: str, url: str) -> None:
    """Measure and report everything about one address."""
    Visitor(browser.new_page()).arrive(url)  # the server has been visited, and nginx has its files
    for is_slow in (False, True):
        both = []
        for _ in range(VISITORS):
            context = browser.new_context()  # with nothing in its cache
            both.append(tuple(visits(context, url, is_slow)))
            context.close()
        network = f"{MEGABITS} Mbit/s, {LATENCY} ms" if is_slow else "this machine"
        for which, loads in zip(("first", "again"), zip(*both, strict=True), strict=True):
            report(f"{name}, {network}, {which}", loads)


def main() -> None:
    """Run the command line."""
    with sync_playwright() as playwright, launch(playwright) as browser:
        print(f"{describe()}, Chromium {browser.version}; medians of {VISITORS} visitors")
        with Server() as server:
            measure(browser, "Streamlit", server.url)
        with Cluster(1) as cluster:
            measure(browser, "nginx", cluster.url)


if __name__ == "__main__":
    main()
