"""A map of the test set for each layer: each image is a point, close to those that the layer finds alike."""

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
from model.number_format import as_percent
from pages.widgets.networks.mnist_predictions import answers_of
from pages.widgets.networks.picker import label
from pages.widgets.test_set.image_detail import select_image, selected_image, show_image_detail
from pages.widgets.test_set.page_settings import choose_viewed_network
from pages.widgets.ui.charts import PADDING, Specification, selection_by_click, show_clickable_chart, specification
from pages.widgets.ui.palette import DIGITS, SELECTED

log = logging.getLogger(__name__)

SIDE = 460  # of the map, in pixels of the page
POINTS, SELECTION, LABELS = "points", "selection", "labels"  # the chart's names for its data
LAYER = "map_layer"  # key of the session

cached_maps = st.cache_resource(show_spinner=False)(load_maps)


def show_map(networks: dict[str, Network], mnist: Mnist) -> None:
    """Show the map of a layer that the visitor chooses, and the selected image. networks: by their names for people."""
    name = choose_viewed_network(networks, "Map of the network")
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
        key=LAYER,
        persist_state="session",
    )
    st.markdown(map_explanation(maps, layer))
    read = answers_of(networks[name], mnist)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        tables = map_tables(maps[layer].points, mnist, read, selected_image())
        show_clickable_chart(map_chart(), "map", tables, click_image)
        st.caption(
            "Each point is a test image, coloured by its label; each label stands in the middle of its images. Crosses "
            "are images that the network misreads. Click a point to see its image: it gets a pink frame. Points close "
            "together are images that are alike. The distances between groups, their places and their widths mean "
            "nothing: t-SNE, the method that drew the map, only keeps neighbours together."
        )
    with right:
        show_image_detail(networks, mnist)


def preselect_layer(layer: int) -> None:
    """Show the map of this layer, 0 for the pixels. To be called in a callback."""
    st.session_state[LAYER] = layer


def map_explanation(maps: Sequence[Map], layer: int) -> str:
    """Return what there is to see on this layer's map."""
    alike = f"The nearest neighbour of an image has the same label in {as_percent(maps[layer].agreement)} of all cases"
    if layer == 0:
        return (
            "**The images as the network gets them**, 784 numbers each: images with ink on the same pixels are "
            f"neighbours, and most digits form groups even without a network. {alike}."
        )
    before = f"; it was {as_percent(maps[layer - 1].agreement)} one layer before"
    if layer == len(maps) - 1:
        return (
            "**The images by the ten sums of the output layer**, before softmax. An image in another digit's group is "
            f"mostly one that the network misreads. {alike}{before}."
        )
    return f"**The images by what the neurons of hidden layer {layer} put out.** {alike}{before}."


def click_image(mark: dict[str, Any]) -> None:
    """Select the image that was clicked on."""
    if mark.get("image") in range(IMAGES):
        select_image(mark["image"])


def map_tables(places: MapPoints, mnist: Mnist, read: np.ndarray, selected: int) -> dict[str, pd.DataFrame]:
    """Return a row for each image, the selected image, and where to write each label: in the middle of its images."""
    points = pd.DataFrame(
        {
            "image": np.arange(len(places), dtype=np.int16),
            "x": places[:, 0],
            "y": places[:, 1],
            "label": mnist.y_test,
            "read": read.astype(np.uint8),
        }
    )
    labels = points.groupby("label", as_index=False)[["x", "y"]].median()
    return {POINTS: points, SELECTION: points.iloc[[selected]], LABELS: labels}


@st.cache_data(show_spinner=False)
def map_chart() -> Specification:
    """Return the chart of a map, without its data."""
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
    ring = (
        alt.Chart(alt.NamedData(SELECTION)).mark_point(aria=False, size=300, strokeWidth=3, color=SELECTED).encode(**at)
    )
    labels = alt.Chart(alt.NamedData(LABELS)).encode(**at, text="label:N")
    # White with a dark edge can be read on every colour.
    font: dict[str, Any] = {"aria": False, "fontSize": 28, "fontWeight": "bold"}
    edges = labels.mark_text(**font, stroke="black", strokeWidth=5, strokeJoin="round")
    chart = (points + ring + edges + labels.mark_text(**font, color="white")).properties(
        height=SIDE,
        padding=PADDING,
        title="Test images, alike ones close together",
        description="A map of the 10,000 test images, coloured by label",
        usermeta={"embedOptions": {"renderer": "canvas"}},  # 10,000 points are too much for SVG
    )
    return specification(chart)
