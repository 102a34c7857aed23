"""Which digits a network takes for which others, and the images behind each of these counts."""

from functools import partial
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from model.evaluate import confusion_counts, metrics_per_digit
from model.mnist import Mnist
from model.network import Network
from model.number_format import as_percent
from pages.widgets.app.projector import in_pixels
from pages.widgets.networks.mnist_predictions import answers_of
from pages.widgets.test_set.image_detail import deselect_image, is_outdated, show_image_detail
from pages.widgets.test_set.page_settings import choose_viewed_network, view_network, viewed_network
from pages.widgets.test_set.thumbnails import show_thumbnails
from pages.widgets.ui.charts import (
    PADDING,
    Specification,
    clicks,
    selection_by_click,
    show_clickable_chart,
    specification,
)
from pages.widgets.ui.palette import NEUTRAL, SELECTED, TEXT, WRONG
from pages.widgets.ui.widget_sync import sync_widget

Counts = npt.NDArray[np.int_]  # [10, 10]: a row for each label, a column for each digit read
Cell = tuple[int, int]  # label, digit read

HEIGHT = 380
CELLS = "cells"  # the chart's name for its data


def show_confusion(networks: dict[str, Network], mnist: Mnist) -> None:
    """Show the matrix of each network, the images of a cell, and precision and recall by digit."""
    counts = {name: confusion_counts(answers_of(network, mnist), mnist.y_test) for name, network in networks.items()}
    name = viewed_network(networks)
    cell = selected_cell(counts[name])
    st.markdown(
        "Each number says how many test images with the label on the left are read as the digit below. Those on the "
        "grey diagonal are read right; an empty cell has none. Click a cell to see its images: its frame turns pink."
    )
    most = max(int(mistakes(of_network).max()) for of_network in counts.values())
    left, right = st.columns(2)
    for i, (each, column) in enumerate(zip(networks, (left, right), strict=False)):
        table = matrix_cells(counts[each], cell if each == name else None, most)
        with column:  # a click selects a cell, as does `choose_cell`, its keyboard twin
            show_clickable_chart(matrix_chart(each), f"matrix_{i}", {CELLS: table}, partial(click_cell, each))
    if len(networks) > 1:
        left, right = st.columns(2)
    with left:
        choose_cell(networks, cell)
        show_images_of_cell(name, networks[name], cell, mnist)
    with right:
        show_image_detail(networks, mnist)
    show_metrics_by_digit(counts)


def select_cell(label: int, read: int) -> None:
    """Select a cell, and with it the first of its images."""
    st.session_state["cell"] = (label, read)
    deselect_image()


def enter_cell() -> None:
    """Select the cell that was entered."""
    if not is_outdated():
        select_cell(st.session_state["cell_label"], st.session_state["cell_read"])


def mistakes(counts: Counts) -> Counts:
    """Return the matrix without its diagonal."""
    return counts - np.diag(counts.diagonal())


def selected_cell(counts: Counts) -> Cell:
    """Return the selected cell; at first, it is the most frequent mistake."""
    label, read = np.unravel_index(mistakes(counts).argmax(), counts.shape)
    cell: Cell = st.session_state.get("cell", (int(label), int(read)))
    return cell


def choose_cell(networks: dict[str, Network], cell: Cell) -> None:
    """Let the visitor select a cell by keyboard."""
    choose_viewed_network(networks, "Images of")
    with st.container(horizontal=True):
        for name, key, digit in (("Label", "cell_label", cell[0]), ("Read as", "cell_read", cell[1])):
            st.selectbox(
                name,
                range(10),
                sync_widget(key, digit),
                key=key,
                on_change=enter_cell,
                width=in_pixels(150),
            )


def show_images_of_cell(name: str, network: Network, cell: Cell, mnist: Mnist) -> None:
    """Show the images of a cell, and how many they are."""
    label, read = cell
    images = np.flatnonzero((mnist.y_test == label) & (answers_of(network, mnist) == read)).tolist()
    are, right = "is" if len(images) == 1 else "are", "right" if label == read else "wrong"
    st.markdown(f"**{name}**: {len(images):,} of the images labelled {label} {are} read as {read}, {right}.")
    if images:
        show_thumbnails(images, str, mnist)


def click_cell(name: str, mark: dict[str, Any]) -> None:
    """Select the cell that was clicked on."""
    if all(mark.get(field) in range(10) for field in ("label", "read")):
        view_network(name)
        select_cell(mark["label"], mark["read"])


def matrix_cells(counts: Counts, selected: Cell | None, most: int) -> pd.DataFrame:
    """Return a row for each cell. selected: the selected cell, if it is in this matrix; most: how many mistakes the
    darkest shade stands for, the same in all matrices, so that they can be compared.
    """
    labels, read = np.indices(counts.shape).reshape(2, -1)
    return pd.DataFrame(
        {
            "label": labels,
            "read": read,
            "count": counts.ravel(),
            "shade": mistakes(counts).ravel() / max(most, 1),
            "is_right": labels == read,
            "is_selected": [cell == selected for cell in zip(labels.tolist(), read.tolist(), strict=True)],
            "clicks": clicks(),
        }
    )


@st.cache_data(show_spinner=False)
def matrix_chart(name: str) -> Specification:
    """Return the chart of a network's matrix, without its data."""
    base = alt.Chart(alt.NamedData(CELLS)).encode(
        x=alt.X("read:O", title="Read as", axis=alt.Axis(labelAngle=0, labelFlush=False)),
        y=alt.Y("label:O", title="Label", axis=alt.Axis(labelFlush=False)),
    )
    opacity = alt.FillOpacity("shade:Q", scale=alt.Scale(type="sqrt", domain=[0, 1], range=[0, 0.75]), legend=None)
    wrong = base.mark_rect(aria=False, color=WRONG).encode(fillOpacity=opacity)
    right = base.transform_filter("datum.is_right").mark_rect(aria=False, color=NEUTRAL, fillOpacity=0.25)
    numbers = (
        base.transform_filter("datum.count > 0").mark_text(aria=False, fontSize=11, color=TEXT).encode(text="count:Q")
    )
    frames = (
        base.mark_rect(aria=False, cursor="pointer", fillOpacity=0)
        .encode(
            stroke=alt.when("datum.is_selected").then(alt.value(SELECTED)).otherwise(alt.value(NEUTRAL)),
            strokeWidth=alt.when("datum.is_selected").then(alt.value(3)).otherwise(alt.value(0.25)),
            tooltip=[
                alt.Tooltip("label:O", title="Label"),
                alt.Tooltip("read:O", title="Read as"),
                alt.Tooltip("count:Q", title="Test images", format=","),
            ],
        )
        .add_params(selection_by_click("label", "read", "clicks"))
    )
    title = alt.Title(name, subtitle="Test images by label and answer", subtitleColor=TEXT)
    chart = (wrong + right + numbers + frames).properties(
        padding=PADDING, height=HEIGHT, title=title, description=f"Confusion matrix of {name}"
    )
    return specification(chart)


def show_metrics_by_digit(counts: dict[str, Counts]) -> None:
    """Show precision, recall and count of each digit, for each network."""
    st.subheader("Digit by digit")
    st.markdown(
        "**Count** is how many test images have this label. **Precision** is the share that is right among all "
        "images read as this digit, a column above. **Recall** is the share that is read right among all images with "
        "this label, a row. A network that said 1 to everything would have a recall of 100% for the 1, and a precision "
        "of 11%."
    )
    for column, (name, of_network) in zip(st.columns(2), counts.items(), strict=False):
        table = metrics_per_digit(of_network).reset_index()
        for metric in ("precision", "recall"):
            table[metric] = ["never read" if np.isnan(value) else as_percent(value) for value in table[metric]]
        column.markdown(f"**{name}**")
        column.table(table.rename(columns=str.capitalize), hide_index=True)
