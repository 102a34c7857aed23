"""A map of the test set for each layer: every image a point, close to those that the layer finds alike."""

import logging
from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from model.bundled_networks import BUNDLED_NAMES
from model.embedding_map import IMAGES, MAX_COORDINATE, Map, MapError, MapPoints, load_maps
from model.mnist import Mnist
from model.network import Network
from model.wording import as_percent
from pages.widgets.networks.mnist_predictions import answers_of
from pages.widgets.networks.picker import label
from pages.widgets.test_set.image_detail import select_image, selected_image, show_test_image
from pages.widgets.test_set.thumbnails import choose_looked_at
from pages.widgets.ui.charts import PADDING, Specification, selection_by_click, show_clickable_chart, specification
from pages.widgets.ui.palette import DIGITS, SELECTED

log = logging.getLogger(__name__)

SIDE = 460  # of the map, in pixels of the page
POINTS, PICK, NAMES = "points", "pick", "names"  # the chart's names for its data

cached_maps = st.cache_resource(show_spinner=False)(load_maps)


def show_map(networks: dict[str, Network], mnist: Mnist) -> None:
    """The map of the layer that the visitor chose, and the picked image; networks: by their names for people."""
    name = choose_looked_at(networks, "Map of the network")
    bundled = {label(each): each for each in BUNDLED_NAMES}
    if name not in bundled:
        st.info("It takes minutes to draw a map, so only the bundled networks have one: choose one of them above.")
        return
    try:
        maps = cached_maps(bundled[name])
    except MapError as error:
        log.exception("A map cannot be read.")
        st.error(str(error))
        return
    layer: int = st.segmented_control(
        "Map of the layer",
        range(len(maps)),
        default=0,
        format_func=lambda i: "Pixels" if i == 0 else "Output" if i == len(maps) - 1 else f"Hidden {i}",
        required=True,
        key="map_layer",
        persist_state="session",
    )
    st.markdown(explanation(maps, layer))
    read = answers_of(networks[name], mnist)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        points = tables(maps[layer].points, mnist, read, selected_image())
        show_clickable_chart(map_chart(), "map", points, click_image)
        st.caption(
            "Each point is a test image, coloured by its label, which stands in the middle of its images. Crosses are "
            "images that the network reads wrong. Click one to look at it: it is framed pink. Points close together "
            "are images that are alike. How far groups are apart, which way they lie and how wide they are means "
            "nothing: t-SNE, the method that drew the map, keeps neighbours together and no more."
        )
    with right:
        show_test_image(networks, mnist)


def explanation(maps: Sequence[Map], layer: int) -> str:
    """What there is to see on this layer's map."""
    alike = f"The nearest neighbour of an image has the same label in {as_percent(maps[layer].agreement)} of all cases"
    if layer == 0:
        return (
            "**The images as the network gets them**, 784 numbers each: those with ink on the same pixels are "
            f"neighbours, and most digits form groups without any network. {alike}."
        )
    before = f"; it was {as_percent(maps[layer - 1].agreement)} one layer before"
    if layer == len(maps) - 1:
        return (
            "**The images by the ten sums of the output layer**, before softmax. An image that lies in another digit's "
            f"group is mostly one that the network reads wrong. {alike}{before}."
        )
    return f"**The images by what the neurons of hidden layer {layer} put out.** {alike}{before}."


def click_image(mark: dict[str, Any]) -> None:
    """Select the image that was clicked on."""
    if mark.get("image") in range(IMAGES):
        select_image(mark["image"])


def tables(places: MapPoints, mnist: Mnist, read: np.ndarray, picked: int) -> dict[str, pd.DataFrame]:
    """A row for each image; the picked one; and where to write which digit: in the middle of its images."""
    points = pd.DataFrame(
        {
            "image": np.arange(len(places), dtype=np.int16),
            "x": places[:, 0],
            "y": places[:, 1],
            "label": mnist.y_test,
            "read": read.astype(np.uint8),
        }
    )
    names = points.groupby("label", as_index=False)[["x", "y"]].median()
    return {POINTS: points, PICK: points.iloc[[picked]], NAMES: names}


@st.cache_data(show_spinner=False)
def map_chart() -> Specification:
    """The chart without its data."""
    scale = alt.Scale(domain=[-100, MAX_COORDINATE + 100])
    at: dict[str, Any] = {"x": alt.X("x:Q", axis=None, scale=scale), "y": alt.Y("y:Q", axis=None, scale=scale)}
    is_wrong = alt.datum.label != alt.datum.read
    points = (
        alt.Chart(alt.NamedData(POINTS))
        .mark_point(aria=False, filled=True, cursor="pointer")
        .encode(
            **at,
            color=alt.Color("label:N", legend=None, scale=alt.Scale(domain=list(range(10)), range=DIGITS)),
            shape=alt.when(is_wrong).then(alt.value("cross")).otherwise(alt.value("circle")),
            size=alt.when(is_wrong).then(alt.value(60)).otherwise(alt.value(10)),
            order=alt.when(is_wrong).then(alt.value(1)).otherwise(alt.value(0)),
            tooltip=[
                alt.Tooltip("image:Q", title="Test image"),
                alt.Tooltip("label:N", title="Label"),
                alt.Tooltip("read:N", title="Read as"),
            ],
        )
        .add_params(selection_by_click("image"))
    )
    ring = alt.Chart(alt.NamedData(PICK)).mark_point(aria=False, size=300, strokeWidth=3, color=SELECTED).encode(**at)
    named = alt.Chart(alt.NamedData(NAMES)).encode(**at, text="label:N")
    # White with a dark edge is read on every colour.
    font: dict[str, Any] = {"aria": False, "fontSize": 28, "fontWeight": "bold"}
    edges = named.mark_text(**font, stroke="black", strokeWidth=5, strokeJoin="round")
    names = named.mark_text(**font, color="white")
    chart = (points + ring + edges + names).properties(
        height=SIDE,
        padding=PADDING,
        title="Test images, alike ones close together",
        description="A map of the 10,000 test images, coloured by label",
        usermeta={"embedOptions": {"renderer": "canvas"}},  # 10,000 points are too much for SVG
    )
    return specification(chart)
