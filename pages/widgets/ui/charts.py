"""What charts have in common. A chart is made without its data, so that it does not blink when the data changes."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import altair as alt
import pandas as pd
import streamlit as st

from pages.widgets.app.projector import fit_chart
from pages.widgets.ui.palette import BELOW, FIRST, MOST, NEGATIVE, NOTHING, POSITIVE, SECOND

# Around a chart, in pixels of the page. If a side were missing, Streamlit would put its own padding below.
PADDING = dict.fromkeys(("left", "right", "top", "bottom"), 5)

MIN_SPAN = 0.05  # of an axis of shares

Specification = dict[str, Any]


def specification(chart: alt.TopLevelMixin) -> Specification:
    """Return the chart as Vega-Lite has it, without the data that it names. It takes milliseconds, so cache it."""
    as_json: Specification = chart.to_dict()
    return as_json


def with_data(chart: Specification, tables: dict[str, pd.DataFrame]) -> Specification:
    """Return the chart with the data that it names, enlarged on a projector."""
    return fit_chart(chart) | {"datasets": tables}


def show_chart(chart: Specification, key: str, tables: dict[str, pd.DataFrame]) -> None:
    """Show the chart with the data that it names."""
    st.vega_lite_chart(with_data(chart, tables), key=key)


def bar_chart(
    data: str, encoding: dict[str, Any], bar: dict[str, Any] | None = None, **properties: Any
) -> Specification:
    """Return a chart of bars, without its data. data: the chart's name for it; encoding: Altair's channels by name;
    bar: what all bars have in common, such as a colour; properties: height, description and so on.
    """
    chart = alt.Chart(alt.NamedData(data)).mark_bar(aria=False, **(bar or {})).encode(**encoding)
    return specification(chart.properties(**properties))


def digit_axis(title: str = "Digit") -> alt.X:
    """Return an x axis of the ten digits, which are in the column `digit`."""
    return alt.X("digit:O", title=title, axis=alt.Axis(labelAngle=0))


def pair_scale(names: Sequence[str]) -> alt.Scale:
    """Return the colours of one or two things that are shown in one chart, by their names."""
    return alt.Scale(domain=[*names], range=[FIRST, SECOND])


def pair_legend(names: Sequence[str], **options: Any) -> alt.Legend | None:
    """Return the legend of two things that are shown in one chart; None if there is only one."""
    return alt.Legend(orient="top", **options) if len(names) > 1 else None


def selection_by_click(*fields: str) -> alt.Parameter:
    """Return what makes the marks of a chart clickable. fields: those of its data that identify a mark, and `clicks` if
    a second click on the same mark counts.
    """
    return alt.selection_point(name="click", fields=[*fields], on="click", clear=False, toggle=False)


def clicks() -> int:
    """Return how many marks the visitor has clicked on. As part of a chart's data, the number makes a second click on
    the same mark a change: Streamlit reports nothing else.
    """
    return int(st.session_state.get("clicks", 0))


def show_clickable_chart(
    chart: Specification,
    key: str,
    tables: dict[str, pd.DataFrame],
    on_click: Callable[[dict[str, Any]], None],
    width: Literal["content", "stretch"] = "stretch",
) -> None:
    """Show a chart with a selection by click; give it a keyboard twin. on_click: a callback that gets the fields of the
    mark as the browser sends them.
    """

    def take_click() -> None:
        if marks := st.session_state[key]["selection"]["click"]:
            on_click(marks[0])
            st.session_state["clicks"] = clicks() + 1

    st.vega_lite_chart(with_data(chart, tables), key=key, on_select=take_click, selection_mode="click", width=width)


def least_span(data: str, field: str) -> alt.Chart:
    """Return an invisible line that makes the axis of a share span at least five percentage points, within 0 to 1.

    Without it, a loss of a tenth of a point would look like a fall. data: the chart's name for it; field: the share.
    """
    bottom = f"max(0, min(datum.low, (datum.low + datum.high - {MIN_SPAN}) / 2, 1 - {MIN_SPAN}))"
    line: alt.Chart = (
        alt.Chart(alt.NamedData(data))
        .transform_aggregate(low=f"min({field})", high=f"max({field})")
        .transform_calculate(bottom=bottom)
        .transform_calculate(top=f"min(1, max(datum.high, datum.bottom + {MIN_SPAN}))")
        .mark_rule(aria=False, opacity=0)
        .encode(y="bottom:Q", y2="top:Q")
    )
    return line


def activation_colour() -> alt.Color:
    """Return how bright a neuron is drawn. The column `share` is its activation, divided by its layer's largest."""
    return alt.Color(
        "share:Q", scale=alt.Scale(domain=[-1, 0, 1], range=[BELOW, NOTHING, MOST], clamp=True), legend=None
    )


def activation_text_colour() -> Any:
    """Return the colour of text on an `activation_colour`: an Altair condition."""
    return alt.when(alt.datum.share > 0.5).then(alt.value(NOTHING)).otherwise(alt.value(MOST))


def sign_colour(field: str) -> Any:
    """Return the colour of a number with a sign: an Altair condition."""
    return alt.when(alt.datum[field] > 0).then(alt.value(POSITIVE)).otherwise(alt.value(NEGATIVE))
