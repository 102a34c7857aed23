"""Which digits a network takes for which others, and the images behind each number."""

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
from model.wording import as_percent
from pages.widgets.app.projector import in_pixels
from pages.widgets.networks.mnist_predictions import answers_of
from pages.widgets.test_set.image_detail import deselect_image, has_clicked, show_test_image
from pages.widgets.test_set.thumbnails import choose_looked_at, look_at, looked_at, show_thumbnails
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
    """The matrix of each network, the images of a cell, and what the rows and columns come to."""
    counts = {name: confusion_counts(answers_of(network, mnist), mnist.y_test) for name, network in networks.items()}
    name = looked_at(networks)
    cell = selected_cell(counts[name])
    st.markdown(
        "Each number says how many test images with the label on the left are read as the digit below. Those on the "
        "diagonal, grey, are read right; where a cell is empty, there are none. Click a cell to see its images: it is "
        "framed pink."
    )
    most = max(int(mistakes(of_network).max()) for of_network in counts.values())
    left, right = st.columns(2)
    for i, (each, place) in enumerate(zip(networks, (left, right), strict=False)):
        with place:
            show_matrix(i, each, cells(counts[each], cell if each == name else None, most))
    if len(networks) > 1:
        left, right = st.columns(2)
    with left:
        choose_cell(networks, cell)
        show_images(name, networks[name], cell, mnist)
    with right:
        show_test_image(networks, mnist)
    show_tables(counts)


def select_cell(label: int, read: int) -> None:
    """Pick a cell, and with it the first of its images."""
    st.session_state["cell"] = (label, read)
    deselect_image()


def enter_cell() -> None:
    """Pick the cell that the fields say; as in `enter_image`, a click that comes with them counts more."""
    if not has_clicked():
        select_cell(st.session_state["cell_label"], st.session_state["cell_read"])


def mistakes(counts: Counts) -> Counts:
    """The matrix without its diagonal."""
    return counts - np.diag(counts.diagonal())


def selected_cell(counts: Counts) -> Cell:
    """The cell that was picked; until then, the most frequent mistake."""
    label, read = np.unravel_index(mistakes(counts).argmax(), counts.shape)
    cell: Cell = st.session_state.get("cell", (int(label), int(read)))
    return cell


def choose_cell(networks: dict[str, Network], cell: Cell) -> None:
    """Pick a cell by keyboard."""
    choose_looked_at(networks, "Images of")
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


def show_images(name: str, network: Network, cell: Cell, mnist: Mnist) -> None:
    """The images of a cell."""
    label, read = cell
    images = np.flatnonzero((mnist.y_test == label) & (answers_of(network, mnist) == read)).tolist()
    are, right = "is" if len(images) == 1 else "are", "right" if label == read else "wrong"
    st.markdown(f"**{name}**: {len(images):,} of the images labelled {label} {are} read as {read}, {right}.")
    if images:
        show_thumbnails(images, str, mnist)


def show_matrix(i: int, name: str, table: pd.DataFrame) -> None:
    """One network's matrix; table: of `cells`. A click picks a cell; its keyboard twin is `choose_cell`."""
    show_clickable_chart(matrix_chart(name), f"matrix_{i}", {CELLS: table}, partial(click_cell, name))


def click_cell(name: str, mark: dict[str, Any]) -> None:
    """Select the cell that was clicked on."""
    if all(mark.get(field) in range(10) for field in ("label", "read")):
        look_at(name)
        select_cell(mark["label"], mark["read"])


def cells(counts: Counts, cell: Cell | None, most: int) -> pd.DataFrame:
    """A row a cell. cell: the picked one, if it is of this matrix; most: what the darkest shade stands for, the same in
    all matrices that are to be compared.
    """
    labels, read = np.indices(counts.shape).reshape(2, -1)
    return pd.DataFrame(
        {
            "label": labels,
            "read": read,
            "count": counts.ravel(),
            "shade": mistakes(counts).ravel() / max(most, 1),
            "is_right": labels == read,
            "is_picked": [place == cell for place in zip(labels.tolist(), read.tolist(), strict=True)],
            "clicks": clicks(),
        }
    )


@st.cache_data(show_spinner=False)
def matrix_chart(name: str) -> Specification:
    """The chart without its data."""
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
            stroke=alt.when("datum.is_picked").then(alt.value(SELECTED)).otherwise(alt.value(NEUTRAL)),
            strokeWidth=alt.when("datum.is_picked").then(alt.value(3)).otherwise(alt.value(0.25)),
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


def show_tables(counts: dict[str, Counts]) -> None:
    """Precision, recall and count of each digit, for each network."""
    st.subheader("Digit by digit")
    st.markdown(
        "**Count** is how many test images have this label. **Precision** is the share that is right of all that are "
        "read as this digit: a column above. **Recall** is the share that is read right of all that have this label: a "
        "row. A network that said 1 to everything would have a recall of 100% for the 1, and a precision of 11%."
    )
    for place, (name, of_network) in zip(st.columns(2), counts.items(), strict=False):
        with place:
            st.markdown(f"**{name}**")
            show_table(of_network)


def show_table(counts: Counts) -> None:
    """Precision, recall and count of each digit."""
    table = metrics_per_digit(counts).reset_index()
    for name in ("precision", "recall"):
        table[name] = ["never read" if np.isnan(value) else as_percent(value) for value in table[name]]
    st.table(table.rename(columns=str.capitalize), hide_index=True)
