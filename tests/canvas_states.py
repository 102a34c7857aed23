"""Canvas states as browsers send them."""

import base64
import io
import json
from typing import Any

from PIL import Image, ImageDraw
from streamlit.testing.v1 import AppTest


def path(x: float, width: float = 20) -> dict[str, Any]:
    """Return a vertical stroke with some of its other properties, as the canvas sends it."""
    return {
        "type": "Path",
        "version": "7.4.0",
        "left": x,
        "stroke": "#ffffff",
        "strokeWidth": width,
        "path": [["M", x, 40], ["Q", x, 90, x, 140.25], ["L", x, 240]],
    }


def picture(*lines: list[tuple[float, float]]) -> Image.Image:
    """Draw lines on a canvas."""
    drawn = Image.new("RGBA", (280, 280), "black")
    for line in lines:
        ImageDraw.Draw(drawn).line(line, fill="white", width=20)
    return drawn


def as_url(drawn: Image.Image) -> str:
    """Return a picture as the canvas sends it."""
    png = io.BytesIO()
    drawn.save(png, "PNG")
    return "data:image/png;base64," + base64.b64encode(png.getvalue()).decode()


def data_url(*xs: float) -> str:
    """Return the canvas' picture of vertical strokes."""
    return as_url(picture(*([(x, 40.0), (x, 240.0)] for x in xs)))


def canvas_state(*lines: list[tuple[float, float]]) -> dict[str, Any]:
    """Return the component's state when these lines are drawn on the canvas."""
    paths = [
        {"type": "Path", "strokeWidth": 20, "path": [["M", *line[0]], *(["L", *point] for point in line[1:])]}
        for line in lines
    ]
    drawing = {"raw": {"objects": paths, "background": "#000000"}, "data": as_url(picture(*lines))}
    return {"drawing": drawing, "backgroundFit": None}


def press(app: AppTest, button: str, sheet: str = "canvas") -> None:
    """Press Clear, or Undo or Redo beyond the canvas' own history, and run the page.

    AppTest cannot press the canvas' buttons, so this does what a browser sends, or asks the server to do.
    """
    if button == "Clear":
        app.session_state[sheet] = canvas_state()
    else:
        getattr(app.session_state[f"drawing_history_{sheet}"], button.lower())()
    app.run()


def is_history_elsewhere(app: AppTest) -> tuple[bool, bool]:
    """Return whether the server has something to undo, and to redo, beyond the canvas' own history."""
    component = next(each for each in app.get("bidi_component") if each.proto.component_name == "inkling_canvas")
    said = json.loads(component.proto.bytes)
    return said["past"], said["future"]
