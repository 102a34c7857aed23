"""Bars that move while the pen draws."""

import re
from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocket, expect

from tests.browser.server import Server
from tests.browser.visitor import FRAMES, ONE, SEVEN, Point, Visitor, complaints_of, wait_until

L_SHAPE: Sequence[Point] = [(80, 60), (70, 100), (66, 140), (120, 140), (190, 140)]
BAR: Sequence[Point] = [(160, 60), (158, 120), (156, 180), (152, 240)]


def reading(page: Page) -> Locator:
    """The chosen network's answer."""
    return page.locator(".reading[data-source]")


def by(page: Page, source: str) -> None:
    """Wait until it is this one's."""
    expect(reading(page)).to_have_attribute("data-source", source)


def agrees_with_server(visitor: Visitor) -> None:
    """Lift the pen: the server says what the browser has said."""
    page = visitor.page
    by(page, "browser")
    page.evaluate(FRAMES, 5)  # it reads once for each of its frames
    browsers = visitor.probabilities()
    picture = page.locator(".reading img").first.get_attribute("src")
    page.mouse.up()
    by(page, "server")
    assert visitor.probabilities() == pytest.approx(browsers, abs=0.1)  # the stroke's last pixels came with the lifting
    assert page.locator(".reading img").first.get_attribute("src") != picture  # its PNG is made elsewhere


def test_the_answer_follows_the_pen_and_the_server_has_the_last_word(visitor: Visitor) -> None:
    page = visitor.page
    complaints = complaints_of(page)
    visitor.put_pen_down(SEVEN[:3])
    by(page, "browser")
    bars = visitor.probabilities()
    saw = page.get_by_role("img", name="as the network saw it")
    assert saw.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [28, 28]
    early = saw.get_attribute("src")
    for x, y in visitor.on_page(SEVEN[2:]):
        page.mouse.move(x, y, steps=5)
    expect(visitor.prediction).to_have_text("7")
    assert saw.get_attribute("src") != early
    assert visitor.probabilities() != bars
    assert sum(visitor.probabilities()) == pytest.approx(1, abs=1e-4)
    expect(page.locator("[data-digit].top")).to_have_attribute("data-digit", "7")
    agrees_with_server(visitor)
    assert complaints == []


def test_a_second_stroke_adds_to_the_first(visitor: Visitor) -> None:
    visitor.draw(L_SHAPE)
    by(visitor.page, "server")
    visitor.put_pen_down(BAR)
    expect(visitor.prediction).to_have_text("4")
    agrees_with_server(visitor)


def test_it_works_after_undo_and_clear_and_on_coming_back(visitor: Visitor) -> None:
    page = visitor.page
    visitor.draw(SEVEN)
    visitor.reads(7)
    visitor.press("Undo")
    visitor.reads_nothing()
    visitor.put_pen_down(ONE)
    expect(visitor.prediction).to_have_text("1")
    agrees_with_server(visitor)
    visitor.press("Clear")
    visitor.reads_nothing()
    visitor.go_to("Training curves")
    expect(page.get_by_role("heading", name="Training curves")).to_be_visible()
    visitor.go_to("Draw")
    visitor.wait_for_canvas()
    visitor.settle()
    visitor.put_pen_down(SEVEN)
    expect(visitor.prediction).to_have_text("7")
    agrees_with_server(visitor)


def test_a_stroke_that_a_change_of_page_cuts_off_is_forgotten(visitor: Visitor) -> None:
    page = visitor.page
    complaints = complaints_of(page)
    visitor.put_pen_down(SEVEN[:3])
    by(page, "browser")
    page.get_by_role("link", name="Training curves").evaluate("link => link.click()")
    expect(page.get_by_role("heading", name="Training curves")).to_be_visible()
    expect(page.locator(".st-key-live")).to_have_count(0)
    page.mouse.up()
    visitor.go_to("Draw")
    visitor.wait_for_canvas()
    visitor.settle()
    visitor.put_pen_down(ONE)
    by(page, "browser")
    agrees_with_server(visitor)
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

    def have_come() -> tuple[int, int]:
        """How many large networks, and how many small ones."""
        return sum(size > 1_000_000 for size in received), sum(100_000 < size < 1_000_000 for size in received)

    wait_until(page, lambda: have_come() == (1, 0))
    visitor.settle()
    before = len(received), len(sent)
    visitor.put_pen_down(SEVEN)
    expect(visitor.prediction).to_have_text("7")
    page.evaluate(FRAMES, 10)
    assert (len(received), len(sent)) == before
    page.mouse.up()
    by(page, "server")
    page.get_by_role("radio", name="The notebook's").click()
    wait_until(page, lambda: have_come() == (1, 1))
    page.get_by_role("radio", name="Robust").click()
    visitor.settle()
    visitor.go_to("Training curves")
    expect(page.get_by_role("heading", name="Training curves")).to_be_visible()
    visitor.go_to("Draw")
    visitor.wait_for_canvas()
    visitor.settle(2500)  # it would ask for one within 2.2 seconds
    assert have_come() == (1, 1)


def test_both_networks_bars_move(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_text("Show both networks' answers").click()
    expect(page.locator(".compared")).to_be_visible()
    visitor.put_pen_down(SEVEN)
    expect(page.locator(".compared .digit")).to_have_text(["7", "7"])
    expect(page.get_by_test_id("prediction")).to_have_count(1)
    agrees_with_server(visitor)


def test_a_finger_moves_them_on_a_phone(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    visitor = Visitor(page).arrive(server.url)
    visitor.settle()
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
    visitor.settle()
    visitor.put_pen_down(SEVEN)
    page.evaluate(FRAMES, 10)
    visitor.reads_nothing()
    page.mouse.up()
    visitor.reads(7)
    expect(page.locator(".st-key-live [aria-live=polite]")).to_have_text(re.compile(r"^7: \d\d\.\d% sure$"))
    context.close()


def test_a_screen_reader_hears_one_answer_for_each_lifted_pen(visitor: Visitor) -> None:
    page = visitor.page
    page.evaluate(
        """() => {
            window.heard = [];
            const region = document.querySelector(".st-key-live [aria-live=polite]");
            new MutationObserver(() => { if (region.textContent) window.heard.push(region.textContent); })
                .observe(region, { subtree: true, childList: true, characterData: true });
        }"""
    )
    visitor.put_pen_down(SEVEN)
    expect(visitor.prediction).to_have_text("7")
    visitor.settle()
    assert page.evaluate("window.heard") == []
    for count in (1, 2):
        page.mouse.up()
        page.wait_for_function("count => window.heard.length >= count", arg=count)
        visitor.settle()
        heard = page.evaluate("window.heard")
        assert len(heard) == count
        assert heard[-1].startswith(visitor.prediction.inner_text() + ": ")
        visitor.put_pen_down([(100, 140), (180, 140)])
    page.mouse.up()


def test_a_screen_reader_hears_no_digit_where_there_is_none(visitor: Visitor) -> None:
    for y in (60, 100, 140, 180, 220):
        visitor.draw([(40, y), (240, y + 10), (50, y + 20)])
    expect(visitor.page.get_by_text("This does not look like a digit.").first).to_be_visible()
    expect(visitor.page.locator(".st-key-live [aria-live=polite]")).to_have_text("This does not look like a digit.")


def test_where_it_fails_the_server_answers(page: Page, server: Server) -> None:
    page.add_init_script("CanvasRenderingContext2D.prototype.putImageData = null")
    received, _ = listen(page)
    visitor = Visitor(page).arrive(server.url)
    wait_until(page, lambda: max(received) > 1_000_000)
    visitor.settle()
    visitor.draw(SEVEN)
    visitor.reads(7)
    by(page, "server")
    visitor.press("Clear")
    visitor.reads_nothing()
