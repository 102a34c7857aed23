"""Bars that move while the pen draws."""

import re
from collections.abc import Callable, Iterator, Sequence

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, WebSocket, expect

from pages.widgets.canvas.live_preview import REST, SLOW_ANSWER
from tests.browser.server import Server
from tests.browser.visitor import (
    FETCHED,
    FRAMES,
    ONE,
    SEVEN,
    Point,
    Visitor,
    complaints_of,
    is_put_off,
    wait_for_networks,
)

L_SHAPE: Sequence[Point] = [(80, 60), (70, 100), (66, 140), (120, 140), (190, 140)]
BAR: Sequence[Point] = [(160, 60), (158, 120), (156, 180), (152, 240)]


def reading(page: Page) -> Locator:
    """The chosen network's answer."""
    return page.locator(".reading[data-source]")


def by(page: Page, source: str) -> None:
    """Wait until it is this one's."""
    expect(reading(page)).to_have_attribute("data-source", source)


def requested_networks(page: Page) -> list[str]:
    """The addresses of the networks that the browser asks for from now on, be it the server or its own cache."""
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url) if request.url.endswith(".gz") else None)
    return addresses


@pytest.fixture
def ready(regular: Visitor) -> Visitor:
    """Somebody whose browser can read by itself."""
    wait_for_networks(regular.page)
    return regular


def agrees_with_server(visitor: Visitor) -> None:
    """Lift the pen: the server says what the browser has said."""
    page = visitor.page
    by(page, "browser")
    page.evaluate(FRAMES, 5)  # it reads once for each of its frames
    browsers = visitor.probabilities()
    picture = page.locator(".reading img").first.get_attribute("src")
    page.mouse.up()
    by(page, "server")
    assert visitor.probabilities() == pytest.approx(browsers, abs=0.2)  # the stroke's last pixels came with the lifting
    assert page.locator(".reading img").first.get_attribute("src") != picture  # its PNG is made elsewhere


def test_answer_follows_the_pen_and_the_server_has_the_last_word(ready: Visitor) -> None:
    page = ready.page
    complaints = complaints_of(page)
    ready.put_pen_down(SEVEN[:3])
    by(page, "browser")
    bars = ready.probabilities()
    saw = page.get_by_role("img", name="as the network saw it")
    assert saw.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [28, 28]
    early = saw.get_attribute("src")
    for x, y in ready.on_page(SEVEN[2:]):
        page.mouse.move(x, y, steps=5)
    expect(ready.prediction).to_have_text("7")
    assert saw.get_attribute("src") != early
    assert ready.probabilities() != bars
    assert sum(ready.probabilities()) == pytest.approx(1, abs=1e-4)
    expect(page.locator("[data-digit].top")).to_have_attribute("data-digit", "7")
    agrees_with_server(ready)
    assert complaints == []


def test_server_has_the_last_word_while_another_button_is_down(ready: Visitor) -> None:
    mouse = ready.page.mouse
    ready.put_pen_down(SEVEN)
    by(ready.page, "browser")
    mouse.down(button="right")
    mouse.up()
    ready.reads(7)
    mouse.up(button="right")
    ready.page.wait_for_timeout(300)
    by(ready.page, "server")


def test_second_stroke_adds_to_the_first(ready: Visitor) -> None:
    ready.draw(L_SHAPE)
    by(ready.page, "server")
    ready.put_pen_down(BAR)
    expect(ready.prediction).to_have_text("4")
    agrees_with_server(ready)


def test_bars_move_after_undo_clear_and_coming_back(ready: Visitor) -> None:
    page = ready.page
    ready.draw(SEVEN)
    ready.reads(7)
    ready.press("Undo")
    ready.reads_nothing()
    ready.put_pen_down(ONE)
    expect(ready.prediction).to_have_text("1")
    agrees_with_server(ready)
    ready.press("Clear")
    ready.reads_nothing()
    ready.go_to("Training curves")
    expect(page.get_by_role("heading", name="Training curves")).to_be_visible()
    ready.go_to("Draw")
    ready.wait_for_canvas()
    ready.settle()
    ready.put_pen_down(SEVEN)
    expect(ready.prediction).to_have_text("7")
    agrees_with_server(ready)


def test_stroke_cut_off_by_a_change_of_page_is_forgotten(ready: Visitor) -> None:
    page = ready.page
    complaints = complaints_of(page)
    ready.put_pen_down(SEVEN[:3])
    by(page, "browser")
    page.get_by_role("link", name="Training curves").evaluate("link => link.click()")
    expect(page.get_by_role("heading", name="Training curves")).to_be_visible()
    expect(page.locator(".st-key-live")).to_have_count(0)
    page.mouse.up()
    ready.go_to("Draw")
    ready.wait_for_canvas()
    ready.settle()
    ready.put_pen_down(ONE)
    by(page, "browser")
    agrees_with_server(ready)
    assert [complaint for complaint in complaints if "null" in complaint] == []


def listen(page: Page) -> tuple[list[int], list[int]]:
    """The sizes of what comes over the websocket and of what goes there, from now on."""
    received: list[int] = []
    sent: list[int] = []

    def size_into(sizes: list[int]) -> Callable[[str | bytes], None]:
        return lambda message: sizes.append(len(message))

    def follow(socket: WebSocket) -> None:
        socket.on("framereceived", size_into(received))
        socket.on("framesent", size_into(sent))

    page.on("websocket", follow)
    return received, sent


CAME_OVER_THE_WIRE = f"{FETCHED}.map((file) => file.transferSize > 0)"


def test_networks_come_once_over_http_while_the_pen_is_up(page: Page, server: Server) -> None:
    received, sent = listen(page)
    addresses = requested_networks(page)
    visitor = Visitor(page).arrive(server.url)
    wait_for_networks(page)
    assert page.evaluate(CAME_OVER_THE_WIRE) == [True]
    before = len(received), len(sent)
    visitor.put_pen_down(SEVEN)
    expect(visitor.prediction).to_have_text("7")
    assert (len(received), len(sent)) == before
    page.mouse.up()
    by(page, "server")
    page.get_by_role("radio", name="Simple").click()
    wait_for_networks(page, 2)
    page.get_by_role("radio", name="Robust").click()
    visitor.settle()
    visitor.go_to("Training curves")
    expect(page.get_by_role("heading", name="Training curves")).to_be_visible()
    visitor.go_to("Draw")
    visitor.wait_for_canvas()
    visitor.settle()
    assert len(addresses) == len(set(addresses)) == 2
    assert max(received) < 100_000

    # A browser that comes back has its network.
    again = Visitor(page.context.new_page())
    page.close()
    again.arrive(server.url)
    wait_for_networks(again.page)
    assert again.page.evaluate(CAME_OVER_THE_WIRE) == [False]
    again.put_pen_down(SEVEN)
    expect(again.prediction).to_have_text("7")
    by(again.page, "browser")
    again.page.mouse.up()


def test_first_stroke_goes_before_the_network(page: Page, server: Server) -> None:
    held: list[Route] = []
    page.route("**/*.gz", lambda route: route.continue_() if held else held.append(route))
    addresses = requested_networks(page)
    visitor = Visitor(page).arrive(server.url)
    while not addresses:
        page.wait_for_timeout(50)
    with page.expect_event("requestfailed", is_put_off):
        visitor.draw(SEVEN)
    visitor.reads(7)
    wait_for_networks(page)
    visitor.put_pen_down([(100, 140), (180, 140)])
    by(page, "browser")


def test_failed_network_is_fetched_later(page: Page, server: Server) -> None:
    page.add_init_script("const now = Date.now; window.later = 0; Date.now = () => now() + window.later")
    is_down = [True]
    page.route("**/*.gz", lambda route: route.abort() if is_down[0] else route.continue_())
    with page.expect_event("requestfailed"):
        visitor = Visitor(page).arrive(server.url)
    visitor.draw(SEVEN)
    visitor.reads(7)
    is_down[0] = False
    page.evaluate("window.later = 60000")
    wait_for_networks(page)
    visitor.press("Clear")
    visitor.reads_nothing()
    visitor.put_pen_down(ONE)
    by(page, "browser")


# What is sent takes longer than a quick answer may, and a pen rests for as long as a test wants. How often was sent?
SLOW = f"""
    const [send, wait] = [WebSocket.prototype.send, window.setTimeout];
    window.sent = 0;
    WebSocket.prototype.send = function (data) {{
        window.sent++;
        wait(() => send.call(this, data), {1000 * SLOW_ANSWER + 50});
    }};
    window.setTimeout = (act, delay, ...values) => {{
        if (![{1000 * REST}, {4 * 1000 * REST}].includes(Number(delay))) return wait(act, delay, ...values);
        Object.assign(window, {{ rest: act, delay }});
        return 0;
    }};
"""


@pytest.fixture(scope="module")
def opened_slowly(browser: Browser, server: Server) -> Iterator[Visitor]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(SLOW)
    yield Visitor(page).arrive(server.url)
    page.close()


@pytest.fixture
def slow(request: pytest.FixtureRequest, opened_slowly: Visitor, server: Server) -> Iterator[Visitor]:
    """Somebody whom the server has answered slowly, with an empty canvas."""
    before = request.session.testsfailed
    wait_for_networks(opened_slowly.page)
    opened_slowly.start_over()
    if opened_slowly.page.locator("body[data-rest]").count() == 0:  # it has not been slow yet
        opened_slowly.draw(SEVEN)
        opened_slowly.reads(7)
        opened_slowly.start_over()
    expect(opened_slowly.page.locator("body[data-rest]")).to_have_count(1)
    yield opened_slowly
    if request.session.testsfailed > before:  # as in conftest.py
        opened_slowly.page.evaluate("sessionStorage.clear()")
        opened_slowly.arrive(server.url)


def test_slow_server_is_asked_when_the_pen_has_rested(slow: Visitor) -> None:
    page = slow.page
    assert page.evaluate("window.delay") == 4 * 1000 * REST, "after Clear, the next drawing most likely comes first"
    before = page.evaluate("window.sent")
    slow.draw(L_SHAPE)
    slow.draw(BAR)
    assert page.evaluate("window.delay") == 1000 * REST
    expect(slow.prediction).to_have_text("4")
    by(page, "browser")
    assert page.evaluate("window.sent") == before
    page.evaluate("window.rest()")
    assert page.evaluate("window.sent") == before + 1
    slow.reads(4)


TURNS: dict[str, Callable[[Page], None]] = {
    "a press elsewhere": lambda page: page.get_by_role("heading", name="Draw a digit").click(),
    "a key": lambda page: page.keyboard.press("Shift"),
    "another page": lambda page: page.get_by_role("link", name="Training curves").evaluate("link => link.click()"),
}


@pytest.mark.parametrize("turn", TURNS)
def test_turning_elsewhere_sends_the_drawing_at_once(slow: Visitor, turn: str) -> None:
    page = slow.page
    slow.draw(SEVEN)
    by(page, "browser")
    TURNS[turn](page)
    if turn == "another page":
        expect(page.get_by_role("heading", name="Training curves")).to_be_visible()
        slow.go_to("Draw")
        slow.wait_for_canvas()
    slow.reads(7)


# The network holds back what the browser sends, and lets it go all at once.
HOLD = """
    const { send } = WebSocket.prototype;
    const held = [];
    window.holds = false;
    WebSocket.prototype.send = function (data) {
        if (window.holds) held.push([this, data]);
        else send.call(this, data);
    };
    window.letGo = () => {
        window.holds = false;
        for (const [socket, data] of held.splice(0)) send.call(socket, data);
    };
"""


def test_drawing_on_its_way_survives_a_change_of_page(page: Page, server: Server) -> None:
    """Streamlit drops what a canvas says when it gets the wish for another page before it has read it."""
    page.add_init_script(HOLD)
    visitor = Visitor(page).arrive(server.url)
    visitor.draw(ONE)
    visitor.reads(1)
    page.evaluate("window.holds = true")
    visitor.press("Clear")
    visitor.draw(SEVEN)
    page.get_by_role("link", name="Inside").evaluate("link => link.click()")
    page.evaluate(FRAMES, 5)
    page.evaluate("letGo()")
    expect(page.get_by_role("heading", name="Inside the network")).to_be_visible()
    visitor.wait_for_canvas()
    visitor.reads(7)


def test_buttons_work_before_the_pen_has_rested(slow: Visitor) -> None:
    slow.draw(SEVEN)
    by(slow.page, "browser")
    slow.page.get_by_role("switch", name="Show both").evaluate("switch_ => switch_.click()")
    expect(slow.page.locator(".compared .digit")).to_have_text(["7", "7"])
    slow.press("Clear")
    slow.draw(ONE)
    arrow = slow.page.locator("summary", has_text="How the drawing became").locator("svg, [data-testid=stIconMaterial]")
    arrow.first.evaluate("arrow => arrow.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))")
    expect(slow.page.locator(".steps img")).to_have_count(4)
    slow.page.get_by_text("How the drawing became").click()
    slow.page.get_by_text("Show both networks' answers").click()
    expect(slow.page.locator("details[open]")).to_have_count(0)
    expect(slow.page.locator(".compared")).to_have_count(0)


def test_both_networks_bars_move(ready: Visitor) -> None:
    page = ready.page
    page.get_by_text("Show both networks' answers").click()
    expect(page.locator(".compared")).to_be_visible()
    wait_for_networks(page, 2)
    ready.put_pen_down(SEVEN)
    expect(page.locator(".compared .digit")).to_have_text(["7", "7"])
    expect(page.get_by_test_id("prediction")).to_have_count(1)
    agrees_with_server(ready)
    page.get_by_text("Show both networks' answers").click()
    expect(page.locator(".compared")).to_have_count(0)


def test_finger_moves_the_bars_on_a_phone(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    visitor = Visitor(page).arrive(server.url)
    wait_for_networks(page)
    box = visitor.canvas.bounding_box()
    bar = visitor.bars()[0].bounding_box()
    session = context.new_cdp_session(page)
    for i, (x, y) in enumerate(visitor.on_page([(140, 40 + 8 * i) for i in range(25)])):
        kind = "touchMove" if i else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    expect(visitor.prediction).to_have_text("1")
    by(page, "browser")
    assert visitor.canvas.bounding_box() == box
    assert visitor.bars()[0].bounding_box() == bar, "the bars jumped"
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    by(page, "server")
    visitor.reads(1)
    context.close()


def test_reduced_motion_gets_only_the_servers_answer(browser: Browser, server: Server) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.add_init_script(SLOW)
    addresses = requested_networks(page)
    visitor = Visitor(page).arrive(server.url)
    visitor.put_pen_down(SEVEN)
    visitor.reads_nothing()
    page.mouse.up()
    visitor.reads(7)
    expect(page.locator(".st-key-live [aria-live=polite]")).to_have_text(re.compile(r"^7: \d\d\.\d% sure$"))
    visitor.press("Clear")
    visitor.reads_nothing()
    visitor.draw(ONE)  # although the server is slow, it is asked at once
    visitor.reads(1)
    assert addresses == []
    context.close()


def test_screen_reader_hears_one_answer_per_lifted_pen(ready: Visitor) -> None:
    page = ready.page
    page.evaluate(
        """() => {
            window.heard = [];
            const region = document.querySelector(".st-key-live [aria-live=polite]");
            new MutationObserver(() => { if (region.textContent) window.heard.push(region.textContent); })
                .observe(region, { subtree: true, childList: true, characterData: true });
        }"""
    )
    ready.put_pen_down(SEVEN)
    expect(ready.prediction).to_have_text("7")
    ready.settle()
    assert page.evaluate("window.heard") == []
    for count in (1, 2):
        page.mouse.up()
        page.wait_for_function("count => window.heard.length >= count", arg=count)
        ready.settle()
        heard = page.evaluate("window.heard")
        assert len(heard) == count
        assert heard[-1].startswith(ready.prediction.inner_text() + ": ")
        ready.put_pen_down([(100, 140), (180, 140)])
    page.mouse.up()


def test_screen_reader_hears_no_digit_for_an_empty_canvas(ready: Visitor) -> None:
    for y in (60, 100, 140, 180, 220):
        ready.draw([(40, y), (240, y + 10), (50, y + 20)])
    expect(ready.page.get_by_text("This does not look like a digit.").first).to_be_visible()
    expect(ready.page.locator(".st-key-live [aria-live=polite]")).to_have_text("This does not look like a digit.")


def test_server_answers_when_the_browser_cannot(page: Page, server: Server) -> None:
    page.add_init_script("CanvasRenderingContext2D.prototype.putImageData = null")
    visitor = Visitor(page).arrive(server.url)
    wait_for_networks(page)
    visitor.draw(SEVEN)
    visitor.reads(7)
    by(page, "server")
    visitor.press("Clear")
    visitor.reads_nothing()
