"""The page Test set in a real browser: cells, pictures and numbers select an image, which other pages open."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visitor import PATIENCE, Visitor, wait_until

CHARTS = "[data-testid=stVegaLiteChart] svg.marks"


@pytest.fixture(scope="module")
def opened(browser: Browser, server: Server) -> Iterator[Page]:
    """The page, opened once for all tests, because opening it takes longer than most of them."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(1000 * PATIENCE)
    page.goto(server.url + "/test_set")
    expect(page.locator(CHARTS)).to_have_count(1)
    expect(card(page)).to_have_text("Test image 340, labelled 5")
    yield page
    page.close()


@pytest.fixture
def test_set(opened: Page) -> Page:
    """The page with *Simple* and its confusions, whatever another test has left. Each test selects its image."""
    opened.set_viewport_size({"width": 1280, "height": 900})
    opened.emulate_media(color_scheme="light")
    for key, name in (("network_test", "Simple"), ("network_beside", "None"), ("test_part", "Confusion")):
        choose(opened, key, name)
        Visitor(opened).settle()  # another network moves what is below it
    expect(opened.locator(CHARTS)).to_have_count(1)
    expect(card(opened)).to_be_visible()
    Visitor(opened).settle()
    return opened


def cell(page: Page, label: int, read: int, matrix: int = 0) -> Locator:
    return page.locator(f".st-key-matrix_{matrix} svg.marks .mark-rect").last.locator("path").nth(10 * label + read)


def thumbnails(page: Page) -> Locator:
    return page.locator(".st-key-gallery").get_by_role("button")


def image_name(picture: Locator) -> str:
    """The name of the test image on a thumbnail."""
    return picture.locator("img").get_attribute("alt") or ""


def card(page: Page) -> Locator:
    return page.locator(".test-image")


def number(page: Page) -> Locator:
    return page.get_by_label("Test image, 0 to 9,999")


def choose(page: Page, key: str, name: str) -> None:
    page.locator(f".st-key-{key}").get_by_text(name, exact=True).click()


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def test_clicks_on_a_cell_and_on_a_picture_show_the_image(test_set: Page) -> None:
    page = test_set
    for _ in range(2):
        cell(page, 9, 7).click()
        expect(page.get_by_text("6 of the images labelled 9 are read as 7, wrong.")).to_be_visible()
        expect(thumbnails(page)).to_have_count(6)
        expect(card(page)).to_contain_text("labelled 9")
        expect(page.get_by_test_id("prediction")).to_have_text("7")
        expect(card(page)).to_be_in_viewport()
        picture = thumbnails(page).nth(4)
        image = picture.inner_text().strip()
        picture.click()
        expect(card(page)).to_have_text(f"Test image {image}, labelled 9")
        expect(number(page)).to_have_value(image)
        expect(picture).to_have_css("outline-style", "solid")
        cell(page, 8, 8).click()
        expect(page.get_by_text("949 of the images labelled 8 are read as 8, right.")).to_be_visible()
        expect(thumbnails(page)).to_have_count(20)


def test_everything_can_be_selected_by_keyboard(test_set: Page) -> None:
    page = test_set
    number(page).fill("340")
    number(page).press("Enter")
    expect(card(page)).to_have_text("Test image 340, labelled 5")
    number(page).focus()
    for _ in range(5):  # faster than the server answers: no key press may get lost
        page.keyboard.press("ArrowUp", delay=50)
    expect(card(page)).to_have_text("Test image 345, labelled 1")
    number(page).press("Control+A")
    page.keyboard.type("9999")
    page.keyboard.press("Enter")
    expect(card(page)).to_have_text("Test image 9999, labelled 6")
    for key, digit, cell_now in (
        ("cell_label", "9", "labelled 9 are read as"),
        ("cell_read", "3", "9 are read as 3"),
        ("cell_read", "4", "9 are read as 4"),
    ):
        page.locator(f".st-key-{key}").get_by_role("combobox").focus()
        Visitor(page).stand_still(page.locator(f".st-key-{key}"))  # a list closes again while the page scrolls
        page.keyboard.type(digit)
        expect(page.get_by_role("option")).to_have_text([digit])
        page.keyboard.press("Enter")
        expect(page.get_by_text(cell_now)).to_be_visible()
    first, second, third = (image_name(thumbnails(page).nth(i)) for i in range(3))
    expect(card(page)).to_have_text(f"{first}, labelled 9")
    button(page, "Next").focus()
    page.keyboard.press("Enter")
    expect(card(page)).to_have_text(f"{second}, labelled 9")
    page.keyboard.press("Enter")
    expect(card(page)).to_have_text(f"{third}, labelled 9")
    thumbnails(page).nth(1).focus()
    page.keyboard.press("Enter")
    expect(card(page)).to_have_text(f"{second}, labelled 9")
    expect(thumbnails(page).nth(1)).to_be_focused()


def test_number_out_of_range_is_rejected(test_set: Page) -> None:
    page = test_set
    number(page).fill("0")
    number(page).press("Enter")
    expect(card(page)).to_have_text("Test image 0, labelled 7")
    shown = "Test image 0, labelled 7"
    for entered, possible, then in (
        ("10000", "340", "Test image 340, labelled 5"),
        ("-1", "0", "Test image 0, labelled 7"),
        ("99999999999", "340", "Test image 340, labelled 5"),
    ):
        number(page).fill(entered)
        number(page).press("Enter")
        expect(card(page)).to_have_text(shown)
        number(page).fill(possible)
        number(page).press("Enter")
        expect(card(page)).to_have_text(then)
        shown = then


def test_image_opens_on_other_pages_and_stays_selected(test_set: Page) -> None:
    page = test_set
    choose(page, "network_test", "Robust")
    choose(page, "test_part", "Mistakes")
    expect(thumbnails(page).nth(2)).to_contain_text("2 → 1")
    visitor = Visitor(page)
    for title, place in (("Inside", 2), ("Loss and learning", 1)):
        thumbnails(page).nth(place).click()
        expect(card(page)).to_contain_text(image_name(thumbnails(page).nth(place)))
        name = card(page).inner_text()
        button(page, f"Open in {title}").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)
        visitor.wait_for_canvas()
        expect(page.get_by_text(name, exact=True)).to_be_visible()
        expect(page.locator(".st-key-network_inside").get_by_role("radio", name="Robust")).to_be_checked()
        visitor.go_to("Test set")
        expect(card(page)).to_have_text(name)
        expect(thumbnails(page).nth(place)).to_have_css("outline-style", "solid")


def test_two_networks_stand_side_by_side(test_set: Page) -> None:
    page = test_set
    choose(page, "network_beside", "Robust")
    expect(page.locator(CHARTS)).to_have_count(2)
    cell(page, 7, 1, matrix=1).click()
    expect(page.get_by_text("5 of the images labelled 7 are read as 1, wrong.")).to_be_visible()
    expect(page.locator(".st-key-viewed_network_choice").get_by_role("radio", name="Robust")).to_be_checked()
    expect(page.get_by_role("region", name="Robust").get_by_text("wrong")).to_be_visible()
    left, right = (page.locator(f".st-key-matrix_{i}").bounding_box() for i in range(2))
    assert left
    assert right
    assert (left["y"], left["height"]) == (right["y"], right["height"])
    assert left["x"] + left["width"] <= right["x"]


def test_slider_moves_the_threshold(test_set: Page) -> None:
    page = test_set
    choose(page, "test_part", "Confidence")
    expect(page.get_by_text("9,759 of 10,000 answered (97.59%)")).to_be_visible()
    expect(page.locator(CHARTS)).to_have_count(4)
    slider = page.locator(".st-key-threshold").get_by_role("slider")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.get_by_text("10,000 of 10,000 answered (100.00%), 97.45% of those right")).to_be_visible()
    marks = page.locator(f"{CHARTS} .mark-rule.role-mark line:not([opacity='0'])")
    expect(marks).to_have_count(2)
    for plot in page.locator(CHARTS).all():
        box = plot.bounding_box()
        assert box is not None
        assert box["height"] >= 200


def test_nothing_is_wider_than_a_phone(test_set: Page) -> None:
    page = test_set
    page.set_viewport_size({"width": 390, "height": 800})
    choose(page, "network_beside", "Robust")
    for part, charts in (("Confusion", 2), ("Mistakes", 0), ("Confidence", 4)):
        choose(page, "test_part", part)
        expect(page.locator(CHARTS)).to_have_count(charts)
        expect(page.get_by_role("heading", name="Elsewhere: pen digits")).to_be_visible()
        wait_until(page, lambda: fits_into(page, 390))
        if part == "Confusion":  # one below the other
            first, second = (page.locator(f".st-key-matrix_{i}").bounding_box() for i in range(2))
            assert first
            assert second
            assert first["y"] + first["height"] <= second["y"]


def fits_into(page: Page, width: int) -> bool:
    """Whether the page and all charts fit into this width."""
    rights = "charts => charts.map((chart) => chart.getBoundingClientRect().right)"
    scrolls = page.get_by_test_id("stMain").evaluate("main => main.scrollWidth") > width
    return not scrolls and all(right <= width for right in page.locator(CHARTS).evaluate_all(rights))


def test_matrix_numbers_have_the_colour_of_text(test_set: Page) -> None:
    number_in_cell = test_set.locator(".st-key-matrix_0 svg.marks .role-mark text").first
    text = test_set.get_by_text("Each number says how many test images").first
    for scheme in ("dark", "light"):
        before = text.evaluate("text => getComputedStyle(text).color")
        test_set.emulate_media(color_scheme=scheme)
        expect(text).not_to_have_css("color", before)
        expect(number_in_cell).to_have_css("fill", text.evaluate("text => getComputedStyle(text).color"))
