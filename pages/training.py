"""How the notebook's network learned: loss and accuracy, epoch by epoch."""

import logging

import altair as alt
import pandas as pd
import streamlit as st

from model.network import BUNDLED
from pages.widgets.front_door import through_the_front_door

through_the_front_door()

log = logging.getLogger(__name__)

MEASURES = ["loss", "accuracy", "val_loss", "val_accuracy"]
NAMES = {"training": "training: 60,000 images", "validation": "validation: the 10,000 test images"}


@st.cache_data(show_spinner=False)
def history(name: str) -> pd.DataFrame:
    """A bundled network's curves, a row an epoch. Raises OSError, ValueError or KeyError where they cannot be read."""
    table = pd.read_csv(BUNDLED / name / "history.csv", dtype=float)[["epoch", *MEASURES]]
    if table.empty:
        raise ValueError("no epochs")
    return table


def curves(table: pd.DataFrame, measure: str, title: str, number_format: str) -> alt.Chart:
    """One measure by epoch, a line for the training and one for the validation images."""
    columns = {measure: NAMES["training"], f"val_{measure}": NAMES["validation"]}
    long = table.rename(columns=columns).melt("epoch", list(columns.values()), "images", measure)
    chart: alt.Chart = (
        alt.Chart(long, title=title)
        .mark_line(point=True)
        .encode(
            x=alt.X("epoch:Q", title="Epoch", axis=alt.Axis(tickMinStep=1, format="d")),
            y=alt.Y(f"{measure}:Q", title=title, axis=alt.Axis(format=number_format), scale=alt.Scale(zero=False)),
            color=alt.Color("images:N", title=None, scale=alt.Scale(range=["#4477aa", "#ee7733"])),
            strokeDash=alt.StrokeDash("images:N", title=None),
            tooltip=[
                alt.Tooltip("epoch:Q", title="Epoch"),
                alt.Tooltip("images:N", title="Images"),
                alt.Tooltip(f"{measure}:Q", title=title, format=number_format),
            ],
        )
        .properties(height=400)
        .configure_legend(orient="top", columns=1, labelLimit=0)
    )
    return chart


st.title("Training curves")
st.markdown(
    "The notebook's network looked at all 60,000 training images of MNIST 20 times over; each time is an *epoch*. "
    "The charts show how well it did after each of them. Validation is measured on MNIST's 10,000 test images, "
    "which it was never trained on."
)
try:
    notebook = history("notebook")
except (OSError, ValueError, KeyError):
    log.exception("The training history cannot be read.")
    st.error(
        "The training history cannot be read: restore it with `git checkout -- model/notebook`, "
        "or make it again with `python -m model.train notebook`."
    )
    st.stop()

st.altair_chart(curves(notebook, "loss", "Loss (cross-entropy)", ".3f"))
first, best, last = (notebook.iloc[row] for row in (0, notebook["val_loss"].argmin(), -1))
st.markdown(
    "**Loss** is how surprised the network is by the right digit. On the training images it goes on falling; on the "
    f"validation images it is lowest after epoch {best['epoch']:.0f} and then rises: the network learns the training "
    "images by heart, and is ever surer where it is wrong about the others. That is *overfitting*."
)
st.altair_chart(curves(notebook, "accuracy", "Accuracy", ".1%"))
st.markdown(
    f"**Accuracy** is the share of images that it reads right: {last['accuracy']:.1%} of those it was trained on, but "
    f"{last['val_accuracy']:.1%} of the others. Most of that is there after the first epoch already: "
    f"{first['val_accuracy']:.1%}."
)
