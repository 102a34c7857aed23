"""The pages about the inside of a network in a real browser: select a neuron, break things, take a step, reset."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from pages.widgets.ui.palette import OFF, SELECTED
from tests.browser.server import Server
from tests.browser.views import choose, look_inside
from tests.browser.visitor import ONE, PATIENCE, SEVEN, Visitor, wait_until

CHARTS = "[data-testid=stVegaLiteChart] svg.marks"


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """Open a tab for all tests of the page Inside: a page load costs more than most of them."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(1000 * PATIENCE)
    yield page
    page.close()


@pytest.fixture
def inside(tab: Page, server: Server) -> Visitor:
    """A visitor who looks at the example in a whole network, whatever another test has left."""
    look_inside(tab, server.url)
    choose_network(tab, "Simple")
    choose(tab, "view", "Every neuron")
    expect(tab.locator(CHARTS)).to_have_count(3)
    visitor = Visitor(tab)
    visitor.settle()
    return visitor


def arrive(page: Page, url: str) -> Visitor:
    page.goto(url)
    visitor = Visitor(page)
    visitor.wait_for_canvas()
    return visitor


def click_cell(page: Page, layer: int, column: int, row: int, columns: int) -> None:
    """Click a neuron's cell in the chart of a layer."""
    cells = page.locator(f".st-key-layer_{layer} svg.marks .mark-rect").first  # frames follow
    cells.evaluate("cells => cells.scrollIntoView({ block: 'center', behavior: 'instant' })")  # not under the menu
    box = cells.bounding_box()
    assert box is not None
    cell = box["width"] / columns
    page.mouse.click(box["x"] + (column + 0.5) * cell, box["y"] + (row + 0.5) * cell)


def neuron(page: Page) -> Locator:
    return page.locator(".st-key-neuron input")


def metric(page: Page, label: str) -> Locator:
    metrics = page.get_by_test_id("stMetric").filter(has_text=label)
    return metrics.get_by_test_id("stMetricValue").first  # while a rerun is under way, the old one may still be below


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def choose_network(page: Page, name: str) -> None:
    page.locator(".st-key-network_inside").get_by_text(name, exact=True).click()


def test_layers_change_with_the_drawing(inside: Visitor) -> None:
    page = inside.page
    visitor = inside
    expect(page.get_by_text("An example: test image 8, labelled 5")).to_be_visible()
    visitor.reads(5)
    expect(page.locator(CHARTS)).to_have_count(3)
    layer = page.locator(".st-key-layer_0")
    pictures = [layer.screenshot()]
    for digit, points in ((7, SEVEN), (1, ONE)):
        visitor.draw(points)
        visitor.reads(digit)
        visitor.settle()
        pictures.append(layer.screenshot())
        visitor.press("Clear")
        visitor.reads(5)
    assert len(set(pictures)) == 3


def test_neuron_is_selected_by_click_and_by_keyboard(inside: Visitor) -> None:
    page = inside.page
    expect(page.locator(CHARTS)).to_have_count(3)
    click_cell(page, 1, column=3, row=2, columns=8)
    expect(neuron(page)).to_have_value("19")
    expect(page.get_by_text("strongest incoming connections")).to_be_visible()
    neuron(page).focus()
    for _ in range(10):  # faster than the server answers: no press may be lost
        page.keyboard.press("ArrowUp", delay=50)
    expect(page.get_by_text("In neuron 29 of the layer hidden 2")).to_be_visible()
    expect(neuron(page)).to_have_value("29")
    click_cell(page, 1, column=3, row=2, columns=8)  # the same cell again
    expect(neuron(page)).to_have_value("19")
    click_cell(page, 2, column=4, row=1, columns=5)
    expect(page.get_by_text("In the output neuron of the digit 9")).to_be_visible()
    choose_network(page, "Robust")
    expect(page.locator(".st-key-layer_0 .mark-rect").first.locator("path")).to_have_count(1024)
    click_cell(page, 0, column=31, row=31, columns=32)
    expect(neuron(page)).to_have_value("1023")


def test_selected_neuron_that_is_off_has_two_frames_and_reset_lets_a_drawing_be_read(
    page: Page, server: Server
) -> None:
    """After an experiment, Streamlit mounts the parts of the canvas again while the first stroke is drawn."""
    visitor = arrive(page, server.url + "/inside")
    button(page, "One neuron off").click()
    frames = page.locator(".st-key-layer_1 .mark-rect path[stroke]")
    expect(frames).to_have_count(2)
    assert [frame.get_attribute("stroke") for frame in frames.all()] == [SELECTED, OFF]
    pink, yellow = (frame.bounding_box() for frame in frames.all())
    assert pink
    assert yellow
    assert pink["width"] > yellow["width"] + 6, "neither frame hides the other"
    page.locator(".st-key-neuron").get_by_test_id("stNumberInputStepUp").click()
    expect(page.get_by_text("In neuron 21 of the layer hidden 2")).to_be_visible()
    assert [frame.get_attribute("stroke") for frame in frames.all()] == [SELECTED, OFF]
    button(page, "Reset").click()
    expect(page.locator(f".st-key-layer_1 .mark-rect path[stroke='{OFF}']")).to_have_count(0)
    visitor.draw(SEVEN)
    visitor.reads(7)
    visitor.press("Undo")
    visitor.draw(ONE)
    visitor.reads(1)


def test_ablation_shows_and_reset_removes_it(inside: Visitor) -> None:
    page = inside.page
    for digit in (5, 7):  # the example, and a drawing
        if digit == 7:
            inside.draw(SEVEN)
            inside.reads(7)
        right = metric(page, "Test images read right")
        expect(right).to_have_text("97.45%")
        pruned = page.locator(".st-key-pruned").get_by_role("slider")
        pruned.focus()
        page.keyboard.press("End")
        expect(right).to_have_text("9.74%")  # only biases are left: it reads an 8 in every image
        click_cell(page, 0, column=0, row=0, columns=8)
        page.get_by_text("Switch it off").click()
        expect(page.locator(".st-key-switched_off")).to_contain_text("hidden 1, neuron 0")
        choose_network(page, "Robust")
        expect(page.get_by_text("Unbroken: 99.53%")).to_be_visible()
        choose_network(page, "Simple")
        expect(page.locator(".st-key-switched_off")).to_be_visible()
        button(page, "Reset").dblclick()
        expect(right).to_have_text("97.45%")
        inside.reads(digit)
        expect(button(page, "Reset")).to_be_disabled()


def test_node_link_view_lets_a_click_select_a_neuron(inside: Visitor) -> None:
    page = inside.page
    page.get_by_text("Nodes and lines", exact=True).click()
    expect(page.locator(CHARTS)).to_have_count(1)
    lines = page.locator(f"{CHARTS} .mark-rule line")
    expect(lines).to_have_count(90)
    nodes = page.locator(f"{CHARTS} .mark-symbol path")
    expect(nodes).to_have_count(40)
    nodes.nth(38).click()
    expect(page.get_by_text("In the output neuron of the digit 8")).to_be_visible()
    nodes.nth(0).click()  # a pixel is no neuron
    inside.settle()
    expect(page.get_by_text("In the output neuron of the digit 8")).to_be_visible()
    inside.draw(SEVEN)
    inside.reads(7)
    expect(lines).to_have_count(90)
    choose_network(page, "Robust")
    expect(lines).to_have_count(90)


def test_steps_learn_the_next_mistake_and_reset_forgets_it(page: Page, server: Server) -> None:
    visitor = arrive(page, server.url + "/backprop")
    for network, accuracy in (("Simple", "97.45%"), ("Robust", "99.53%")):
        choose_network(page, network)
        right = metric(page, "Test images read right")
        expect(right).to_have_text(accuracy)
        button(page, "Next mistake").click()
        name = page.get_by_text(re.compile(r"^Test image \d+, labelled \d$"))
        expect(name).to_be_visible()
        label = int(name.inner_text()[-1])
        wrong = int(visitor.prediction.inner_text())
        assert wrong != label
        page.locator(".st-key-descent_rate").get_by_role("slider").focus()
        page.keyboard.press("End")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        button(page, "Take a step").click()
        expect(metric(page, "Loss after 1 step")).to_be_visible()
        expect(button(page, "A hundred steps")).to_have_count(1)  # during a rerun, the old one may be below
        button(page, "A hundred steps").click()
        expect(metric(page, "Loss after 101 steps")).to_be_visible()
        visitor.reads(label)
        expect(right).not_to_have_text(accuracy)
        expect(page.get_by_text("Loss of the picture being learnt")).to_be_visible()
        button(page, "Reset").click()
        visitor.reads(wrong)
        expect(right).to_have_text(accuracy)
        button(page, "Back to the example").click()
        visitor.reads(5)


def test_visitors_do_not_share_what_they_teach(page: Page, other_page: Page, server: Server) -> None:
    for visitors_page in (page, other_page):
        arrive(visitors_page, server.url + "/backprop")
    page.locator(".st-key-descent_rate").get_by_role("slider").focus()
    page.keyboard.press("End")
    button(page, "A hundred steps").click()
    expect(metric(page, "Test images read right")).not_to_have_text("97.45%")
    button(other_page, "Next mistake").click()
    expect(metric(other_page, "Test images read right")).to_have_text("97.45%")
    page.reload()
    Visitor(page).wait_for_canvas()
    expect(metric(page, "Test images read right")).to_have_text("97.45%")


def test_pages_fit_a_phone(inside: Visitor) -> None:
    page = inside.page
    for title in ("Inside the network", "Loss and learning"):
        if title == "Loss and learning":
            inside.go_to(title)
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        inside.wait_for_canvas()
        inside.reads(5)
        expect(page.locator(CHARTS).first).to_be_visible()
        page.set_viewport_size({"width": 390, "height": 800})
        expect(page.get_by_test_id("stExpandSidebarButton")).to_be_visible()
        wait_until(page, lambda: keeps_within(page, 390))
        page.set_viewport_size({"width": 1280, "height": 900})
        expect(page.get_by_test_id("stExpandSidebarButton")).to_be_hidden()


def keeps_within(page: Page, width: int) -> bool:
    """Return whether the page and its charts fit. Charts are drawn again some time after a change of the window."""
    rights = "charts => charts.map((chart) => chart.getBoundingClientRect().right)"
    scrolls = page.get_by_test_id("stMain").evaluate("main => main.scrollWidth") > width
    return not scrolls and all(right <= width for right in page.locator(CHARTS).evaluate_all(rights))


def test_loss_belongs_to_the_digit_shown_after_a_reload(visitor: Visitor, server: Server) -> None:
    """The browser still sends the example's digit along while the drawing comes back."""
    page = visitor.page
    visitor.draw(SEVEN)
    visitor.reads(7)
    visitor.settle()
    page.goto(f"{server.url}/backprop")
    visitor.reads(7)
    visitor.settle()
    shown = page.get_by_role("radiogroup", name="It should be").get_by_role("radio", checked=True)
    expect(shown).to_have_text("7")
    expect(page.locator(".katex annotation", has_text="L = -").first).to_contain_text("p_7")


def test_field_names_the_neuron_shown_and_ablation_survives_a_change_of_page(visitor: Visitor) -> None:
    page = visitor.page
    visitor.draw(SEVEN)
    visitor.reads(7)
    visitor.go_to("Inside")  # the canvas' first message comes while the page is still on its way to the browser
    visitor.wait_for_canvas()
    expect(neuron(page)).to_be_visible()
    visitor.settle()
    number = neuron(page).input_value()
    expect(page.get_by_text(f"In neuron {number} of the layer hidden 1")).to_be_visible()
    choose_network(page, "Robust")
    page.locator(".st-key-noise").get_by_role("slider").focus()
    page.keyboard.press("End")
    expect(metric(page, "Test images read right")).to_have_text(re.compile(r"^[1-5]\d\.\d\d%$"))
    visitor.go_to("Loss and learning")
    expect(page.get_by_role("heading", level=1)).to_have_text("Loss and learning")
    visitor.go_to("Inside")
    expect(metric(page, "Test images read right")).to_have_text(re.compile(r"^[1-5]\d\.\d\d%$"))
