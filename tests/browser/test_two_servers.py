"""Two servers behind a real nginx with the shipped configuration: where visitors go, and what they lose."""

import gzip
import http.client
import re
import sys
import tomllib
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from http.cookiejar import CookieJar

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from tests.browser.cluster import NGINX, Cluster
from tests.browser.server import ROOT, Server
from tests.browser.visitor import ONE, SEVEN, SHORT, Visitor, complaints_of
from tests.photographs import as_file, paper, write

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")

RELOADED = "The page was loaded again, so this is a new session without your gallery, but with your drawing."
LOST = "The connection to the server was lost, so this is a new session without your gallery, but with your drawing."


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster(2) as cluster:
        yield cluster


@pytest.fixture
def visitors(browser: Browser, cluster: Cluster) -> Iterator[dict[str, Visitor]]:
    """One visitor of each server, by the server's letter. The first one has a phone."""
    contexts: list[BrowserContext] = []
    arrived: dict[str, Visitor] = {}
    while len(arrived) < 2 and len(contexts) < 8:
        contexts.append(browser.new_context(viewport=ViewportSize(width=1280 if arrived else 390, height=900)))
        visitor = Visitor(contexts[-1].new_page()).arrive(cluster.url)
        if letter(visitor.page) in arrived:
            contexts.pop().close()
        else:
            arrived[letter(visitor.page)] = visitor
    yield arrived
    for context in contexts:
        context.close()


def letter(page: Page) -> str:
    """Return the letter of the server that a visitor's cookie names."""
    return next(cookie.get("value", "") for cookie in page.context.cookies() if cookie.get("name") == "inkling")


def sessions(server: Server) -> int:
    """Return how many browsers hold a websocket to a server."""
    with urllib.request.urlopen(f"{server.url}/_stcore/metrics", timeout=10) as answer:
        found = re.search(r"^active_sessions (\d+)", answer.read().decode(), re.MULTILINE)
    assert found
    return int(found[1])


def status(url: str, method: str = "GET", data: bytes | None = None) -> int:
    """Return the HTTP status of the answer."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, method=method), timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def gallery(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("heading", name="Your gallery")


def toast(visitor: Visitor) -> Locator:
    return visitor.page.get_by_test_id("stToast")


def read_photograph(visitor: Visitor, digits: list[int]) -> None:
    """Upload a photograph, which must arrive where the websocket's session is."""
    visitor.page.locator("input[type=file]").first.set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": as_file(write(paper(), digits))}
    )
    expect(visitor.page.locator(".number")).to_have_text("".join(map(str, digits)))


def test_new_visitors_are_spread_evenly_and_stay_on_their_server(cluster: Cluster) -> None:
    first = Counter[str]()
    later: list[str] = []
    for _ in range(20):
        jar = CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        browser.open(cluster.url).read()
        first[next(cookie.value or "" for cookie in jar if cookie.name == "inkling")] += 1
        for path in ("/", "/_stcore/health", "/static/nothing.js"):
            later += browser.open(cluster.url + path).headers.get_all("Set-Cookie") or []
    assert first == {"a": 10, "b": 10}
    assert not [cookie for cookie in later if cookie.startswith("inkling=")]


def test_a_whole_school_behind_one_address_is_let_in(cluster: Cluster) -> None:
    answers = Counter(status(f"{cluster.url}/_stcore/stream") for _ in range(300))
    assert 429 not in answers


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere 127.0.0.1 is the only address of one's own machine")
def test_an_address_that_asks_for_too_much_is_told_to_wait(cluster: Cluster) -> None:
    port = int(cluster.url.rpartition(":")[2])
    flood = http.client.HTTPConnection("127.0.0.1", port, source_address=("127.0.0.2", 0), timeout=10)
    answers: Counter[int] = Counter()
    for _ in range(1_500):
        flood.request("GET", "/_stcore/stream")
        answer = flood.getresponse()
        answer.read()
        answers[answer.status] += 1
        if answer.status == 429:
            break
    assert 429 in answers
    assert answers.total() > 500
    assert status(f"{cluster.url}/_stcore/stream") != 429, "others are let in"


def test_large_uploads_and_metrics_never_reach_a_server(cluster: Cluster) -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    largest = settings["server"]["maxUploadSize"] * 2**20
    upload = f"{cluster.url}/_stcore/upload_file/session/file"
    assert status(upload, "PUT", bytes(largest + 1000)) == 403  # Streamlit's own answer to one without its token
    assert status(upload, "PUT", bytes(largest + 2**20 + 1)) == 413
    assert status(f"{cluster.url}/_stcore/metrics") == 404


def test_files_come_compressed_and_from_the_cache(cluster: Cluster) -> None:
    with urllib.request.urlopen(cluster.url) as page:
        script = re.search(r"static/js/[^\"]+", page.read().decode())
    assert script
    request = urllib.request.Request(f"{cluster.url}/{script[0]}", headers={"Accept-Encoding": "gzip"})
    for _ in range(2):
        with urllib.request.urlopen(request) as file:
            assert file.headers["Content-Encoding"] == "gzip"
            assert "immutable" in file.headers["Cache-Control"]
            assert gzip.decompress(file.read())
    assert list((cluster.folder / "inkling").rglob("*/*"))


def test_a_returning_browser_has_all_scripts_cached(cluster: Cluster, page: Page) -> None:
    Visitor(page).arrive(cluster.url)
    again = page.context.new_page()
    Visitor(again).arrive(cluster.url)
    files = again.evaluate("performance.getEntriesByType('resource').map((file) => [file.name, file.transferSize])")
    sizes = {name: size for name, size in files if name.endswith((".js", ".css"))}
    assert any("drawable" in name for name in sizes)
    assert [name for name, size in sizes.items() if size] == []


def test_a_visitor_of_a_stopped_server_moves_to_another(cluster: Cluster, visitors: dict[str, Visitor]) -> None:
    assert visitors.keys() == {"a", "b"}
    for each in visitors.values():
        complaints = complaints_of(each.page)
        each.draw(SEVEN)
        each.reads(7)
        each.page.locator(".st-key-truth").get_by_role("radio", name="7").click()
        expect(gallery(each)).to_be_visible()
        each.page.get_by_text("More ways in").click()
        each.page.get_by_role("radio", name="A picture").click()
        read_photograph(each, [7, 4])
        assert complaints == []
    assert [sessions(server) for server in cluster.servers] == [1, 1]

    moved, undisturbed = visitors.values()
    left = letter(moved.page)
    stopped, other = cluster.servers if left == "a" else cluster.servers[::-1]
    stopped.stop()
    expect(toast(moved).filter(has_text=LOST)).to_be_visible()
    expect(moved.page.locator("[aria-live]", has_text=LOST)).to_have_count(1)
    assert moved.page.evaluate("document.documentElement.scrollWidth") <= 390
    moved.reads(7)
    expect(gallery(moved)).to_have_count(0)
    assert letter(moved.page) == letter(undisturbed.page) != left
    assert sessions(other) == 2

    # The server comes back, but requests of the moved session stay with the other server.
    stopped.start()
    moved.press("Clear")
    moved.reads_nothing()
    moved.draw(ONE)
    moved.reads(1)
    read_photograph(moved, [4, 1])
    moved.page.set_viewport_size({"width": 1280, "height": 900})  # on a phone the menu would be closed
    moved.go_to("Why deep?")
    moved.wait_for_canvas()
    assert sessions(stopped) == 0

    expect(gallery(undisturbed)).to_be_visible()
    expect(undisturbed.page.get_by_text("The connection to the server was lost")).to_have_count(0)
    undisturbed.draw(SHORT)
    read_photograph(undisturbed, [1, 7])
    undisturbed.page.reload()
    undisturbed.wait_for_canvas()
    expect(toast(undisturbed)).to_contain_text(
        "The page was loaded again, so this is a new session without your gallery"
    )
