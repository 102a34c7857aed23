"""Fixtures: a browser, a server, and a visitor who has just arrived."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.browser.chromium import launch
from tests.browser.server import Server
from tests.browser.visitor import PATIENCE, Visitor


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that a test may stop and start."""
    with Server() as server:
        yield server


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(1000 * PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def other_page(browser: Browser) -> Iterator[Page]:
    """The page of another visitor."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(1000 * PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def visitor(page: Page, server: Server) -> Visitor:
    return Visitor(page).arrive(server.url)


@pytest.fixture(scope="module")
def opened(browser: Browser, server: Server) -> Iterator[Visitor]:
    """The draw page, opened once for each test file, because opening it takes longer than most tests."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield Visitor(page).arrive(server.url)
    page.close()


@pytest.fixture
def regular(request: pytest.FixtureRequest, opened: Visitor, server: Server) -> Iterator[Visitor]:
    """A visitor who has been on the page before, with an empty canvas. Tests restore whatever else they change."""
    before = request.session.testsfailed
    opened.start_over()
    yield opened
    if request.session.testsfailed > before:  # a failed test may have left anything behind
        opened.page.evaluate("sessionStorage.clear()")
        opened.arrive(server.url)
