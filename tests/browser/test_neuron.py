"""The page about one neuron in a real browser."""

from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visitor import PATIENCE, Visitor, wait_until


@pytest.fixture(scope="module")
def neuron(browser: Browser, server: Server) -> Iterator[Page]:
    """Open the page once: each test sets all that it depends on, whatever another test has left."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(1000 * PATIENCE)
    page.goto(server.url + "/neuron")
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(3)
    expect(formula(page, "&= 0.70")).to_have_count(1)
    expect(page.get_by_test_id("stMetricValue")).to_have_text("0.668")
    yield page
    page.close()


def slider(page: Page, name: str) -> Locator:
    """Return one of the neuron's sliders by the last part of its key."""
    return page.locator(f".st-key-neuron_{name}").get_by_role("slider")


def formula(page: Page, text: str) -> Locator:
    """Return a formula by a part of its LaTeX."""
    return page.locator(".katex-display annotation").filter(has_text=text)


def choose_activation(page: Page, name: str) -> None:
    page.locator(".st-key-activation_of_neuron").get_by_text(name, exact=True).click()


def test_slider_moved_by_keyboard_moves_the_sum_without_a_blinking_chart(neuron: Page) -> None:
    neuron.get_by_role("button", name="Make it AND").click()
    choose_activation(neuron, "sigmoid")
    expect(formula(neuron, "&= 0.50")).to_have_count(1)
    Visitor(neuron).settle()
    drawing = neuron.get_by_test_id("stVegaLiteChart").first.locator("canvas, svg.marks").first
    drawing.evaluate("drawing => { window.drawing = drawing; }")
    slider(neuron, "w1").press("ArrowRight")
    expect(formula(neuron, r"1.1 \cdot 1.0")).to_have_count(1)
    expect(formula(neuron, "&= 0.60")).to_have_count(1)
    expect(neuron.get_by_test_id("stMetricValue")).to_have_text("0.646")
    slider(neuron, "w1").press("Home")
    expect(formula(neuron, "&= -3.50")).to_have_count(1)
    for _ in range(3):
        slider(neuron, "bias").press("ArrowRight")
    expect(formula(neuron, "&= -3.20")).to_have_count(1)
    Visitor(neuron).settle()
    assert drawing.evaluate("drawing => drawing === window.drawing")


def test_sliders_stay_in_view_beside_each_chart(neuron: Page) -> None:
    activation, plane, _ = neuron.get_by_test_id("stVegaLiteChart").all()
    for chart in (activation, plane):
        chart.scroll_into_view_if_needed()
        expect(chart).to_be_in_viewport(ratio=1)
        expect(neuron.locator(".st-key-neuron_w1")).to_be_in_viewport(ratio=1)
        expect(neuron.locator(".st-key-neuron_bias")).to_be_in_viewport(ratio=1)


def test_experiments_make_gates(neuron: Page) -> None:
    neuron.get_by_role("button", name="Make it AND").click()
    expect(neuron.get_by_text("4 of 4 right. This neuron is an AND gate.")).to_be_visible()
    expect(slider(neuron, "bias")).to_have_value("-1.5")
    neuron.locator(".st-key-gate").get_by_text("XOR", exact=True).click()
    expect(neuron.get_by_text("1 of 4 right")).to_be_visible()
    neuron.get_by_role("button", name="Make it OR").click()
    expect(neuron.get_by_text("4 of 4 right. This neuron is an OR gate.")).to_be_visible()
    expect(neuron.locator(".st-key-activation_of_neuron").get_by_text("step", exact=True)).to_be_visible()
    expect(neuron.get_by_test_id("stMetricValue")).to_have_text("1.000")


@pytest.fixture
def resized(neuron: Page) -> Iterator[Page]:
    """The page for a test that changes the size of the window."""
    yield neuron
    neuron.set_viewport_size({"width": 1280, "height": 900})
    expect(neuron.get_by_test_id("stExpandSidebarButton")).to_be_hidden()


def test_everything_fits_the_window(resized: Page) -> None:
    page = resized
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.get_by_role("button", name="Sure, and stuck").click()
        expect(formula(page, "&= 12.00")).to_have_count(1)
        for activation, its_formula in (("tanh", r"\tanh"), ("leaky ReLU", r"0.2 \cdot"), ("sigmoid", "1 + e")):
            choose_activation(page, activation)
            for name in ("w1", "w2", "w3", "bias"):
                slider(page, name).press("Home")
            expect(formula(page, "&= -12.00")).to_have_count(1)
            expect(formula(page, its_formula)).to_have_count(1)
            wait_until(page, partial(keeps_within, page, width))
        assert page.locator(".stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 0
        for chart in page.get_by_test_id("stVegaLiteChart").all():
            drawing = chart.locator("canvas, svg.marks").first
            expect(drawing).to_be_visible()
            box = drawing.bounding_box()
            assert box is not None
            assert box["height"] >= 300


def keeps_within(page: Page, width: int) -> bool:
    """Return whether charts, tables and formulas fit. Charts are drawn again some time after a change of the window."""
    drawn = page.locator(".stVegaLiteChart canvas, .stVegaLiteChart svg.marks, .stTable, .katex-display .base")
    sides = drawn.evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect()).map(({ left, right }) => [left, right])"
    )
    return len(sides) > 4 and all(left >= 0 and right <= width for left, right in sides)


def test_slider_keeps_its_value_on_coming_back(neuron: Page) -> None:
    slider(neuron, "bias").press("Home")
    expect(slider(neuron, "bias")).to_have_value("-3")
    visitor = Visitor(neuron)
    visitor.go_to("Draw")
    visitor.wait_for_canvas()
    visitor.go_to("One neuron")
    expect(slider(neuron, "bias")).to_have_value("-3")
