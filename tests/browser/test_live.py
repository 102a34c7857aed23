"""Bars that move while the pen draws."""

import re
from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocket, expect

from tests.browser.server import Server
from tests.browser.visitor import ONE, SEVEN, Point, Visitor, complaints_of

L_SHAPE: Sequence[Point] = [(80, 60), (70, 100), (66, 140), (120, 140), (190, 140)]
BAR: Sequence[Point] = [(160, 60), (158, 120), (156, 180), (152, 240)]


def reading(page: Page) -> Locator:
    """The chosen network's answer."""
    return page.locator(".reading[data-source]")


def by(page: Page, source: str) -> None:
    """Wait until it is this one's."""
    expect(reading(page)).to_have_attribute("data-source", source)


def wait_for_network(page: Page) -> None:
    """Until the browser can read by itself: it has asked for the network, and unpacked it."""
    page.wait_for_timeout(2000)


@pytest.fixture
def ready(visitor: Visitor) -> Visitor:
    wait_for_network(visitor.page)
    return visitor


def agrees_with_server(visitor: Visitor) -> None:
    """Lift the pen: the server says what the browser has said."""
    page = visitor.page
    page.wait_for_timeout(100)
    by(page, "browser")
    browsers = visitor.probabilities()
    picture = page.locator(".reading img").first.get_attribute("src")
    page.mouse.up()
    by(page, "server")
    assert visitor.probabilities() == pytest.approx(browsers, abs=0.1)  # the stroke's last pixels came with the lifting
    assert page.locator(".reading img").first.get_attribute("src") != picture  # its PNG is made elsewhere


def test_the_answer_follows_the_pen_and_the_server_has_the_last_word(ready: Visitor) -> None:
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


def test_a_second_stroke_adds_to_the_first(ready: Visitor) -> None:
    ready.draw(L_SHAPE)
    by(ready.page, "server")
    ready.put_pen_down(BAR)
    expect(ready.prediction).to_have_text("4")
    agrees_with_server(ready)


def test_it_works_after_undo_and_clear_and_on_coming_back(ready: Visitor) -> None:
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
    page.wait_for_timeout(500)
    ready.put_pen_down(SEVEN)
    expect(ready.prediction).to_have_text("7")
    agrees_with_server(ready)


def test_a_stroke_that_a_change_of_page_cuts_off_is_forgotten(ready: Visitor) -> None:
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
    page.wait_for_timeout(500)
    ready.put_pen_down(ONE)
    by(page, "browser")
    agrees_with_server(ready)
    assert [complaint for complaint in complaints if "null" in complaint] == []


def listen(page: Page) -> tuple[list[int], list[int]]:
    """The sizes of what comes from the server and of what goes there, from now on."""
    received: list[int] = []
    sent: list[int] = []

    def size_into(sizes: list[int]) -> Callable[[str | bytes], None]:
        return lambda message: sizes.append(len(message))

    def follow(socket: WebSocket) -> None:
        socket.on("framereceived", size_into(received))
        socket.on("framesent", size_into(sent))

    page.on("websocket", follow)
    return received, sent


def test_networks_come_once_and_nothing_while_the_pen_is_down(page: Page, server: Server) -> None:
    received, sent = listen(page)
    visitor = Visitor(page).arrive(server.url)
    wait_for_network(page)
    assert sum(size > 1_000_000 for size in received) == 1
    before = len(received), len(sent)
    visitor.put_pen_down(SEVEN)
    page.wait_for_timeout(500)
    expect(visitor.prediction).to_have_text("7")
    assert (len(received), len(sent)) == before
    page.mouse.up()
    by(page, "server")
    page.get_by_role("radio", name="The notebook's").click()
    wait_for_network(page)
    page.get_by_role("radio", name="Robust").click()
    page.wait_for_timeout(1000)
    visitor.go_to("Training curves")
    expect(page.get_by_role("heading", name="Training curves")).to_be_visible()
    visitor.go_to("Draw")
    visitor.wait_for_canvas()
    wait_for_network(page)
    assert sum(size > 1_000_000 for size in received) == 1
    assert sum(100_000 < size < 1_000_000 for size in received) == 1


def test_both_networks_bars_move(ready: Visitor) -> None:
    page = ready.page
    page.get_by_text("Show both networks' answers").click()
    expect(page.locator(".compared")).to_be_visible()
    wait_for_network(page)
    ready.put_pen_down(SEVEN)
    expect(page.locator(".compared .digit")).to_have_text(["7", "7"])
    expect(page.get_by_test_id("prediction")).to_have_count(1)
    agrees_with_server(ready)


def test_a_finger_moves_them_on_a_phone(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    visitor = Visitor(page).arrive(server.url)
    wait_for_network(page)
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


def test_who_wants_no_motion_gets_the_servers_answer_alone(browser: Browser, server: Server) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    visitor = Visitor(page).arrive(server.url)
    wait_for_network(page)
    visitor.put_pen_down(SEVEN)
    page.wait_for_timeout(300)
    visitor.reads_nothing()
    page.mouse.up()
    visitor.reads(7)
    expect(page.locator(".st-key-live [aria-live=polite]")).to_have_text(re.compile(r"^7: \d\d\.\d% sure$"))
    context.close()


def test_a_screen_reader_hears_one_answer_for_each_lifted_pen(ready: Visitor) -> None:
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
    page.wait_for_timeout(1000)
    assert page.evaluate("window.heard") == []
    for count in (1, 2):
        page.mouse.up()
        page.wait_for_timeout(1500)
        heard = page.evaluate("window.heard")
        assert len(heard) == count
        assert heard[-1].startswith(ready.prediction.inner_text() + ": ")
        ready.put_pen_down([(100, 140), (180, 140)])
    page.mouse.up()


def test_a_screen_reader_hears_no_digit_where_there_is_none(ready: Visitor) -> None:
    for y in (60, 100, 140, 180, 220):
        ready.draw([(40, y), (240, y + 10), (50, y + 20)])
    expect(ready.page.get_by_text("This does not look like a digit.").first).to_be_visible()
    expect(ready.page.locator(".st-key-live [aria-live=polite]")).to_have_text("This does not look like a digit.")


def test_where_it_fails_the_server_answers(page: Page, server: Server) -> None:
    page.add_init_script("CanvasRenderingContext2D.prototype.putImageData = null")
    visitor = Visitor(page).arrive(server.url)
    wait_for_network(page)
    visitor.draw(SEVEN)
    visitor.reads(7)
    by(page, "server")
    visitor.press("Clear")
    visitor.reads_nothing()
