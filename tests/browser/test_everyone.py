"""For everyone: by ear, by keyboard, with a thumb, in the light and in the dark."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import AXE, THEMES, Theme, violations
from tests.browser.server import Server
from tests.browser.views import SCRIBBLE, VIEWS, settle
from tests.browser.visitor import SEVEN, Visitor


@pytest.fixture(scope="module", params=VIEWS)
def view(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Page]:
    """A page of the app, opened once for all that is asked of it."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    VIEWS[request.param](page, server.url)
    settle(page)
    yield page
    page.close()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not there: npm ci --prefix tests/browser")
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_serious(view: Page, theme: Theme) -> None:
    found = [violation for violation in violations(view, theme) if violation.impact in ("serious", "critical")]
    assert not found, "\n".join(f"{each.rule}: {each.element}\n{each.details}" for each in found)


# Open shadow roots, too: the canvas is in one.
ALL = """const all = (node) => [...node.querySelectorAll("*")].flatMap((each) =>
    [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])]);
const isVisible = (each) => {
    const { width, right } = each.getBoundingClientRect();  // what is closed may lie left of the page
    return width && right > 0 && each.checkVisibility({ visibilityProperty: true });
};
"""


def test_every_picture_says_what_it_shows(view: Page) -> None:
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
        // Links in a text are as high as its lines, and the link to skip the menu is there for the keyboard.
        .filter((each) => !each.matches("p a, [data-testid=stSkipToContent], [type=file]"))
        .map(size);
}}"""


def test_a_thumb_hits_every_control_of_a_phone(view: Page) -> None:
    view.set_viewport_size({"width": 390, "height": 844})
    view.wait_for_timeout(1000)
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
    view.set_viewport_size({"width": 1280, "height": 900})


def test_a_thumb_hits_the_pages(browser: Browser, server: Server) -> None:
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


# Phones with and without the browser's own bars, and a projector
@pytest.mark.parametrize("size", [(390, 844), (390, 724), (360, 740), (1920, 1080)])
def test_canvas_and_answer_are_visible_together(browser: Browser, server: Server, size: tuple[int, int]) -> None:
    width, height = size
    is_phone = width < 1000
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=is_phone, is_mobile=is_phone, color_scheme="light"
    )
    visitor = Visitor(context.new_page()).arrive(server.url)

    def all_is_visible() -> None:
        page = visitor.page
        for part in (
            visitor.canvas,
            page.locator(".reading .answer"),
            page.locator(".reading .verdict"),
            *visitor.bars(),
        ):
            expect(part).to_be_in_viewport(ratio=1)
        box = visitor.canvas.bounding_box()
        assert box is not None
        assert box["width"] == box["height"] == 280
        assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0

    all_is_visible()
    draw = visitor.draw_with_finger if is_phone else visitor.draw
    draw(SEVEN)
    visitor.reads(7)
    all_is_visible()
    draw(SCRIBBLE)
    expect(visitor.page.get_by_text("This does not look like a digit.").first).to_be_visible()
    all_is_visible()
    context.close()
