"""The draw page in a real browser."""

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.browser.server import Server
from tests.browser.views import SCRIBBLE
from tests.browser.visitor import ONE, SEVEN, SHORT, Visitor, wait_until


@pytest.fixture
def visitor(regular: Visitor) -> Visitor:
    """Who finds an empty canvas here is as good as new."""
    return regular


def test_digit_drawn_with_the_mouse_is_read(visitor: Visitor) -> None:
    visitor.reads_nothing()
    visitor.draw(SEVEN)
    visitor.reads(7)
    assert [bar.get_attribute("data-digit") for bar in visitor.bars()] == list("0123456789")
    probabilities = visitor.probabilities()
    assert sum(probabilities) == pytest.approx(1, abs=1e-5)
    assert max(probabilities) == probabilities[7]
    expect(visitor.page.locator("[data-digit].top")).to_have_attribute("data-digit", "7")
    expect(visitor.page.locator(".reading")).to_have_attribute("data-source", "server")
    expect(visitor.page.locator(".verdict")).to_contain_text("% sure")
    seen = visitor.page.get_by_role("img", name="as the network saw it")
    assert seen.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [28, 28]
    assert seen.evaluate("image => getComputedStyle(image).imageRendering") == "pixelated"


def test_digit_drawn_with_a_finger_is_read(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    visitor = Visitor(context.new_page()).arrive(server.url)
    before = visitor.canvas.bounding_box()
    visitor.draw_with_finger(SEVEN)
    visitor.reads(7)
    expect(visitor.prediction).to_be_in_viewport()
    assert visitor.canvas.bounding_box() == before, "the page scrolled while the finger drew"
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390
    visitor.press("Clear")
    visitor.reads_nothing()
    context.close()


def test_nothing_jumps_when_the_answer_comes(visitor: Visitor) -> None:
    for width in (1280, 820, 700, 500, 390, 320):
        see_an_answer_come(visitor, width)
        visitor.press("Clear")
        visitor.reads_nothing()


def see_an_answer_come(visitor: Visitor, width: int) -> None:
    def places() -> list[object]:
        below = visitor.page.get_by_text("Pen width in pixels")
        return [*(bar.bounding_box() for bar in visitor.bars()), below.bounding_box()]

    visitor.page.set_viewport_size({"width": width, "height": 900})
    expect(visitor.page.locator(".reading[data-source=server]")).to_be_visible()  # no answer is on its way
    visitor.settle()
    before = places()
    visitor.draw(SEVEN)
    visitor.reads(7)
    assert places() == before
    visitor.page.locator(".verdict").evaluate("verdict => verdict.textContent = 'Not sure: 3 (45.0%) or 5 (40.0%)?'")
    assert places() == before
    answer = visitor.page.locator(".answer").bounding_box()
    assert answer is not None
    for part in ("figure", ".verdict", ".digit"):
        box = visitor.page.locator(f".answer {part}").bounding_box()
        assert box is not None
        assert box["x"] >= answer["x"], part
        assert box["x"] + box["width"] <= answer["x"] + answer["width"] + 1, part
        assert box["height"] <= answer["height"] + 4, part
    assert answer["x"] + answer["width"] <= width


def test_undo_redo_and_clear(visitor: Visitor) -> None:
    visitor.draw(ONE)
    visitor.reads(1)
    one = visitor.ink()
    visitor.press("Clear")
    visitor.reads_nothing()
    assert visitor.ink() == 0
    visitor.press("Undo")  # of Clear
    visitor.reads(1)
    assert visitor.ink() == one
    visitor.page.keyboard.press("Control+z")
    visitor.reads_nothing()
    visitor.page.keyboard.press("Control+Shift+z")
    visitor.reads(1)
    assert visitor.ink() == one


def test_undo_restores_a_drawing_whose_picture_is_gone(visitor: Visitor) -> None:
    visitor.draw(SEVEN)
    visitor.reads(7)
    for strokes, x in enumerate((30, 60, 90, 120, 150), 2):
        visitor.draw([(x, 260), (x + 10, 265)])
        visitor.keeps(strokes)
    for strokes in (5, 4, 3, 2, 1):
        visitor.press("Undo")
        visitor.keeps(strokes)
    visitor.reads(7)
    assert max(visitor.probabilities()) > 0.9


def test_same_button_works_twice(visitor: Visitor) -> None:
    for _ in range(2):
        visitor.draw(SEVEN)
        visitor.reads(7)
        visitor.press("Clear")
        visitor.reads_nothing()
        assert visitor.ink() == 0
    visitor.draw(ONE)
    visitor.reads(1)
    one = visitor.ink()
    for _ in range(2):
        visitor.draw(SHORT)
        expect(visitor.page.get_by_role("button", name="Redo")).to_be_disabled()
        visitor.has_more_ink(one)
        visitor.settle()
        visitor.press("Undo")
        expect(visitor.page.get_by_role("button", name="Redo")).to_be_enabled()
        visitor.has_ink(one)


def test_canvas_and_answer_agree_after_a_double_click_on_undo(visitor: Visitor) -> None:
    """Streamlit may take two clicks for one; either way nobody may see one drawing and read another."""
    visitor.draw(SEVEN)
    visitor.reads(7)
    seven = visitor.ink()
    visitor.draw(SHORT)
    visitor.settle()
    visitor.page.get_by_role("button", name="Undo").dblclick()
    visitor.settle()
    assert visitor.ink() == (seven if visitor.prediction.count() else 0)


def test_fast_strokes_all_stay(visitor: Visitor) -> None:
    for x in (60, 100, 140, 180, 220):
        visitor.draw([(x, 60), (x, 140), (x, 220)])
    visitor.keeps(5)
    five = visitor.ink()
    assert five > 5 * 160 * 18
    visitor.page.reload()
    visitor.wait_for_canvas()
    expect(visitor.prediction).to_be_visible()
    assert abs(visitor.ink() - five) <= 5


def test_stroke_and_undo_at_once_agree(visitor: Visitor) -> None:
    visitor.draw(SEVEN)
    visitor.reads(7)
    seven = visitor.ink()
    visitor.draw(SHORT)
    visitor.page.keyboard.press("Control+z")
    visitor.has_ink(seven)
    visitor.reads(7)
    visitor.settle()
    assert visitor.ink() == seven


def test_undo_during_a_stroke_waits_for_its_end(visitor: Visitor) -> None:
    visitor.draw(SHORT)
    expect(visitor.page.get_by_role("button", name="Undo")).to_be_enabled()
    points = visitor.on_page(SEVEN)
    visitor.page.mouse.move(*points[0])
    visitor.page.mouse.down()
    for place, (x, y) in enumerate(points[1:]):
        visitor.page.mouse.move(x, y, steps=3)
        if place == 1:
            visitor.page.keyboard.press("Control+z")
            visitor.settle()
    visitor.page.mouse.up()
    visitor.has_more_ink(5000)
    visitor.settle()
    visitor.press("Undo")
    wait_until(visitor.page, lambda: 0 < visitor.ink() < 1500)


def test_dot_is_a_drawing(visitor: Visitor) -> None:
    x, y = visitor.on_page([(140, 140)])[0]
    visitor.page.mouse.click(x, y)
    expect(visitor.prediction).to_be_visible()


def test_package_toolbar_takes_no_clicks(visitor: Visitor) -> None:
    visitor.canvas.hover(position={"x": 270, "y": 5})
    expect(visitor.page.locator(".dc-toolbar")).to_be_hidden()


def test_preprocessing_opens_on_request(visitor: Visitor) -> None:
    visitor.draw(SEVEN)
    visitor.reads(7)
    visitor.page.get_by_text("How the drawing became 28 by 28 pixels").click()
    expect(visitor.page.locator(".steps img")).to_have_count(4)
    visitor.settle()  # the pictures move what is below them
    visitor.page.get_by_text("The 784 numbers that the network takes").click()
    expect(visitor.page.locator(".numbers span")).to_have_count(784)
    visitor.press("Clear")
    expect(visitor.page.locator(".numbers")).to_have_count(0)
    for opened in ("The 784 numbers that the network takes", "How the drawing became 28 by 28 pixels"):
        visitor.page.get_by_text(opened).click()
    expect(visitor.page.locator("details[open]")).to_have_count(0)


# What a drawing survives


def drawn_seven(visitor: Visitor) -> tuple[int, list[float]]:
    visitor.draw(SEVEN)
    visitor.reads(7)
    visitor.settle()
    return visitor.ink(), visitor.probabilities()


def still_there(visitor: Visitor, ink: int, probabilities: list[float]) -> None:
    visitor.wait_for_canvas()
    visitor.reads(7)
    visitor.has_ink(ink)
    wait_until(visitor.page, lambda: visitor.probabilities() == pytest.approx(probabilities, abs=1e-3))


def test_drawing_survives_another_pen_width_and_page(visitor: Visitor) -> None:
    before = drawn_seven(visitor)
    slider = visitor.page.get_by_role("slider")
    slider.focus()
    for _ in range(20):
        slider.press("ArrowRight")
    expect(slider).to_have_value("40")
    visitor.settle()
    still_there(visitor, *before)
    visitor.go_to("Training curves")
    expect(visitor.page.get_by_role("heading", name="Training curves")).to_be_visible()
    visitor.go_to("Draw")
    still_there(visitor, *before)
    expect(slider).to_have_value("40")
    visitor.draw([(60, 240), (200, 240)])
    visitor.has_more_ink(before[0] + 140 * 35)
    visitor.settle()
    visitor.press("Undo")
    still_there(visitor, *before)
    visitor.press("Clear")
    visitor.reads_nothing()
    assert visitor.ink() == 0
    visitor.go_to("Training curves")
    expect(visitor.page.get_by_role("heading", name="Training curves")).to_be_visible()
    visitor.go_to("Draw")
    visitor.wait_for_canvas()
    visitor.reads_nothing()
    slider.focus()
    for _ in range(20):
        slider.press("ArrowLeft")
    expect(slider).to_have_value("20")
    visitor.settle()


def test_drawing_after_clear_survives_many_quick_reruns(visitor: Visitor) -> None:
    """Streamlit then mounts the canvas again, without what was drawn since the server cleared it."""
    slider = visitor.page.get_by_role("slider")
    for key in ("ArrowRight", "ArrowLeft"):
        visitor.draw(SEVEN)
        visitor.reads(7)
        visitor.go_to("Training curves")
        expect(visitor.page.get_by_role("heading", name="Training curves")).to_be_visible()
        visitor.go_to("Draw")
        visitor.wait_for_canvas()
        visitor.press("Clear")
        visitor.reads_nothing()
        drawn = drawn_seven(visitor)
        slider.focus()
        for _ in range(20):
            slider.press(key)
        visitor.settle()
        still_there(visitor, *drawn)
        visitor.press("Clear")
        visitor.reads_nothing()


def test_drawing_survives_a_change_of_network(visitor: Visitor) -> None:
    before = drawn_seven(visitor)
    robust = visitor.bars()[7].get_attribute("data-probability")
    visitor.page.get_by_role("radio", name="Simple").click()
    expect(visitor.bars()[7]).not_to_have_attribute("data-probability", str(robust))
    visitor.reads(7)
    assert visitor.ink() == before[0]
    visitor.page.get_by_role("radio", name="Robust").click()
    expect(visitor.bars()[7]).to_have_attribute("data-probability", str(robust))
    still_there(visitor, *before)


def test_both_networks_answer_side_by_side_on_request(visitor: Visitor) -> None:
    visitor.draw(SEVEN)
    visitor.reads(7)
    visitor.page.get_by_text("Show both networks' answers").click()
    for width in (1280, 390, 320):
        see_two_answers(visitor, width)
    visitor.page.get_by_text("Show both networks' answers").click()
    expect(visitor.page.locator(".compared")).to_have_count(0)


def see_two_answers(visitor: Visitor, width: int) -> None:
    page = visitor.page
    page.set_viewport_size({"width": width, "height": 1000})
    visitor.settle()
    visitor.draw(SEVEN)
    visitor.reads(7)
    visitor.settle()
    columns = page.locator(".compared section")
    expect(columns).to_have_count(2)
    expect(page.locator(".compared .digit")).to_have_text(["7", "7"])
    expect(visitor.prediction).to_have_count(1)
    assert len(visitor.bars()) == 10
    left, right = (column.bounding_box() for column in columns.all())
    assert left is not None
    assert right is not None
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] < right["x"]
    assert right["x"] + right["width"] <= width
    for row in page.locator(".compared li").all():
        assert row.evaluate("row => row.scrollWidth <= row.clientWidth")
    visitor.draw(SCRIBBLE)
    expect(columns.get_by_text("This does not look like a digit.")).to_have_count(2)
    for column in columns.all():
        verdict, bars = (column.locator(part).bounding_box() for part in (".verdict", ".bars"))
        assert verdict is not None
        assert bars is not None
        assert verdict["y"] + verdict["height"] <= bars["y"] + 1
    visitor.press("Clear")
    visitor.reads_nothing()
    expect(columns).to_have_count(2)


def test_drawing_survives_a_reconnect(page: Page, server: Server) -> None:
    sockets: list[WebSocketRoute] = []

    def pass_through(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    page.route_web_socket("**/_stcore/stream", pass_through)
    visitor = Visitor(page).arrive(server.url)
    before = drawn_seven(visitor)
    sockets[-1].close(code=1001)
    wait_until(page, lambda: len(sockets) == 2)
    visitor.settle()
    still_there(visitor, *before)
    visitor.draw(SHORT)
    visitor.settle()
    visitor.press("Undo")
    still_there(visitor, *before)


def restart(server: Server, visitor: Visitor) -> None:
    state = visitor.page.locator("[data-test-connection-state]")
    server.stop()
    expect(state).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    server.start()
    expect(state).to_have_attribute("data-test-connection-state", "CONNECTED")
    visitor.settle()


def test_drawing_survives_server_restarts(own_server: Server, page: Page) -> None:
    visitor = Visitor(page).arrive(own_server.url)
    before = drawn_seven(visitor)
    restart(own_server, visitor)
    still_there(visitor, *before)
    visitor.draw(SHORT)
    visitor.settle()
    visitor.press("Undo")
    still_there(visitor, *before)
    visitor.go_to("Training curves")
    visitor.go_to("Draw")
    still_there(visitor, *before)
    restart(own_server, visitor)
    still_there(visitor, *before)


def test_strokes_drawn_while_the_server_is_away_are_read_later(own_server: Server, page: Page) -> None:
    visitor = Visitor(page).arrive(own_server.url)
    visitor.draw(SHORT)
    expect(visitor.prediction).to_be_visible()
    visitor.press("Clear")
    visitor.reads_nothing()
    own_server.stop()
    state = page.locator("[data-test-connection-state]")
    expect(state).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    visitor.draw(SEVEN)
    visitor.has_more_ink(0)
    seven = visitor.ink()
    own_server.start()
    visitor.reads(7)
    visitor.settle()
    assert visitor.ink() == seven
    visitor.start_over()

    # The server is killed in the middle of a drawing, and one draws on.
    visitor.draw(SHORT)
    expect(visitor.prediction).to_be_visible()
    short = visitor.ink()
    visitor.put_pen_down(SEVEN[:3])
    own_server.process.kill()
    own_server.process.wait()
    for x, y in visitor.on_page(SEVEN[3:]):
        page.mouse.move(x, y, steps=3)
    page.mouse.up()
    visitor.has_more_ink(short + 3000)  # the whole stroke comes at once
    both = visitor.ink()
    own_server.start()
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    expect(page.locator("[data-source=server] [data-testid=prediction]")).to_be_visible()
    expect(visitor.canvas).to_have_count(1)  # while Streamlit builds the page again, the one of before stands beside it
    visitor.settle()
    visitor.has_ink(both)
    visitor.draw([(220, 200), (250, 220)])
    visitor.has_more_ink(both)
    visitor.settle()
    visitor.press("Undo")
    visitor.has_ink(both)


def test_each_tab_has_a_drawing_that_survives_reloads(page: Page, server: Server) -> None:
    visitor, other = (Visitor(tab).arrive(server.url) for tab in (page, page.context.new_page()))
    before = drawn_seven(visitor)
    other.reads_nothing()
    other.draw(ONE)
    other.reads(1)
    visitor.reads(7)
    other.page.reload()
    other.reads(1)
    visitor.page.reload()
    still_there(visitor, *before)
    visitor.page.reload()  # once more: what was restored is kept as well
    still_there(visitor, *before)
    visitor.press("Undo")
    visitor.keeps(0)
    visitor.page.reload()
    visitor.wait_for_canvas()
    visitor.settle()
    visitor.reads_nothing()
