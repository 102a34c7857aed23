"""For everyone: by ear, by keyboard, with a thumb, in the light and in the dark."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.axe import AXE, THEMES, Theme, violations
from tests.browser.server import Server
from tests.browser.views import SCRIBBLE, VIEWS, clear
from tests.browser.visitor import PATIENCE, SEVEN, Point, Visitor

DESKTOP: ViewportSize = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """One tab for all views, because a page load is most of their cost."""
    page = browser.new_page(viewport=DESKTOP)
    page.set_default_timeout(1000 * PATIENCE)
    yield page
    page.close()


@pytest.fixture(scope="module", params=VIEWS)
def view(request: pytest.FixtureRequest, tab: Page, server: Server) -> Page:
    """A view of the app, opened once for all tests."""
    tab.emulate_media(color_scheme="light")  # the view before may have ended in dark
    VIEWS[request.param](tab, server.url)
    Visitor(tab).settle()
    expect(tab.get_by_test_id("stException")).to_have_count(0)
    return tab


@pytest.fixture
def view_on_phone(view: Page) -> Iterator[Page]:
    view.set_viewport_size({"width": 390, "height": 844})
    expect(view.get_by_test_id("stExpandSidebarButton")).to_be_visible()  # the menu is closed on a phone
    yield view
    view.set_viewport_size(DESKTOP)
    expect(view.get_by_test_id("stExpandSidebarButton")).to_be_hidden()


@pytest.fixture
def view_on_projector(view: Page) -> Iterator[Page]:
    switch = view.locator(".st-key-projector input")
    switch.evaluate("input => input.click()")  # works even where the menu is closed
    expect(view.locator(".stMain p").first).to_have_css("font-size", "24px")
    yield view
    switch.evaluate("input => input.click()")
    view.set_viewport_size(DESKTOP)
    expect(view.locator(".stMain p").first).to_have_css("font-size", "16px")
    expect(view.get_by_test_id("stExpandSidebarButton")).to_be_hidden()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci --prefix tests/browser")
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_serious(view: Page, theme: Theme) -> None:
    found = [violation for violation in violations(view, theme) if violation.impact in ("serious", "critical")]
    assert not found, "\n".join(f"{each.rule}: {each.element}\n{each.details}" for each in found)


# Includes open shadow roots, because the canvas is in one.
ALL = """const all = (node) => [...node.querySelectorAll("*")].flatMap((each) =>
    [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])]);
const isVisible = (each) => {
    const { width, right } = each.getBoundingClientRect();  // what is closed may lie to the left of the page
    return width && right > 0 && each.checkVisibility({ visibilityProperty: true });
};
"""


def test_every_picture_has_an_alternative_text(view: Page) -> None:
    nameless = view.evaluate(
        f"""() => {{ {ALL}
            return all(document)
                .filter((each) => each.matches("img, svg.marks, canvas.marks, .upper-canvas") && isVisible(each))
                .filter((each) => !(each.alt ?? each.closest("[role=graphics-document], [role=img]")?.ariaLabel))
                .map((each) => each.outerHTML.slice(0, 200));
        }}"""
    )
    assert nameless == []


SMALLEST, COMFORTABLE = 24, 40  # pixels
TARGETS = f"""() => {{ {ALL}
    const size = (each) => {{
        const {{ width, height }} = each.getBoundingClientRect();
        return [each.outerHTML.slice(0, 200), width, height];
    }};
    const controls = "a[href], button, select, textarea, label:has(input), input:not([type=range], label *)";
    return all(document.querySelector(".stApp"))
        .filter((each) => each.matches(controls) && isVisible(each))
        // Links in a text are as high as its lines, and the link that skips the menu is for the keyboard.
        .filter((each) => !each.matches("p a, [data-testid=stSkipToContent], [type=file]"))
        .map(size);
}}"""


def test_every_control_on_a_phone_is_large_enough_for_a_thumb(view_on_phone: Page) -> None:
    view = view_on_phone
    Visitor(view).settle()
    sizes: list[tuple[str, float, float]] = view.evaluate(TARGETS)
    assert len(sizes) > 3
    too_small = [
        f"{width:.0f} x {height:.0f}: {html}" for html, width, height in sizes if min(width, height) < SMALLEST
    ]
    assert not too_small, "\n".join(too_small)
    needed = view.locator(
        "[class*=st-key-browser_] button, [class*=st-key-network] button, [data-testid=stExpandSidebarButton]"
    )
    assert [height for height in needed.evaluate_all(HEIGHTS) if height < COMFORTABLE] == []
    for main in ("document.documentElement", "document.querySelector('[data-testid=stMain]')"):
        assert view.evaluate(f"{main}.scrollWidth") <= 390, "it scrolls sideways"


# Finds what is wider than its column, unless the visitor can scroll it there.
WIDER = """() => {
    const parts = "svg.marks, canvas, img, table, code, button, .katex-html, .stHtml > *, .stMetric"
        + ", input:not([type=range])";  // a slider's is unseen
    const column = (part) => part.parentElement.closest(".stVerticalBlock");
    const scrolls = (part, end) => part !== end
        && (["auto", "scroll"].includes(getComputedStyle(part).overflowX) || scrolls(part.parentElement, end));
    const main = document.querySelector("[data-testid=stMain]");
    const wider = [...main.querySelectorAll(parts)].filter((part) => part.checkVisibility() && column(part))
        .filter((part) => part.getBoundingClientRect().right > column(part).getBoundingClientRect().right + 1)
        .filter((part) => !scrolls(part.parentElement, column(part)));
    if (main.scrollWidth > main.clientWidth) wider.push(main);
    return wider.map((part) => part.outerHTML.slice(0, 200));
}"""


def test_nothing_overflows_its_column_on_a_projector(view_on_projector: Page) -> None:
    view = view_on_projector
    for width, height in ((1280, 800), (1920, 1080)):
        view.set_viewport_size({"width": width, "height": height})
        Visitor(view).settle()
        assert view.evaluate("getComputedStyle(document.querySelector('.stMain p')).fontSize") == "24px"
        assert view.evaluate(WIDER) == [], f"{width} pixels"


def test_page_links_on_a_phone_are_large_enough_for_a_thumb(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    visitor = Visitor(context.new_page()).arrive(server.url)
    visitor.page.get_by_test_id("stExpandSidebarButton").tap()
    pages = visitor.page.get_by_test_id("stSidebar").get_by_role("link")
    expect(pages.first).to_be_in_viewport()
    heights = pages.evaluate_all(HEIGHTS)
    assert len(heights) >= 8
    assert min(heights) >= COMFORTABLE
    context.close()


HEIGHTS = "controls => controls.map(control => control.getBoundingClientRect().height)"


def test_canvas_and_answer_are_visible_together_on_a_phone(browser: Browser, server: Server) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme="light"
    )
    phone = Visitor(context.new_page()).arrive(server.url)
    for width, height in (390, 844), (390, 724), (360, 740):  # with and without the browser's own bars
        phone.page.set_viewport_size({"width": width, "height": height})
        canvas_and_answer_are_visible_together(phone, phone.draw_with_finger)
        phone.press("Clear")
        phone.reads_nothing()
    context.close()


def test_canvas_and_answer_are_visible_together_on_a_projector(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 1920, "height": 1080})
    canvas_and_answer_are_visible_together(visitor, visitor.draw)


def canvas_and_answer_are_visible_together(visitor: Visitor, draw: Callable[[Sequence[Point]], None]) -> None:
    """Check that both are visible before the first stroke, with a digit, and with a scribble."""
    all_is_visible(visitor)
    draw(SEVEN)
    visitor.reads(7)
    all_is_visible(visitor)
    draw(SCRIBBLE)
    expect(visitor.page.get_by_text("This does not look like a digit.").first).to_be_visible()
    all_is_visible(visitor)


def all_is_visible(visitor: Visitor) -> None:
    """Check that canvas, answer and bars are visible without scrolling."""
    page = visitor.page
    for part in (visitor.canvas, page.locator(".reading .answer"), page.locator(".reading .verdict"), *visitor.bars()):
        expect(part).to_be_in_viewport(ratio=1)
    box = visitor.canvas.bounding_box()
    assert box is not None
    assert box["width"] == box["height"] == 280
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0


# What has the focus, how it and its surroundings look, and what Tab should reach: one of each group of options. Leaves
# out Streamlit's tools of tables, which show on hovering, and its data grid, which draws its own focus.
FOCUS = """
window.focused = () => {
    let each = document.activeElement;
    while (each.shadowRoot?.activeElement) each = each.shadowRoot.activeElement;
    return each;
};
window.looks = (each) => {
    const around = each.parentElement?.parentElement?.parentElement ?? each;
    return [around, ...around.querySelectorAll("*")].map((one) => {
        const { outline, boxShadow, borderColor, backgroundColor } = getComputedStyle(one);
        return outline + boxShadow + borderColor + backgroundColor;
    }).join();
};
window.isInPage = (each) => each.matches("[data-testid=stMain] :not([kind=elementToolbar], canvas)");
window.stops = () => [...document.querySelectorAll("a[href], button, input, summary, [tabindex]")].filter(isInPage)
    .filter((each) => each.tabIndex >= 0 && !each.disabled && each.type !== "file" && each.checkVisibility())
    .filter((each) => !each.closest("[role=radiogroup], [role=toolbar]"));
"""


def test_tab_reaches_every_control_and_shows_the_focus(view: Page) -> None:
    view.evaluate(f"() => {{ {FOCUS} document.activeElement.blur(); }}")
    view.evaluate("() => Object.assign(window, { reached: new Set(), unseen: [], before: null })")
    style = view.add_style_tag(content="* { transition: none !important; }")  # so that the focus shows at once
    for _ in range(300):
        view.keyboard.press("Tab")
        is_round = view.evaluate(
            """async () => {
                await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
                if (before?.isConnected && looks(before) === looked) unseen.push(before.outerHTML.slice(0, 200));
                const each = focused();
                [window.before, window.looked] = isInPage(each) ? [each, looks(each)] : [];
                return [...reached][0] === each || !reached.add(each);
            }"""
        )
        if is_round:
            break
    else:
        raise AssertionError("Tab never returns to its start")
    missed = "stops().filter((each) => !reached.has(each)).map((each) => each.outerHTML.slice(0, 200))"
    assert view.evaluate(missed) == []
    assert view.evaluate("unseen") == []
    style.evaluate("style => style.remove()")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focused element has this name."""
    for _ in range(100):
        page.keyboard.press("Tab")
        at = page.locator(":focus:not(main)")
        if at.count() and name in (at.get_attribute("aria-label") or at.inner_text()):
            return
    raise AssertionError(f"{name} is not reached")


def test_the_keyboard_alone_puts_a_test_image_on_the_canvas(visitor: Visitor) -> None:
    page = visitor.page
    tab_to(page, "More ways in")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="A test image")).to_be_visible()
    tab_to(page, "A picture")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_text("MNIST's label says that it is a 9.")).to_be_visible()
    tab_to(page, "Test image, 0 to 9,999")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    expect(page.get_by_text("MNIST's label says that it is a 7.")).to_be_visible()
    tab_to(page, "Put it on the canvas")
    page.keyboard.press("Enter")
    visitor.reads(7)


# Records whatever moves outside of the answer, however briefly. A formula in the middle of a line makes room for its
# numbers to both sides, but must not move up or down.
WATCH = """() => {
    window.moved = [];
    const isAnswer = (node) => node?.parentElement?.closest(".st-key-digit .stHtml");
    const isFormula = (node) => (node?.closest ? node : node?.parentElement)
        ?.closest(".katex-display, :has(> .katex-display), :has(> * > .katex-display)");
    new PerformanceObserver((list) => {
        for (const { sources } of list.getEntries())
            for (const { node, previousRect: from, currentRect: to } of sources)
                if (!isAnswer(node) && !(isFormula(node) && from.y === to.y))
                    moved.push(`${node?.outerHTML?.slice(0, 150)}: ${[from.x, from.y]} to ${[to.x, to.y]}`);
    }).observe({ type: "layout-shift" });
}"""


def test_nothing_jumps_on_the_draw_page(visitor: Visitor) -> None:
    page = visitor.page
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.get_by_test_id("stExpandSidebarButton")).to_be_visible(visible=width < 1000)
        visitor.settle()
        page.evaluate(WATCH)
        visitor.draw(SEVEN)
        visitor.reads(7)
        visitor.draw(SCRIBBLE)
        expect(page.get_by_text("This does not look like a digit.").first).to_be_visible()
        visitor.press("Clear")
        visitor.reads_nothing()
        if width > 1000:  # on a phone, two answers are longer than one
            page.get_by_text("Show both networks' answers").click()
            expect(page.locator(".compared section")).to_have_count(2)
            visitor.draw(SEVEN)
            visitor.reads(7)
            visitor.draw(SCRIBBLE)
            expect(page.get_by_text("This does not look like a digit.").first).to_be_visible()
        visitor.settle()
        assert page.evaluate("moved") == [], f"{width} pixels"


def test_nothing_jumps_on_pages_about_the_drawing(page: Page, server: Server) -> None:
    visitor = Visitor(page).arrive(f"{server.url}/why")
    for link, title in (
        ("Why deep?", "What is deep learning?"),
        ("Inside", "Inside the network"),
        ("Loss and learning", "Loss and learning"),
    ):
        visitor.go_to(link)
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        clear(page).draw(SEVEN)
        expect(page.get_by_text("Your drawing", exact=True)).to_be_visible()
        visitor.settle()
        page.evaluate(WATCH)
        visitor.draw([(80, 140), (200, 140)])
        visitor.draw(SCRIBBLE)
        visitor.settle()
        assert page.evaluate("moved") == [], title
