"""What the browser reads while the pen is down: `python -m benchmarks.live_preview --pen-digits FILE`.

Pen digits are drawn on the real canvas in Chromium, at random sizes and places, with the pen's usual width. For each,
the browser's last answer is compared with the server's. For each frame, the time for preprocessing, forward pass and
display is taken. The bytes that the server sends are counted.
"""

import argparse
import statistics
from pathlib import Path

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Page, WebSocket, sync_playwright

from benchmarks.machine import describe
from model.pen_digits import Points, place_at_random, read_pen_digits
from tests.browser.chromium import launch
from tests.browser.server import Server
from tests.browser.visitor import Visitor

COUNT = 500
SEED = 1
# Times the function that live_preview.js calls in each frame, by its name.
TIME_FRAMES = """(() => {
    const ask = window.requestAnimationFrame.bind(window);
    window.milliseconds = [];
    window.requestAnimationFrame = (act) => ask((time) => {
        const before = performance.now();
        act(time);
        if (act.name === "frame") window.milliseconds.push(performance.now() - before);
    });
})()"""
WATCH_ANSWERS = """() => {
    const read = (source) => [...document.querySelectorAll(`[data-source=${source}] [data-probability]`)]
        .map((bar) => Number(bar.dataset.probability));
    window.latest = {};
    new MutationObserver(() => {
        for (const source of ["browser", "server"]) {
            const probabilities = read(source);
            if (probabilities.length) window.latest[source] = probabilities;
        }
    }).observe(document.querySelector(".st-key-digit"), { subtree: true, childList: true, attributes: true });
}"""


def draw(visitor: Visitor, strokes: list[Points]) -> npt.NDArray[np.float64]:
    """Draw a digit, and return float64 [2, 10]: the browser's last probabilities, and the server's."""
    page = visitor.page
    for stroke in strokes:
        page.evaluate("window.latest = {}")
        (x, y), *rest = visitor.on_page([(float(x), float(y)) for x, y in stroke])
        page.mouse.move(x, y)
        page.mouse.down()
        for x, y in rest:
            page.mouse.move(x, y)
        page.mouse.up()
        page.wait_for_function("window.latest.browser && window.latest.server")
        page.wait_for_timeout(250)  # until the package has sent the same drawing, too
    latest = page.evaluate("window.latest")
    return np.array([latest["browser"], latest["server"]])


def measure(page: Page, url: str, digits: list[list[Points]]) -> None:
    """Draw all digits, and print the results."""
    received: list[int] = []
    page.add_init_script(TIME_FRAMES)

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda message: received.append(len(message)))

    page.on("websocket", listen)
    visitor = Visitor(page).arrive(url)
    page.wait_for_timeout(3000)
    print(f"bytes sent until the page stands: {sum(received):,}, of them the network {max(received):,}")
    page.evaluate(WATCH_ANSWERS)
    before, answers = sum(received), []
    for strokes in digits:
        answers.append(draw(visitor, strokes))
        visitor.press("Clear")
        visitor.reads_nothing()
        page.wait_for_timeout(100)
    strokes_drawn = sum(map(len, digits))
    each = (sum(received) - before) // strokes_drawn
    print(f"bytes sent for each of {strokes_drawn:,} strokes, with a Clear after each digit: {each:,}")
    report_frames(page.evaluate("window.milliseconds"))
    report_agreement(np.array(answers))


def report_frames(milliseconds: list[float]) -> None:
    """Print the times of all frames except those with nothing new to read, which take no time."""
    worked = [each for each in milliseconds if each > 0.3]
    p95, p99 = (statistics.quantiles(worked, n=100)[share] for share in (94, 98))
    print(f"{len(worked):,} frames: median {statistics.median(worked):.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms")


def report_agreement(answers: npt.NDArray[np.float64]) -> None:
    """Print how well browser and server agree. answers: [N, 2, 10], browser and server."""
    browser, server = answers[:, 0], answers[:, 1]
    apart = np.abs(browser - server).max(axis=1)
    same = (browser.argmax(axis=1) == server.argmax(axis=1)).mean()
    print(
        f"{len(answers)} digits: the same digit in {same:.1%}; probabilities apart by at most {apart.max():.4f}, "
        f"by more than 0.02 in {(apart > 0.02).sum()}"
    )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live_preview")
    parser.add_argument("--pen-digits", type=Path, required=True, metavar="FILE", help="gzipped strokes")
    parser.add_argument("--count", type=int, default=COUNT, help="digits, default: %(default)s")
    arguments = parser.parse_args()
    random = np.random.default_rng(SEED)
    pen_digits = read_pen_digits(arguments.pen_digits)
    chosen = random.permutation(len(pen_digits))[: arguments.count]
    digits = [place_at_random(pen_digits[i].strokes, random)[0] for i in chosen]
    with sync_playwright() as playwright, launch(playwright) as browser, Server() as server:
        print(f"{describe()}, Chromium {browser.version}")
        measure(browser.new_page(), server.url, digits)


if __name__ == "__main__":
    main()
