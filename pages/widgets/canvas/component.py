"""The drawing canvas: one widget and one drawing for each session on all pages, and a wider canvas for numbers."""

import contextlib
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.errors import StreamlitAPIException

from model.files.strokes import CANVAS_SIDE, DrawingError, as_drawing_error, parse_saved_strokes
from pages.widgets.canvas.drawing import PEN_COLOUR
from pages.widgets.canvas.history import DrawingHistory
from pages.widgets.ui.browser_component import browser_component, component_event

log = logging.getLogger(__name__)

try:
    from streamlit_drawable_canvas import st_canvas
except StreamlitAPIException:  # Streamlit only finds components that were installed when it started
    log.exception("The canvas cannot be imported.")
    st.error("The canvas was installed after the server had started: restart it, or on Community Cloud reboot the app.")
    st.stop()

# The buttons are the app's own, in one component with what the browser keeps: each button of Streamlit's would add a
# message to every stroke's answer.
BUTTONS = {"Undo": ("undo", "Control+Z"), "Redo": ("redo", "Control+Shift+Z"), "Clear": ("delete", "")}
# What the browser asks for when the canvas' own history ends or is lost
ACTIONS: dict[str, Callable[[DrawingHistory], None]] = {
    "Undo": DrawingHistory.undo,
    "Redo": DrawingHistory.redo,
    "Clear": DrawingHistory.clear,
    "Show": DrawingHistory.reseed,
}
HERE = Path(__file__)
browser_part = browser_component(
    "canvas",
    HERE.with_name("mounts.js"),
    HERE.with_suffix(".js"),
    html="".join(
        f'<button type="button" name="{name}" aria-keyshortcuts="{keys}" title="{keys}"><span aria-hidden="true">'
        f"{icon}</span>{name}</button>"
        for name, (icon, keys) in BUTTONS.items()
    ),
)


class Canvas(NamedTuple):
    """A canvas with a drawing of its own. A page shows one of them."""

    key: str
    width: int  # in pixels; it is CANVAS_SIDE pixels high


DIGIT_CANVAS = Canvas("canvas", CANVAS_SIDE)
NUMBER_CANVAS = Canvas("number_canvas", 2 * CANVAS_SIDE)


def drawing_history(canvas: Canvas = DIGIT_CANVAS) -> DrawingHistory:
    """Return the session's drawing on this canvas, and those before it."""
    key = f"drawing_history_{canvas.key}"
    history: DrawingHistory | None = st.session_state.get(key)
    if history is None:
        history = st.session_state[key] = DrawingHistory()
    return history


def show_canvas(pen_width: int, canvas: Canvas = DIGIT_CANVAS) -> None:
    """Show the canvas with Undo, Redo and Clear below it; its strokes go into the session's history."""
    history = drawing_history(canvas)
    refusals: list[DrawingError] = []
    appears = canvas.key not in st.session_state  # on the first visit, and on coming back from another page
    if appears:
        history.reseed()
    else:
        try:  # before the canvas is shown, because it may have to show another drawing
            receive_drawing(canvas)
        except DrawingError as error:
            refusals.append(error)
    try:
        with as_drawing_error():  # a hostile browser can make the package raise anything
            st_canvas(
                stroke_width=pen_width,
                stroke_color=PEN_COLOUR,
                background_color="#000000",
                update_streamlit=False,  # component.js sends it
                width=canvas.width,
                height=CANVAS_SIDE,
                initial_drawing=history.seed,
                return_image_data=True,
                key=canvas.key,
            )
        if appears:
            adopt_browser_drawing(canvas)
    except DrawingError as error:
        refusals.append(error)
    if refusals:
        log.warning("A canvas sent an unreadable drawing.", exc_info=refusals[0])
        st.error("This drawing cannot be read: press Clear and draw again.")
    show_buttons(canvas)


def adopt_browser_drawing(canvas: Canvas) -> None:
    """Show what is on the browser's canvas instead of the empty drawing that has just been sent: the browser may have
    been here before the server started again. Raises DrawingError.
    """
    empty = drawing_history(canvas).seed
    receive_drawing(canvas)
    if drawing_history(canvas).seed is not empty:
        st.rerun()


def receive_late_stroke(canvas: Canvas = DIGIT_CANVAS) -> None:
    """Receive a stroke that may have come together with the click that a callback answers."""
    with contextlib.suppress(DrawingError):  # show_canvas runs next and tells the visitor
        receive_drawing(canvas)


def receive_drawing(canvas: Canvas) -> None:
    """Pass the canvas' state, as the browser sent it, to the history. Raises DrawingError."""
    with as_drawing_error():
        drawing = st.session_state[canvas.key]["drawing"]
        canvas_json, png_url = drawing["raw"], drawing["data"]
    drawing_history(canvas).receive(canvas_json, png_url)


def show_buttons(canvas: Canvas) -> None:
    """Show Undo, Redo and Clear. The tab saves the drawing, and returns it to a session that has none yet."""
    history = drawing_history(canvas)
    strokes, png = history.drawing
    data = {
        "canvas": canvas.key,
        "mark": history.mark,
        "drawing": None if history.is_pristine else strokes,
        "pictureWanted": bool(strokes) and not png,
        "startsEmpty": not history.seed["objects"],
        "past": bool(history.past),
        "future": bool(history.future),
    }
    key = f"browser_{canvas.key}"
    content = json.dumps(data).encode()  # bytes, because Streamlit searches everything else for tables
    browser_part(
        data=content,
        key=key,
        on_kept_change=lambda: restore_saved_drawing(canvas),
        on_wanted_change=lambda: handle_request(canvas),
    )


def handle_request(canvas: Canvas) -> None:
    """Do what the browser asks for. A request that names an earlier seed is outdated."""
    receive_late_stroke(canvas)
    match component_event(f"browser_{canvas.key}", "wanted"):
        case [str(name), str(mark)] if name in ACTIONS and mark == drawing_history(canvas).mark:
            ACTIONS[name](drawing_history(canvas))


def restore_saved_drawing(canvas: Canvas) -> None:
    """Take a drawing that the tab has saved from before a reload of the page or a restart of the server."""
    history = drawing_history(canvas)
    if not history.is_pristine:
        return
    try:
        strokes = parse_saved_strokes(component_event(f"browser_{canvas.key}", "kept"))
    except DrawingError:
        log.warning("A browser saved a malformed drawing.", exc_info=True)
        return
    if strokes:
        history.restore(strokes)
