"""axe-core in a page of the app: `python -m tests.browser.axe` prints what it finds, page by page and theme."""

from collections import Counter
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import launch
from tests.browser.server import Server
from tests.browser.views import VIEWS
from tests.browser.visitor import Visitor

# From npm: `npm ci --prefix tests/browser`
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
IMPACTS = ("critical", "serious", "moderate", "minor")
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")

# Streamlit's own violations, which the app cannot mend. A toast is named by its text, whose identifier may come
# too late, so the app also announces in regions of its own. A scrolling block of code is not focusable, but
# browsers let Tab reach it all the same.
STREAMLITS = {("aria-dialog-name", ".stToast"), ("scrollable-region-focusable", "pre")}

RUN = """async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.flatMap(({ id, impact, nodes }) => nodes.map(({ target, html, failureSummary }) =>
        [impact, id, target.flat().join(" >>> "), `${html.slice(0, 200)}\\n${failureSummary}`]));
}"""


class Violation(NamedTuple):
    """One element that breaks one rule."""

    impact: str
    rule: str
    element: str
    details: str


def violations(page: Page, theme: Theme) -> list[Violation]:
    """Return what axe-core finds on the page as it is, in a theme."""
    page.emulate_media(color_scheme=theme)
    Visitor(page).settle()
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=AXE)
    found = [Violation(*each) for each in page.evaluate(RUN)]
    return [violation for violation in found if (violation.rule, violation.element) not in STREAMLITS]


def main() -> None:
    """Run the command line."""
    with sync_playwright() as playwright, Server() as server:
        browser = launch(playwright)
        for name, go_there in VIEWS.items():
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            go_there(page, server.url)
            for theme in THEMES:
                counts = Counter(violation.impact for violation in violations(page, theme))
                print(f"{name}, {theme}: {', '.join(f'{counts[impact]} {impact}' for impact in IMPACTS)}", flush=True)
            page.close()


if __name__ == "__main__":
    main()
