"""What charts have in common: colours, and that a chart stays while its data changes, so that it does not blink."""

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

BLUE, ORANGE, PALE_BLUE = "#4477aa", "#ee7733", "#99bbdd"
# Numbers with a sign: what is above 0 is red, what is below 0 blue. Lines and bars.
RED_ABOVE, BLUE_BELOW = "#cc3333", "#2266aa"
PICKED = "#ff3333"  # the frame of what the visitor picked
PLAIN = "#888888"  # what is to be read on light and dark alike
# What neurons put out, from the layer's most negative over 0 to its largest
BELOW, ZERO, ABOVE = "#4499dd", "#000000", "#ffffff"
# Around a chart, in pixels of the page. All four sides: else Streamlit would put its own below.
PADDING = dict.fromkeys(("left", "right", "top", "bottom"), 5)

Specification = dict[str, Any]


def specification(chart: alt.TopLevelMixin) -> Specification:
    """The chart as Vega-Lite has it, without the data that it names. Worth caching: making it takes milliseconds."""
    as_json: Specification = chart.to_dict()
    return as_json


def with_data(chart: Specification, tables: dict[str, pd.DataFrame]) -> Specification:
    """The chart with the data that it names."""
    return chart | {"datasets": tables}


def show_chart(chart: Specification, key: str, tables: dict[str, pd.DataFrame]) -> None:
    """Show the chart with the data that it names."""
    st.vega_lite_chart(with_data(chart, tables), key=key)


def shade() -> alt.Color:
    """How bright a neuron is drawn: `share` is what it puts out, as a share of the layer's largest."""
    return alt.Color("share:Q", scale=alt.Scale(domain=[-1, 0, 1], range=[BELOW, ZERO, ABOVE], clamp=True), legend=None)


def on_shade() -> Any:
    """The colour of what is written on it: an Altair condition."""
    return alt.when(alt.datum.share > 0.5).then(alt.value(ZERO)).otherwise(alt.value(ABOVE))
