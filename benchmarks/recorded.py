"""Drawings as a real canvas sends them: drawn with the mouse in Chromium, stroke by stroke."""

import json
from typing import NamedTuple

import numpy as np
from playwright.sync_api import WebSocket, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg

from model.offline.drawn_digits import draw_digit
from model.pen_digits import place_at_random
from tests.browser.chromium import launch
from tests.browser.server import Server
from tests.browser.visitor import Visitor

DRAWINGS = 20
MIN_STROKES = 2  # so that a class sends mostly strokes
ANSWERED = """before => {
    const place = document.querySelector(".reading[data-source=server]");
    return place && place.dataset.answer !== before;
}"""


class Recorded(NamedTuple):
    """A drawing after one of its strokes."""

    canvas_json: str
    seed: str  # the mark of the canvas on which it was drawn
    digit: str  # that the server read


def record_drawings() -> list[list[Recorded]]:
    """Draw digits in many styles, and return what the canvas sent after each stroke of each."""
    sent: list[str] = []

    def take(data: str | bytes) -> None:
        assert isinstance(data, bytes)
        widgets = BackMsg.FromString(data).rerun_script.widget_states.widgets
        sent.extend(widget.json_value for widget in widgets if widget.id.endswith("-canvas"))

    def follow(socket: WebSocket) -> None:
        socket.on("framesent", take)

    random = np.random.default_rng(0)
    drawings: list[list[Recorded]] = []
    with sync_playwright() as playwright, launch(playwright) as browser, Server() as server:
        # With reduced motion, the server alone answers, after each stroke.
        page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        page.on("websocket", follow)
        visitor = Visitor(page).arrive(server.url)
        page.wait_for_timeout(2000)
        while len(drawings) < DRAWINGS:
            strokes, drawing = draw_digit(random)[1], []
            if len(strokes) < MIN_STROKES:
                continue
            for stroke in place_at_random(strokes, random)[0]:
                before = page.locator(".reading[data-source]").get_attribute("data-answer")
                visitor.draw([(float(x), float(y)) for x, y in stroke])
                page.wait_for_function(ANSWERED, arg=before)
                seed: str = json.loads(sent[-1])["drawing"]["raw"]["overlay"]
                drawing.append(Recorded(sent[-1], seed, visitor.prediction.inner_text()))
            drawings.append(drawing)
            visitor.press("Clear")
            visitor.reads_nothing()
    return drawings
