"""Firefox and WebKit, as a tour needs them: `python -m tests.browser.other_browsers` installs what is not there.

Playwright's own builds are used where a machine has them. Debian has packages of both: Firefox itself speaks WebDriver
BiDi, and WebKit comes with a driver that speaks WebDriver's older protocol.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Literal, Protocol

from playwright.sync_api import Page, Playwright, sync_playwright
from websockets.sync.client import ClientConnection, connect

from tests.browser.server import free_port
from tests.browser.visitor import PATIENCE, Point

Name = Literal["firefox", "webkit"]
NAMES: tuple[Name, ...] = ("firefox", "webkit")
PACKAGES = {"firefox": ["firefox-esr"], "webkit": ["webkit2gtk-driver", "xvfb"]}
WIDTH, HEIGHT = 1280, 900  # pixels of the window


class Driver(Protocol):
    """What a tour needs of a browser."""

    def open(self, url: str) -> None:
        """Go to an address, or load the page again."""

    def evaluate(self, expression: str) -> Any:
        """Have the page compute it; a promise is waited for."""

    def drag(self, points: Sequence[Point]) -> None:
        """Press the mouse's button at the first of the window's points, and let it go at the last one."""


class PlaywrightDriver:
    """One of Playwright's own builds."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(1000 * PATIENCE)

    def open(self, url: str) -> None:
        """See Driver."""
        self.page.goto(url)

    def evaluate(self, expression: str) -> Any:
        """See Driver."""
        return self.page.evaluate(expression)

    def drag(self, points: Sequence[Point]) -> None:
        """See Driver."""
        mouse = self.page.mouse
        mouse.move(*points[0])
        mouse.down()
        for x, y in points[1:]:
            mouse.move(x, y)
        mouse.up()


def drag_actions(points: Sequence[Point]) -> list[dict[str, Any]]:
    """The same as both of WebDriver's protocols put it."""
    moves = [{"type": "pointerMove", "x": round(x), "y": round(y), "duration": 20} for x, y in points]
    actions = [moves[0], {"type": "pointerDown", "button": 0}, *moves[1:], {"type": "pointerUp", "button": 0}]
    return [{"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}]


class BidiDriver:
    """A browser that speaks WebDriver BiDi."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.numbers = count(1)
        self.call("session.new", capabilities={})
        self.context = self.call("browsingContext.getTree")["contexts"][0]["context"]
        size = {"width": WIDTH, "height": HEIGHT}
        self.call("browsingContext.setViewport", context=self.context, viewport=size)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give an order and wait for its result."""
        number = next(self.numbers)
        self.connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.connection.recv(timeout=PATIENCE))
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return dict(answer["result"])

    def open(self, url: str) -> None:
        """See Driver."""
        self.call("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """See Driver."""
        code = f"(async () => JSON.stringify(await ({expression}) ?? null))()"
        target = {"context": self.context}
        answer = self.call("script.evaluate", expression=code, target=target, awaitPromise=True)
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])

    def drag(self, points: Sequence[Point]) -> None:
        """See Driver."""
        self.call("input.performActions", context=self.context, actions=drag_actions(points))


class WebDriver:
    """A browser that speaks WebDriver's older protocol."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.url = f"{url}/session/{self.call('/session', capabilities={})['sessionId']}"
        self.call("/window/rect", width=WIDTH, height=HEIGHT)

    def call(self, path: str, **parameters: Any) -> Any:
        """Give an order and wait for its result."""
        request = urllib.request.Request(self.url + path, json.dumps(parameters).encode())
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)["value"]

    def open(self, url: str) -> None:
        """See Driver."""
        self.call("/url", url=url)

    def evaluate(self, expression: str) -> Any:
        """See Driver."""
        code = f"const done = arguments[0]; (async () => JSON.stringify(await ({expression}) ?? null))().then(done)"
        return json.loads(self.call("/execute/async", script=code, args=[]))

    def drag(self, points: Sequence[Point]) -> None:
        """See Driver."""
        self.call("/actions", actions=drag_actions(points))

    def close(self) -> None:
        """End the browser."""
        urllib.request.urlopen(urllib.request.Request(self.url, method="DELETE"), timeout=PATIENCE).close()


def stop(process: subprocess.Popen[Any]) -> None:
    """End a process that was started here."""
    process.terminate()
    process.wait(timeout=PATIENCE)


def firefox(starting: ExitStack) -> BidiDriver:
    """Debian's Firefox, or a machine's own."""
    profile = starting.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
    process = subprocess.Popen(
        [
            *(shutil.which("firefox-esr") or "firefox", "--headless", "--no-remote", "--profile", profile),
            *("--remote-debugging-port", "0"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    starting.callback(stop, process)
    assert process.stderr
    starting.enter_context(process.stderr)
    address = next(filter(None, (re.search(r"ws://\S+", line) for line in process.stderr)))
    return BidiDriver(starting.enter_context(connect(f"{address[0]}/session", max_size=None)))


def webkit(starting: ExitStack) -> WebDriver:
    """Debian's WebKit, in a window that nobody sees."""
    read_end, write_end = os.pipe()
    size = f"{WIDTH}x{HEIGHT}x24"
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=[write_end],
        stderr=subprocess.DEVNULL,
    )
    starting.callback(stop, screen)
    os.close(write_end)
    with open(read_end, encoding="ascii") as number:  # noqa: PTH123 (a pipe has no path)
        display = f":{number.readline().strip()}"
    port = free_port()
    starting.callback(
        stop,
        subprocess.Popen(["WebKitWebDriver", f"--port={port}"], env={**os.environ, "DISPLAY": display}),
    )
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            assert time.monotonic() < deadline, "WebKit's driver did not start"
            time.sleep(0.05)
    driver = WebDriver(f"http://127.0.0.1:{port}")
    starting.callback(driver.close)
    return driver


START: dict[Name, Callable[[ExitStack], Driver]] = {"firefox": firefox, "webkit": webkit}


def has_own(playwright: Playwright, name: Name) -> bool:
    """Whether Playwright's own build is on this machine."""
    return Path(getattr(playwright, name).executable_path).exists()


def has_debians(name: Name) -> bool:
    """Whether what Debian packages is on this machine."""
    if name == "firefox":
        return bool(shutil.which("firefox-esr") or shutil.which("firefox"))
    return bool(shutil.which("WebKitWebDriver") and shutil.which("Xvfb"))


@contextmanager
def start(playwright: Playwright, name: Name) -> Iterator[Driver | None]:
    """A browser with an empty window; None where there is none."""
    with ExitStack() as starting:
        if has_own(playwright, name):
            browser = starting.enter_context(getattr(playwright, name).launch())
            yield PlaywrightDriver(browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}))
        else:
            yield START[name](starting) if has_debians(name) else None


def install(name: Name) -> None:
    """Debian's packages, and Playwright's own build where there are none."""
    as_root = [] if not hasattr(os, "geteuid") or os.geteuid() == 0 else ["sudo"]
    if shutil.which("apt-get"):
        subprocess.run([*as_root, "apt-get", "update"], check=True)
        packages = ["apt-get", "install", "--yes", "--no-install-recommends", *PACKAGES[name]]
        if subprocess.run([*as_root, *packages], check=False).returncode == 0:
            return
    with_what_it_needs = ["--with-deps"] if sys.platform == "linux" else []
    subprocess.run([sys.executable, "-m", "playwright", "install", *with_what_it_needs, name], check=True)


if __name__ == "__main__":
    with sync_playwright() as playwright:
        missing = [name for name in NAMES if not (has_own(playwright, name) or has_debians(name))]
    for name in missing:
        install(name)
