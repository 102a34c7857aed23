"""Views of every page of the app, complete and unfolded, for the tests for everyone.

A view opens in a new browser page, or in one where other views were open before, in any order.
"""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from pages.widgets.app.page_list import PAGES
from tests.browser.visitor import ONE, SEVEN, Point, Visitor
from tests.photographs import as_file, paper, write

CHARTS = "[data-testid=stVegaLiteChart] :is(svg.marks, canvas.marks)"
SCRIBBLE: list[Point] = [(40, 60), (240, 70), (50, 100), (240, 120), (40, 160), (240, 180), (50, 220), (240, 230)]


def open_all(visitor: Visitor) -> None:
    """Wait until the page is complete, and unfold everything on it."""
    visitor.settle()
    closed = visitor.page.locator("[data-testid=stExpander] details:not([open]) > summary")
    for count in range(closed.count(), 0, -1):
        closed.first.click()
        expect(closed).to_have_count(count - 1)
    visitor.settle()


def choose(page: Page, key: str, name: str) -> None:
    """Choose one of several options that stand side by side."""
    page.locator(f".st-key-{key}").get_by_text(name, exact=True).click()


def begin(page: Page, address: str) -> Visitor:
    """Start a session at a page with a canvas, without the drawing that the tab has saved."""
    if not page.url.startswith("about:"):
        page.evaluate("sessionStorage.clear()")
    return Visitor(page).arrive(address)


def go_on(page: Page, url: str, path: str, title: str) -> None:
    """Go to a page, by the menu if the app is open already, because a page load costs far more."""
    if page.url.startswith(url):
        page.locator(f"[data-testid=stSidebar] a[href='{path}']").click()
        page.wait_for_url(f"{url}/{path}")
    else:
        page.goto(f"{url}/{path}")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def clear(page: Page) -> Visitor:
    """Clear the canvas."""
    visitor = Visitor(page)
    visitor.wait_for_canvas()
    page.get_by_role("button", name="Clear", exact=True).click()
    visitor.has_ink(0)
    return visitor


def start_drawing(page: Page, url: str) -> Visitor:
    """Open the draw page with nothing on it. Unfolded parts would stay open, so they need a new session."""
    if page.url != f"{url}/" or page.locator("details[open], .compared, .st-key-number_canvas").count():
        return begin(page, url)
    visitor = clear(page)
    visitor.reads_nothing()
    return visitor


def draw(page: Page, url: str) -> None:
    """Show the draw page with an answer."""
    visitor = start_drawing(page, url)
    visitor.draw(SEVEN)
    visitor.reads(7)


def draw_nothing(page: Page, url: str) -> None:
    """Show the draw page on arrival."""
    begin(page, url)


def draw_no_digit(page: Page, url: str) -> None:
    """Show the draw page with a scribble."""
    start_drawing(page, url).draw(SCRIBBLE)
    expect(page.get_by_text("This does not look like a digit.").first).to_be_visible()


def draw_with_all_open(page: Page, url: str) -> None:
    """Show the draw page with two answers, steps, numbers, a test image, gallery and challenge."""
    draw(page, url)
    page.get_by_text("Show both networks' answers").click()
    expect(page.locator(".compared .digit")).to_have_text(["7", "7"])
    for truth in (7, 1):  # right, and wrong
        page.locator(".st-key-truth").get_by_role("radio", name=str(truth)).click()
    page.get_by_text("Challenge: all ten digits").click()
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_text("How the drawing became 28 by 28 pixels").click()
    page.get_by_text("The 784 numbers that the network takes").click()
    page.get_by_text("Bring your gallery back").click()
    page.get_by_text("More ways in").click()
    page.get_by_role("radio", name="A test image").click()
    page.get_by_role("button", name="Put it on the canvas").click()
    expect(page.locator(".numbers span")).to_have_count(784)
    expect(page.locator(".st-key-gallery_thumbnails button")).to_have_count(1)
    expect(page.get_by_text("MNIST's label says")).to_be_visible()


def draw_a_number(page: Page, url: str) -> None:
    """Show the draw page with the wide canvas."""
    visitor = begin(page, url)
    page.get_by_text("Draw a whole number").click()
    expect(page.locator(".st-key-number_canvas")).to_be_visible()
    visitor.wait_for_canvas()
    visitor.draw(SEVEN)
    visitor.draw([(x + 220, y) for x, y in ONE])
    expect(visitor.prediction).to_have_text("71")


def draw_on_paper(page: Page, url: str) -> None:
    """Show the draw page with a photograph."""
    begin(page, url)
    page.get_by_text("More ways in").click()
    page.locator("input[type=file]").first.set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": as_file(write(paper(), [7, 4, 1]))}
    )
    expect(page.locator(".number")).to_have_text("741")


def why(page: Page, url: str) -> None:
    """Show four readers of a drawing."""
    begin(page, f"{url}/why").draw(SEVEN)
    expect(page.locator(".card .digit")).to_have_text(["7"] * 4)


def neuron(page: Page, url: str) -> None:
    """One neuron."""
    go_on(page, url, "neuron", "One neuron")
    expect(page.locator(CHARTS)).to_have_count(3)


def look_inside(page: Page, url: str) -> None:
    """Show the example in a whole network."""
    go_on(page, url, "inside", "Inside the network")
    visitor = clear(page)
    reset = page.get_by_role("button", name="Reset", exact=True)
    if reset.is_enabled():
        reset.click()
        expect(reset).to_be_disabled()
    visitor.reads(5)


def inside(page: Page, url: str) -> None:
    """Show every neuron, one of them switched off."""
    look_inside(page, url)
    choose(page, "view", "Every neuron")
    page.get_by_text("Switch it off").click()
    expect(page.locator(".st-key-switched_off")).to_be_visible()
    expect(page.locator(CHARTS)).to_have_count(3)


def inside_as_nodes(page: Page, url: str) -> None:
    """Show nodes and lines."""
    look_inside(page, url)
    choose(page, "view", "Nodes and lines")
    expect(page.locator(CHARTS)).to_have_count(1)


def backprop(page: Page, url: str) -> None:
    """Show Loss and learning after some steps."""
    go_on(page, url, "backprop", "Loss and learning")
    visitor = clear(page)
    visitor.draw(SEVEN)
    visitor.reads(7)
    page.get_by_role("button", name="Ten steps", exact=True).click()
    expect(page.locator(CHARTS)).to_have_count(5)


def dataset(page: Page, url: str) -> None:
    """Show MNIST."""
    go_on(page, url, "dataset", "MNIST")
    expect(page.locator(".typical img")).to_have_count(110)
    expect(page.locator(CHARTS)).to_have_count(1)


def training(page: Page, url: str) -> None:
    """Show the curves of both networks, and their numbers."""
    if "/training" in page.url:
        page.goto(f"{url}/training")  # what was opened there would stay open
    go_on(page, url, "training", "Training curves")
    page.get_by_text("Robust", exact=True).click()
    page.get_by_text("Robust: the numbers").click()
    expect(page.get_by_role("button", name="Download as CSV").last).to_be_visible()
    expect(page.locator(CHARTS)).to_have_count(2)


def train_your_own(page: Page, url: str) -> None:
    """Show a training that is over."""
    page.goto(f"{url}/training?images=600&epochs=2&hidden=32")
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text("of the test images right")).to_be_visible()
    expect(page.get_by_text("Your trainings so far")).to_be_visible()
    expect(page.locator(CHARTS)).to_have_count(3)


def part_of_test_set(part: str, charts: int) -> "View":
    """Return a view of both networks in a part of the page Test set."""

    def open_part(page: Page, url: str) -> None:
        if page.url != f"{url}/test_set":  # without the network of an earlier training
            page.goto(f"{url}/test_set")
        choose(page, "network_beside", "Robust")
        choose(page, "test_part", part)
        expect(page.locator(CHARTS)).to_have_count(charts)

    return open_part


def new_page(name: str) -> "View":
    """Return a view of a page that has no view of its own, unfolded."""

    def open_page(page: Page, url: str) -> None:
        page.goto(f"{url}/{name}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        visitor = Visitor(page)
        visitor.settle()
        open_all(visitor)

    return open_page


View = Callable[[Page, str], None]  # opens a view at the server's address

OWN_VIEWS: dict[str, View] = {
    "Draw, nothing yet": draw_nothing,
    "Draw": draw,
    "Draw, no digit": draw_no_digit,
    "Draw, all open": draw_with_all_open,
    "Draw, a whole number": draw_a_number,
    "Draw, a photograph": draw_on_paper,
    "Why deep?": why,
    "One neuron": neuron,
    "Inside": inside,
    "Inside, nodes and lines": inside_as_nodes,
    "Loss and learning": backprop,
    "MNIST": dataset,
    "Training curves": training,
    "Train your own": train_your_own,
    **{
        f"Test set, {part}": part_of_test_set(part, charts)
        for part, charts in (("Confusion", 2), ("Mistakes", 0), ("Confidence", 4), ("Corruption", 1), ("Map", 1))
    },
}
SEEN = {name.partition(",")[0] for name in OWN_VIEWS}
VIEWS = OWN_VIEWS | {page.title: new_page(page.name) for page in PAGES if page.title not in SEEN}
