"""The page MNIST in a real browser: images selected by keyboard, and one on the canvas."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visitor import ONE, SHORT, Visitor


def arrive(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/dataset")
    expect(page.get_by_text("Training image 7777")).to_be_visible()
    expect(page.locator(".typical img")).to_have_count(110)


def number(page: Page) -> Locator:
    return page.locator(".st-key-mnist_number input")


def test_keyboard_selects_any_image(page: Page, server: Server) -> None:
    arrive(page, server)
    number(page).focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("59999")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Training image 59999: the label is 8.")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("Training image 59998: the label is 6.")).to_be_visible()


def test_number_out_of_range_is_rejected(page: Page, server: Server) -> None:
    arrive(page, server)
    number(page).fill("60000")
    page.keyboard.press("Enter")
    Visitor(page).settle()
    expect(page.get_by_text("Training image 7777: the label is 8.")).to_be_visible()


def test_image_is_drawn_over_survives_a_reload_and_is_undone(page: Page, server: Server) -> None:
    visitor = Visitor(page).arrive(server.url)
    visitor.draw(ONE)
    visitor.reads(1)
    visitor.go_to("MNIST")
    expect(page.locator(".typical img")).to_have_count(110)
    page.get_by_role("button", name="Draw over it").click()
    expect(page.get_by_role("heading", name="Draw a digit")).to_be_visible()
    visitor.wait_for_canvas()
    visitor.reads(8)
    ink = visitor.ink()
    assert 5_000 < ink < 25_000
    visitor.draw(SHORT)
    visitor.has_more_ink(ink)
    visitor.keeps(2)
    page.reload()
    visitor.wait_for_canvas()
    visitor.reads(8)
    for _ in range(2):
        visitor.press("Undo")
        visitor.settle()
    visitor.reads_nothing()


def test_odd_digit_is_explained_until_it_is_drawn_over(page: Page, server: Server) -> None:
    visitor = Visitor(page)
    page.goto(f"{server.url}/dataset")
    page.get_by_role("button", name="The least typical 7").click(timeout=30_000)
    expect(page.get_by_text("the label is 7")).to_be_visible()
    page.get_by_role("button", name="Draw over it").click()
    visitor.wait_for_canvas()
    expect(page.locator(".verdict")).to_have_text("This does not look like a digit.")
    explanation = page.get_by_text("MNIST's label says that it is a 7, but it is an odd one.")
    expect(explanation).to_be_visible()
    visitor.draw(SHORT)
    expect(explanation).to_have_count(0)


def test_undo_brings_back_the_drawing_from_before_the_image(page: Page, server: Server) -> None:
    visitor = Visitor(page).arrive(server.url)
    visitor.draw(ONE)
    visitor.reads(1)
    visitor.go_to("MNIST")
    expect(page.locator(".typical img")).to_have_count(110)
    page.get_by_role("button", name="Draw over it").click()
    visitor.wait_for_canvas()
    visitor.reads(8)
    visitor.press("Undo")
    visitor.reads(1)


def test_quick_presses_all_count(page: Page, server: Server) -> None:
    arrive(page, server)
    for _ in range(5):
        page.get_by_role("button", name="Next").click(delay=50)
    expect(page.get_by_text("Training image 7782")).to_be_visible()
    number(page).focus()
    for _ in range(5):
        page.keyboard.press("ArrowUp", delay=50)
    expect(page.get_by_text("Training image 7787")).to_be_visible()
    Visitor(page).settle()
    expect(number(page)).to_have_value("7787")
