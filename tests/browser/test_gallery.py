"""The gallery and the challenge, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from model.number_format import with_article
from tests.browser.server import Server
from tests.browser.visitor import ONE, SEVEN, Point, Visitor, complaints_of

ZERO: list[Point] = [(140, 50), (85, 140), (140, 230), (195, 140), (140, 52)]


def label_drawing(visitor: Visitor, digit: int) -> None:
    """Answer “What was it really?”."""
    radio = visitor.page.locator(".st-key-truth").get_by_role("radio", name=str(digit))
    radio.evaluate("radio => radio.scrollIntoView({ block: 'center', behavior: 'instant' })")  # not while it is clicked
    radio.click()


def thumbnails(page: Page) -> Locator:
    return page.locator("[class*=st-key-picture_gallery_] button")


@pytest.fixture
def visitor(regular: Visitor) -> Iterator[Visitor]:
    """A visitor without a gallery. The tests share one session, which is as good as new without a gallery."""
    expect(regular.page.get_by_test_id("stToast")).to_have_count(0)
    yield regular
    if thumbnails(regular.page).count():
        delete_all(regular.page)


def delete_all(page: Page) -> None:
    page.get_by_role("button", name="Delete all").click()
    page.get_by_role("button", name="Delete them").click()
    expect(thumbnails(page)).to_have_count(0)


def keep(visitor: Visitor, stroke: list[Point], read: int, truth: int, count: int) -> None:
    visitor.press("Clear")
    visitor.reads_nothing()
    visitor.draw(stroke)
    visitor.reads(read)
    label_drawing(visitor, truth)
    expect(thumbnails(visitor.page)).to_have_count(count)


@pytest.mark.parametrize("width", [1280, 390])
def test_tap_keeps_a_drawing(visitor: Visitor, width: int) -> None:
    page = visitor.page
    complaints = complaints_of(page)
    page.set_viewport_size({"width": width, "height": 900})
    expect(page.get_by_text("What was it really?")).to_be_hidden()
    visitor.draw(SEVEN)
    visitor.reads(7)
    seven = visitor.ink()
    expect(page.get_by_text("What was it really?")).to_be_visible()
    label_drawing(visitor, 7)
    expect(page.get_by_test_id("stToast")).to_have_text("It is in your gallery, below, as a 7.")
    expect(page.get_by_text("1 of 1 read right")).to_be_visible()
    keep(visitor, list(ONE), 1, 4, 2)
    expect(page.get_by_text("1 of 2 read right")).to_be_visible()
    expect(thumbnails(page).first).to_contain_text("✗ 4, read as 1")
    expect(thumbnails(page).last).to_contain_text("✓ 7")
    label_drawing(visitor, 1)  # it was a 1 after all
    expect(page.get_by_text("2 of 2 read right")).to_be_visible()
    thumbnails(page).last.click()
    visitor.reads(7)
    expect(page.get_by_text("It is on the canvas, above.")).to_be_visible()
    visitor.has_ink(seven)
    page.get_by_role("button", name="Delete the one on the canvas").click()
    expect(thumbnails(page)).to_have_count(1)
    visitor.reads(7)
    page.get_by_role("button", name="Delete the one on the canvas").click()
    expect(page.get_by_text("The drawing on the canvas is not in your gallery")).to_be_visible()
    delete_all(page)
    expect(page.get_by_role("heading", name="Your gallery")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [complaint for complaint in complaints if "getImageData" not in complaint] == []  # the test's own


def download(page: Page, folder: Path) -> Path:
    """Download the gallery; return the file's path."""
    with page.expect_download() as file:
        page.get_by_role("button", name="Download").click()
    path = folder / file.value.suggested_filename
    file.value.save_as(path)
    assert path.name == "inkling-drawings.zip"
    return path


def expect_refusal(page: Page, count: int) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": "some.zip", "mimeType": "application/zip", "buffer": b"PK\x03\x04 not a gallery"}
    )
    expect(page.get_by_text("This file is not a gallery")).to_be_visible()
    expect(thumbnails(page)).to_have_count(count)


def test_gallery_moves_to_a_phone_and_back_to_the_computer(
    visitor: Visitor, other_page: Page, server: Server, tmp_path: Path
) -> None:
    keep(visitor, list(SEVEN), 7, 7, 1)
    keep(visitor, list(ONE), 1, 7, 2)
    path = download(visitor.page, tmp_path)

    phone = Visitor(other_page).arrive(server.url)
    other_page.set_viewport_size({"width": 390, "height": 900})
    expect(thumbnails(other_page)).to_have_count(0)
    other_page.get_by_text("Bring your gallery back").click()
    other_page.locator("input[type=file]").set_input_files(path)
    expect(other_page.get_by_text("2 of its 2 drawings were added")).to_be_visible()
    expect(thumbnails(other_page)).to_have_count(2)
    expect(other_page.get_by_text("1 of 2 read right")).to_be_visible()
    thumbnails(other_page).last.click()
    phone.reads(7)
    keep(phone, ZERO, 0, 0, 3)
    other_page.locator("input[type=file]").set_input_files(path)
    expect(other_page.get_by_text("0 of its 2 drawings were added; in your gallery already: 2.")).to_be_visible()
    expect(thumbnails(visitor.page)).to_have_count(2)
    expect_refusal(other_page, 3)
    path = download(other_page, tmp_path)

    page = visitor.page
    page.get_by_text("Bring your gallery back").click()
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("1 of its 3 drawings was added; in your gallery already: 2.")).to_be_visible()
    expect(thumbnails(page)).to_have_count(3)
    expect(page.get_by_text("2 of 3 read right")).to_be_visible()
    thumbnails(page).last.click()
    visitor.reads(7)
    expect_refusal(page, 3)
    page.get_by_text("Bring your gallery back").click()
    expect(page.locator("input[type=file]")).to_have_count(0)


# A toast is gone after seconds, and a busy machine may look too late.
RECORD_TOASTS = """() => {
    window.toasts = [];
    const shown = () => [...document.querySelectorAll("[data-testid=stToast]")].map((each) => each.textContent);
    const record = () => toasts.push(...shown());
    new MutationObserver(record).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


def test_challenge_asks_for_each_digit_once(visitor: Visitor) -> None:
    """In a wide window and in a narrow one."""
    page = visitor.page
    complaints = complaints_of(page)
    line = page.locator(".st-key-challenge")
    page.get_by_text("Challenge: all ten digits").click()
    page.evaluate(RECORD_TOASTS)
    start_challenge(page)
    asked = []
    for number in range(1, 11):
        if number == 6:
            page.set_viewport_size({"width": 390, "height": 900})
        expect(line).to_contain_text(f"({number} of 10)")
        asked.append(line.locator("strong").inner_text())
        if number == 1:
            expect_request_to_draw(page)
        visitor.draw([(x + number, y) for x, y in ONE])
        visitor.reads(1)
        page.get_by_role("button", name="Done").click()
    assert sorted(asked, key=lambda digit: digit[-1]) == [with_article(digit) for digit in range(10)]
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.get_by_text("The challenge is over.")).to_be_visible()
        table = page.get_by_test_id("stTable").first
        expect(table).to_contain_text("1 of 10")
        expect(table).to_contain_text("Simple")
        expect(table).to_contain_text("0 as 1, 2 as 1, 3 as 1")
        expect(thumbnails(page)).to_have_count(10)
        expect(page.get_by_text("1 of 10 read right")).to_be_visible()
        expect(page.get_by_test_id("stTable").last).to_contain_text(
            "9"
        )  # what was taken for what, from ten drawings on
        visitor.settle()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Again").click()
    expect(line).to_contain_text("(1 of 10)")
    line.get_by_role("button", name="Stop").click()
    expect(line).to_have_count(0)

    expect(page.get_by_test_id("stToast")).to_have_count(0)
    page.evaluate("window.toasts = []")
    start_challenge(page)
    expect_request_to_draw(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    line.get_by_role("button", name="Stop").click()
    expect(line).to_have_count(0)
    page.get_by_text("Challenge: all ten digits").click()
    expect(page.get_by_role("button", name="Start")).to_have_count(0)
    assert [complaint for complaint in complaints if "getImageData" not in complaint] == []  # the test's own


def start_challenge(page: Page) -> None:
    page.get_by_role("button", name="Start").click()
    page.wait_for_function("toasts.some((toast) => toast.includes('It has begun: draw a'))")


def expect_request_to_draw(page: Page) -> None:
    """Press Done before anything is drawn; a toast says what to draw."""
    asked = page.locator(".st-key-challenge strong").inner_text()
    page.get_by_role("button", name="Done").click()
    page.wait_for_function("asked => toasts.some((toast) => toast.includes(asked))", arg=f"Draw {asked} first.")
