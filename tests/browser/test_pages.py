"""The pages and the ways between them in a real browser."""

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pages.widgets.app.page_list import PAGES
from tests.browser.server import Server
from tests.browser.visitor import SEVEN, Visitor, complaints_of
from tests.protocol_visitor import ProtocolVisitor

MENU = [page.title for page in PAGES]


@pytest.mark.parametrize(("path", "heading"), [("", "Draw a digit"), ("/training", "Training curves")])
def test_the_first_visitor_sees_only_inklings_menu(own_server: Server, page: Page, path: str, heading: str) -> None:
    """Streamlit's own menu of the files in pages/ must not even flash up."""
    page.add_init_script(
        """window.seen = new Set();
        new MutationObserver(() => {
            for (const link of document.querySelectorAll("section a, header a"))
                window.seen.add(link.innerText.split("\\n").pop());
        }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });"""
    )
    page.goto(own_server.url + path)
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    Visitor(page).settle()
    assert page.evaluate("[...window.seen].filter(Boolean)") == MENU
    expect(page).to_have_title("Inkling")


def curves_are_drawn(page: Page, width: int) -> None:
    charts = page.get_by_test_id("stVegaLiteChart")
    expect(charts).to_have_count(2)
    for chart in charts.all():
        drawing = chart.locator("canvas, svg.marks").first
        expect(drawing).to_be_visible()
        box = drawing.bounding_box()
        assert box is not None
        assert box["width"] <= width
        assert box["height"] >= 300


def test_a_reload_stays_on_its_page_on_a_slow_network(server: Server, page: Page) -> None:
    """What the browser sends before it knows its page must not take it to the first page."""
    Visitor(page).arrive(server.url)  # the tab remembers this session, and sends something in the next
    page.add_init_script(
        """window.WebSocket = class extends WebSocket {
            addEventListener(kind, listener, ...others) {
                if (kind !== "message") return super.addEventListener(kind, listener, ...others);
                let [last, messages] = [Promise.resolve(), 0];
                const pause = () => new Promise((goOn) => setTimeout(goOn, messages++ < 8 ? 500 : 0));
                const slowly = (event) => { last = last.then(pause).then(() => listener(event)); };
                super.addEventListener(kind, slowly, ...others);
            }
        };"""
    )
    page.goto(f"{server.url}/neuron")
    expect(page.get_by_role("heading", name="One neuron", exact=True)).to_be_visible()
    Visitor(page).settle()
    expect(page.get_by_role("heading", name="One neuron", exact=True)).to_be_visible()
    expect(page).to_have_url(f"{server.url}/neuron")


ASKED_BY_STREAMLIT = [
    "_stcore/health",
    "_stcore/host-config",
]  # asked for below each part of the address until one answers


def test_pages_opened_by_address_log_no_errors(server: Server, regular: Visitor) -> None:
    visitor, page = regular, regular.page
    visitor.draw(SEVEN)  # so that the tab sends something in each new session
    visitor.reads(7)
    visitor.settle()
    complaints = complaints_of(page)
    missing: list[str] = []
    page.on("response", lambda response: missing.append(response.url) if response.status >= 400 else None)
    paths = ["", "why", "inside", "backprop"]
    for path in paths:
        page.goto(f"{server.url}/{path}")
        back = page.locator("[data-digit]").or_(page.get_by_text("Your drawing", exact=True))
        expect(back.first).to_be_visible(timeout=60_000)
        visitor.settle()
    assert set(missing) <= {f"{server.url}/{path}/{asked}" for path in paths for asked in ASKED_BY_STREAMLIT}
    assert [each for each in complaints if "status of 404" not in each] == []
    visitor.go_to("Draw")
    visitor.reads(7)


def is_at_the_top(page: Page, heading: str) -> None:
    """Check that a page opens at its top."""
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_in_viewport(ratio=1)
    Visitor(page).settle()
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0


def go_to(page: Page, name: str) -> None:
    """Choose a page in the menu. On a phone the menu has to be opened first, and closes again by itself."""
    assert page.viewport_size is not None
    is_phone = page.viewport_size["width"] < 1000
    link = page.get_by_role("link", name=name, exact=True)
    if is_phone:
        expect(link).not_to_be_in_viewport()
        page.get_by_test_id("stExpandSidebarButton").click()
    link.click()
    if is_phone:
        expect(link).not_to_be_in_viewport()


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_opens_at_the_top(server: Server, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{server.url}/training")
    is_at_the_top(page, "Training curves")
    curves_are_drawn(page, width)
    scroll_down(page)
    go_to(page, "Draw")
    is_at_the_top(page, "Draw a digit")

    go_to(page, "MNIST")
    is_at_the_top(page, "MNIST")
    page.get_by_role("button", name="The least typical 7").click()
    page.get_by_role("link", name="below", exact=True).click()
    expect(page.get_by_role("heading", name="Average and typical")).to_be_in_viewport()
    go_to(page, "Training curves")
    is_at_the_top(page, "Training curves")
    scroll_down(page)
    page.go_back()
    is_at_the_top(page, "MNIST")

    page.get_by_role("button", name="Draw over it").click()
    is_at_the_top(page, "Draw a digit")
    scroll_down(page)
    page.go_back()
    is_at_the_top(page, "MNIST")


def scroll_down(page: Page) -> None:
    """Scroll down on the page."""
    Visitor(page).settle()
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo({ top: 600, behavior: 'instant' })")
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop > 100")


def test_a_phone_can_read_the_qr_code(regular: Visitor, server: Server) -> None:
    page = regular.page
    page.get_by_role("button", name="Invite the class").click()
    code = page.get_by_alt_text("A QR code of the address below")
    expect(code).to_be_visible()
    regular.stand_still(code)  # the dialog slides in
    pixels = cv2.imdecode(np.frombuffer(code.screenshot(), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert pixels is not None
    assert cv2.QRCodeDetector().detectAndDecode(pixels)[0] == f"{server.url}/"
    expect(page.get_by_text("works on this computer only")).to_be_visible()
    page.keyboard.press("Escape")
    expect(code).to_have_count(0)


def test_the_menu_mentions_streamlits_usage_statistics(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "Streamlit counts how this app is used."
    with ProtocolVisitor(server.url) as visitor:
        assert sentence not in str(visitor.run().of_kind("markdown"))
    monkeypatch.setenv("STREAMLIT_BROWSER_GATHER_USAGE_STATS", "true")  # as Community Cloud has it
    with Server() as counted, ProtocolVisitor(counted.url) as visitor:
        assert sentence in str(visitor.run().of_kind("markdown"))
