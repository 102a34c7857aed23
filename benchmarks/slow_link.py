"""The first answer on a slow link: `python -m benchmarks.slow_link`.

Chromium's network is throttled, its websockets included. A fresh browser opens the page and draws as soon as heading
and canvas are there. Another one waits until its network is on the way, and then draws. The time of each answer runs
from the lifting of the pen until the page names a digit, whether the server or the browser has read it.
"""

import argparse
import statistics
import time
from functools import partial
from typing import NamedTuple

from playwright.sync_api import Browser, CDPSession, Page, Request, expect, sync_playwright

from benchmarks.machine import describe
from tests.browser.chromium import launch
from tests.browser.server import Server
from tests.browser.visitor import SEVEN, Visitor

RATES = (180, 60)  # kilobytes a second, each way
LATENCY = 40  # milliseconds before the answer to each request
VISITS = 3
MAX_LOAD_MILLISECONDS = 300_000
NETWORK = ".gz"  # the end of its address
# Once the pen is lifted, each frame checks whether the answer is there.
WATCH = """() => {
    window.answer = null;
    const before = document.querySelector(".reading[data-source]");
    const isThere = (place) => place?.querySelector("[data-testid=prediction]")
        && (place !== before || place.dataset.source === "browser");
    addEventListener("pointerup", () => {
        const lifted = performance.now();
        const look = () => {
            const place = document.querySelector(".reading[data-source]");
            if (isThere(place)) window.answer = [performance.now() - lifted, place.dataset.source];
            else requestAnimationFrame(look);
        };
        look();
    }, { once: true, capture: true });
}"""


class Answer(NamedTuple):
    """How long an answer took, in seconds, and who gave it."""

    seconds: float
    source: str


class Visit(NamedTuple):
    """What one visitor saw, in seconds."""

    stands: float  # from the address to heading and canvas
    first: Answer
    second: Answer
    network: float  # from heading and canvas until the network was there


def throttle(session: CDPSession, kilobytes: int) -> None:
    """Let so many kilobytes a second through, each way."""
    throughput = 1000 * kilobytes
    conditions = {
        "offline": False,
        "latency": LATENCY,
        "downloadThroughput": throughput,
        "uploadThroughput": throughput,
    }
    session.send("Network.emulateNetworkConditions", conditions)


def draw(page: Page) -> Answer:
    """Draw a stroke, and wait for its answer."""
    page.evaluate(WATCH)
    Visitor(page).draw(SEVEN)
    milliseconds, source = page.wait_for_function("window.answer").json_value()
    return Answer(milliseconds / 1000, source)


def visit(browser: Browser, url: str, kilobytes: int, waits: bool) -> Visit:
    """Draw twice: at once, or if the visitor `waits`, when the network is on its way; and once more."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(MAX_LOAD_MILLISECONDS)
    throttle(page.context.new_cdp_session(page), kilobytes)
    asked, arrived = listen(page)
    began = time.monotonic()
    page.goto(url)
    expect(page.get_by_role("heading", name="Draw a digit")).to_be_visible(timeout=MAX_LOAD_MILLISECONDS)
    Visitor(page).canvas.wait_for()
    stands = time.monotonic()
    while waits and not asked:
        page.wait_for_timeout(50)
    first = draw(page)
    page.wait_for_timeout(1000)
    second = draw(page)
    while not arrived:
        page.wait_for_timeout(50)
    context.close()
    return Visit(stands - began, first, second, arrived[0] - stands)


def listen(page: Page) -> tuple[list[float], list[float]]:
    """Return when the network is asked for and when it has come, by `time.monotonic`, from now on."""
    asked: list[float] = []
    arrived: list[float] = []

    def note(moments: list[float], request: Request) -> None:
        if request.url.endswith(NETWORK):
            moments.append(time.monotonic())

    page.on("request", partial(note, asked))
    page.on("requestfinished", partial(note, arrived))
    return asked, arrived


def report(kilobytes: int, what: str, visits: list[Visit]) -> None:
    """Print a line of the table: medians, and the worst."""

    def median(seconds: list[float]) -> str:
        return f"{statistics.median(seconds):.2f} s (worst {max(seconds):.2f} s)"

    print(
        f"{kilobytes} KB/s, {what}: stands after {median([each.stands for each in visits])}; "
        f"first answer {median([each.first.seconds for each in visits])}; "
        f"second {median([each.second.seconds for each in visits])}; "
        f"network there after {median([each.network for each in visits])}; "
        f"first answers by {sorted({each.first.source for each in visits})}",
        flush=True,
    )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.slow_link")
    parser.add_argument("--visits", type=int, default=VISITS, help="of each kind, default: %(default)s")
    arguments = parser.parse_args()
    with sync_playwright() as playwright, launch(playwright) as browser, Server() as server:
        print(f"{describe()}, Chromium {browser.version}; medians of {arguments.visits} visits", flush=True)
        Visitor(browser.new_page()).arrive(server.url)  # the server has been visited
        for kilobytes in RATES:
            for what, waits in (("drawn at once", False), ("drawn while the network comes", True)):
                visits = [visit(browser, server.url, kilobytes, waits) for _ in range(arguments.visits)]
                report(kilobytes, what, visits)


if __name__ == "__main__":
    main()
