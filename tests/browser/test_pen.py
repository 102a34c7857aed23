"""Strokes that end in odd places and ways; and Undo, Redo and Clear while the server has nothing to say."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, ViewportSize, WebSocketRoute, expect

from tests.browser.server import Server
from tests.browser.visitor import ONE, SEVEN, SHORT, Point, Visitor


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[Visitor]:
    """Somebody with a finger on the draw page."""
    context = browser.new_context(viewport=ViewportSize(width=390, height=844), has_touch=True, is_mobile=True)
    yield Visitor(context.new_page()).arrive(server.url)
    context.close()


Fingers = Callable[..., None]


@pytest.fixture
def fingers(phone: Visitor) -> Fingers:
    """What the touch screen says: the kind of event, and where each finger is, in canvas pixels."""
    session: CDPSession = phone.page.context.new_cdp_session(phone.page)

    def touch(kind: str, *points: Point) -> None:
        places = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(phone.on_page(points))]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    return touch


# How many pixels are white: of what is finished, and of what is still under the pen.
INK = """canvas => {
    const count = (part) => part.getContext("2d").getImageData(0, 0, part.width, part.height).data
        .filter((level, i, all) => i % 4 === 0 && level > 127 && all[i + 3] > 127).length;
    return [canvas.parentElement.querySelector(".lower-canvas"), canvas].map(count);
}"""
WAIT = f"""([least, most, under]) => {{
    const inside = (node) => node.querySelector("canvas.upper-canvas") ?? [...node.querySelectorAll("*")]
        .map((child) => child.shadowRoot && inside(child.shadowRoot)).find(Boolean);
    const [ink, still] = ({INK})(inside(document));
    return ink >= least && ink <= most && (still > 0) === under;
}}"""


def expect_ink(visitor: Visitor, least: int, most: int, under_the_pen: bool = False) -> None:
    """Wait until the canvas has so many white pixels, and none or some that are not finished yet."""
    visitor.page.wait_for_function(WAIT, arg=[least, most, under_the_pen])


def draw_down_to(visitor: Visitor, x: float, y: float) -> None:
    """A 1 whose line goes on to a place on the page, where the mouse button is let go."""
    visitor.put_pen_down(ONE)
    visitor.page.mouse.move(x, y, steps=3)
    visitor.page.mouse.up()


def middle(visitor: Visitor, name: str) -> Point:
    box = visitor.page.get_by_role("button", name=name, exact=True).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def expect_a_whole_stroke(visitor: Visitor) -> None:
    """The 1 is read, and the pen has stopped: a mouse that moves over the canvas adds nothing."""
    expect(visitor.page.get_by_role("button", name="Undo")).to_be_enabled()
    expect(visitor.page.locator(".reading[data-source=server]").get_by_test_id("prediction")).to_be_visible()
    expect_ink(visitor, 3500, 12_000)
    ink = visitor.ink()
    visitor.page.mouse.move(*visitor.on_page([(30, 30)])[0])
    visitor.page.mouse.move(*visitor.on_page([(250, 250)])[0], steps=3)
    expect_ink(visitor, ink, ink)


@pytest.mark.parametrize("name", ["Undo", "Redo"])
def test_stroke_ends_over_a_disabled_button(visitor: Visitor, name: str) -> None:
    expect(visitor.page.get_by_role("button", name=name)).to_be_disabled()
    draw_down_to(visitor, *middle(visitor, name))
    expect_a_whole_stroke(visitor)


def test_stroke_ends_over_any_disabled_button_or_frame(visitor: Visitor) -> None:
    visitor.page.evaluate(
        """() => document.body.insertAdjacentHTML("beforeend", ["<button disabled>greyed</button>",
            "<iframe srcdoc='another page'></iframe>", "<fieldset disabled><input></fieldset>"].map((html, i) =>
            `<div class=obstacle style="position: fixed; z-index: 9; left: ${20 + 200 * i}px; top: 700px">${html}</div>`
        ).join(""))"""
    )
    for obstacle in visitor.page.locator(".obstacle > *").all():
        box = obstacle.bounding_box()
        assert box is not None
        draw_down_to(visitor, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect_a_whole_stroke(visitor)
        visitor.press("Clear")
        visitor.reads_nothing()


def test_stroke_ends_outside_the_window(visitor: Visitor) -> None:
    draw_down_to(visitor, -50, 300)
    expect_a_whole_stroke(visitor)


def test_right_click_during_a_stroke_changes_nothing(visitor: Visitor) -> None:
    visitor.put_pen_down(SEVEN[:3])
    visitor.page.mouse.down(button="right")
    visitor.page.mouse.up(button="right")
    for x, y in visitor.on_page(SEVEN[3:]):
        visitor.page.mouse.move(x, y, steps=3)
    visitor.page.mouse.up()
    visitor.reads(7)
    expect_ink(visitor, 5000, 8000)


def test_stroke_ends_while_the_right_button_is_down(visitor: Visitor) -> None:
    visitor.put_pen_down(SEVEN)
    visitor.page.mouse.down(button="right")
    visitor.page.mouse.up()
    expect_ink(visitor, 5000, 8000)
    visitor.page.mouse.up(button="right")
    visitor.reads(7)


def test_cancelled_touch_ends_the_stroke(phone: Visitor, fingers: Fingers) -> None:
    fingers("touchStart", SEVEN[0])
    for point in SEVEN[1:]:
        fingers("touchMove", point)
    fingers("touchCancel")
    phone.reads(7)
    expect_ink(phone, 5000, 8000)
    phone.draw_with_finger(SHORT)
    expect_ink(phone, 5500, 9000)
    phone.press("Undo")
    phone.reads(7)


def test_second_finger_ends_a_stroke(phone: Visitor, fingers: Fingers) -> None:
    fingers("touchStart", SEVEN[0])
    for point in SEVEN[1:]:
        fingers("touchMove", point)
    fingers("touchStart", SEVEN[-1], (30, 30))
    phone.reads(7)
    phone.settle()
    phone.reads(7)  # although the first finger is still there
    expect_ink(phone, 5000, 8000)
    seven = phone.ink()
    for y in (230, 220, 210):
        fingers("touchMove", (120, y), (30, y - 200))
    fingers("touchEnd", (120, 210))
    fingers("touchMove", (20, 20))
    fingers("touchEnd")
    phone.reads(7)
    expect_ink(phone, seven, seven)


def test_two_fingers_leave_no_line_and_scroll_the_page(phone: Visitor, fingers: Fingers) -> None:
    place = phone.page.locator("h1").bounding_box()
    assert place is not None
    fingers("touchStart", (100, 200))
    fingers("touchMove", (100, 197))
    fingers("touchStart", (100, 197), (180, 200))
    for y in range(190, 20, -10):
        fingers("touchMove", (100, y), (180, y + 3))
    fingers("touchEnd")
    phone.page.wait_for_function("y => document.querySelector('h1').getBoundingClientRect().y < y - 50", arg=place["y"])
    expect_ink(phone, 0, 0)
    phone.reads_nothing()
    phone.scroll_to_canvas()
    phone.draw_with_finger(SEVEN)
    phone.reads(7)


def test_two_fingers_zoom_the_page(phone: Visitor, fingers: Fingers) -> None:
    fingers("touchStart", (130, 140))
    fingers("touchStart", (130, 140), (150, 140))
    for wider in range(0, 120, 10):
        fingers("touchMove", (130 - wider, 140), (150 + wider, 140))
    fingers("touchEnd")
    phone.page.wait_for_function("visualViewport.scale > 1.2")
    expect_ink(phone, 0, 0)
    phone.reads_nothing()


class Link:
    """What lies between a page and the server: it can hold back what the server says."""

    def __init__(self, page: Page) -> None:
        self.waiting: list[tuple[WebSocketRoute, str | bytes]] | None = None
        page.route_web_socket("**/_stcore/stream", self.join)

    def join(self, socket: WebSocketRoute) -> None:
        socket.connect_to_server().on_message(lambda message: self.take(socket, message))

    def take(self, socket: WebSocketRoute, message: str | bytes) -> None:
        if self.waiting is None:
            socket.send(message)
        else:
            self.waiting.append((socket, message))

    def hold(self) -> None:
        self.waiting = []

    def let_go(self) -> None:
        waiting, self.waiting = self.waiting, None
        for socket, message in waiting or []:
            socket.send(message)


@pytest.fixture
def link(page: Page) -> Link:
    return Link(page)


@pytest.fixture
def distant(page: Page, server: Server, link: Link) -> Visitor:
    """Somebody whose server can be made to be silent, with a 7 on the canvas that was read."""
    visitor = Visitor(page).arrive(server.url)
    visitor.draw(SEVEN)
    visitor.reads(7)
    return visitor


def expect_buttons(visitor: Visitor, **enabled: bool) -> None:
    for name, is_enabled in enabled.items():
        expect(visitor.page.get_by_role("button", name=name, exact=True)).to_be_enabled(enabled=is_enabled)


def test_undo_redo_and_clear_do_not_wait_for_the_server(distant: Visitor, link: Link) -> None:
    expect_ink(distant, 5000, 8000)
    seven = distant.ink()
    link.hold()
    distant.draw(SHORT)
    expect_ink(distant, seven + 300, 12_000)
    both = distant.ink()
    expect_buttons(distant, Undo=True, Redo=False)
    distant.press("Undo")
    expect_ink(distant, seven, seven)
    expect_buttons(distant, Undo=True, Redo=True)
    distant.page.keyboard.press("Control+z")
    expect_ink(distant, 0, 0)
    expect_buttons(distant, Undo=False, Redo=True)
    distant.press("Redo")
    distant.page.keyboard.press("Control+Shift+z")
    expect_ink(distant, both, both)
    distant.press("Clear")
    expect_ink(distant, 0, 0)
    expect_buttons(distant, Undo=True, Redo=False)
    distant.press("Undo")
    expect_ink(distant, both, both)
    distant.press("Clear")
    distant.draw(ONE)
    expect_ink(distant, 3500, 4500)
    one = distant.ink()
    link.let_go()
    distant.reads(1)
    expect_ink(distant, one, one)
    distant.press("Undo")
    distant.press("Undo")  # what was there before it was cleared
    expect_ink(distant, both, both)
    distant.press("Redo")
    distant.reads(1)
    expect_ink(distant, one, one)


def come_back(visitor: Visitor) -> None:
    """To the page, from another one: the canvas starts with the drawing."""
    visitor.go_to("Training curves")
    expect(visitor.page.get_by_role("heading", name="Training curves")).to_be_visible()
    visitor.go_to("Draw")
    visitor.wait_for_canvas()
    visitor.reads(7)
    expect_ink(visitor, 5000, 8000)


def test_clear_after_a_change_of_page_does_not_wait_for_the_server(distant: Visitor, link: Link) -> None:
    come_back(distant)
    seven = distant.ink()
    link.hold()
    distant.press("Clear")
    expect_ink(distant, 0, 0)
    distant.draw(ONE)
    distant.draw(SHORT)
    expect_ink(distant, 0, 0, under_the_pen=True)
    link.let_go()
    expect_ink(distant, 4000, 6000)
    distant.press("Undo")
    distant.reads(1)
    expect_ink(distant, 3500, 4500)
    distant.press("Undo")
    distant.reads_nothing()
    distant.press("Undo")
    distant.reads(7)
    expect_ink(distant, seven, seven)


def test_stroke_keeps_its_beginning_when_a_seed_arrives(distant: Visitor, link: Link) -> None:
    come_back(distant)
    link.hold()
    distant.press("Undo")
    distant.put_pen_down(SEVEN[:3])
    expect_ink(distant, 5000, 8000, under_the_pen=True)
    link.let_go()
    expect_ink(distant, 0, 0, under_the_pen=True)
    for x, y in distant.on_page(SEVEN[3:]):
        distant.page.mouse.move(x, y, steps=3)
    distant.page.mouse.up()
    expect_ink(distant, 5000, 8000)
    distant.reads(7)


KEEP_MODULES = """
    window.modules = [];
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
        const address = make(blob);
        if (blob.type === "text/javascript") modules.push([blob, address]);
        return address;
    };
"""
# Streamlit calls a component when its script is there, even if the component has left the page by then; and it may show
# one for a moment that is about to leave.
CALL_ANOTHER = """async isShown => {
    for (const [blob, address] of modules) {
        if (!(await blob.text()).includes("lower-canvas")) continue;
        const said = { canvas: "number_canvas", mark: "", networks: [], pace: {} };
        const data = new TextEncoder().encode(JSON.stringify(said));
        const parentElement = Object.assign(document.createElement("div"), { innerHTML: "<p></p>" });
        if (isShown) document.body.append(parentElement);
        const end = (await import(address)).default({ data, parentElement, setTriggerValue: () => {} });
        parentElement.remove();
        end?.();
    }
}"""


@pytest.mark.parametrize("is_shown", [False, True])
def test_leaving_component_does_not_disturb_the_canvas(page: Page, server: Server, is_shown: bool) -> None:
    page.add_init_script(KEEP_MODULES)
    visitor = Visitor(page).arrive(server.url)
    page.evaluate(CALL_ANOTHER, is_shown)
    visitor.draw(ONE)
    visitor.reads(1)
    visitor.press("Undo")
    visitor.reads_nothing()
