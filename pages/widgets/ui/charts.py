"""What charts have in common: how they are shown, so that one stays while its data changes and does not blink."""

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from pages.widgets.app.projector import fit_chart
from pages.widgets.ui.palette import BELOW, MOST, NEGATIVE, NOTHING, POSITIVE

# Around a chart, in pixels of the page. All four sides: else Streamlit would put its own below.
PADDING = dict.fromkeys(("left", "right", "top", "bottom"), 5)

MIN_SPAN = 0.05  # of an axis of accuracies

Specification = dict[str, Any]


def specification(chart: alt.TopLevelMixin) -> Specification:
    """The chart as Vega-Lite has it, without the data that it names. Worth caching: making it takes milliseconds."""
    as_json: Specification = chart.to_dict()
    return as_json


def with_data(chart: Specification, tables: dict[str, pd.DataFrame]) -> Specification:
    """The chart with the data that it names, as large as the page has it."""
    return fit_chart(chart) | {"datasets": tables}


def show_chart(chart: Specification, key: str, tables: dict[str, pd.DataFrame]) -> None:
    """Show the chart with the data that it names."""
    st.vega_lite_chart(with_data(chart, tables), key=key)


def least_span(data: str, field: str) -> alt.Chart:
    """Return an invisible line that makes the axis of a share span five points in a hundred at least, within 0 to 1:
    without it, a tenth of a point that is lost would look like a fall. data: the name of the chart's; field: the share.
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


def shade() -> alt.Color:
    """How bright a neuron is drawn: `share` is what it puts out, as a share of the layer's largest."""
    return alt.Color(
        "share:Q", scale=alt.Scale(domain=[-1, 0, 1], range=[BELOW, NOTHING, MOST], clamp=True), legend=None
    )


def on_shade() -> Any:
    """The colour of what is written on it: an Altair condition."""
    return alt.when(alt.datum.share > 0.5).then(alt.value(NOTHING)).otherwise(alt.value(MOST))


def by_sign(field: str) -> Any:
    """The colour of a number with a sign: an Altair condition."""
    return alt.when(alt.datum[field] > 0).then(alt.value(POSITIVE)).otherwise(alt.value(NEGATIVE))
