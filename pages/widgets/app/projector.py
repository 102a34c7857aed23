"""Projector mode: everything is half as large again.

The style sheet enlarges the root's font, in which Streamlit and Inkling measure nearly everything. Widths of widgets
and everything in a chart are in pixels, so this module enlarges them.
"""

from typing import Any

import streamlit as st

SCALE = 1.5  # as in assets/style.css

# Which power of the scale a number in a chart grows by: a mark's size is an area.
POWERS = {
    **dict.fromkeys(("width", "height", "fontSize", "strokeWidth", "strokeDash", "dx", "minExtent", "maxExtent"), 1),
    **dict.fromkeys(("padding", "subtitleFontSize", "symbolStrokeWidth"), 1),
    "size": 2,
}
# What may stand between such a name and its numbers in a chart
BETWEEN = {"condition", "value", "scale", "range", "left", "right", "top", "bottom"}


def show_projector_switch() -> None:
    """Show the switch of projector mode."""
    st.toggle("Projector", key="projector", persist_state="session", help="Enlarges everything by 50%.")


def is_projected() -> bool:
    """Return whether the visitor has switched the projector mode on."""
    return bool(st.session_state.get("projector"))


def in_pixels(length: int) -> int:
    """Return a length on the page in pixels; in projector mode it is half as long again."""
    return round(length * SCALE) if is_projected() else length


def fit_chart(chart: dict[str, Any]) -> dict[str, Any]:
    """Return a Vega-Lite chart, in projector mode with everything in it half as large again."""
    return enlarge(chart, 0) if is_projected() else chart


def enlarge(part: Any, power: int) -> Any:
    """Return a part of a chart with its numbers times a power of the scale; 0 for numbers that are not lengths."""
    if isinstance(part, dict):
        return {name: enlarge(each, POWERS.get(name, power if name in BETWEEN else 0)) for name, each in part.items()}
    if isinstance(part, list):
        return [enlarge(each, power) for each in part]
    return part * SCALE**power if power and isinstance(part, (int, float)) and not isinstance(part, bool) else part
