"""How the bundled networks learned: their curves in one chart, and what to see in them."""

import io
import logging

import numpy as np
import pandas as pd
import streamlit as st

from model import bundled_networks
from model.bundled_networks import BUNDLED_NAMES
from model.number_format import as_percent
from pages.widgets.networks.picker import LABELS
from pages.widgets.training.downloads import show_download
from pages.widgets.training.learning_curves import TRAINING, VALIDATION, show_curves

log = logging.getLogger(__name__)

MEASURES = ["loss", "accuracy", "val_loss", "val_accuracy"]
IMAGE_NAMES = {
    "notebook": {TRAINING: "training: 60,000 images", VALIDATION: "validation: the 10,000 test images"},
    "robust": {TRAINING: "training: 1.5 million pictures", VALIDATION: "validation: 904 pen digits of other writers"},
}
DESCRIPTIONS = {
    "notebook": "**Simple** looked at MNIST's 60,000 training images 20 times over, and was validated "
    "on the 10,000 test images, which it was never trained on.",
    "robust": "**Robust** looked at 1.5 million pictures 14 times over: MNIST, pen digits and digits drawn by code, "
    "deformed. It was validated on 904 pen digits by writers who were set aside. Its training loss is measured against "
    "the answers of a larger network that taught it, so compare the shapes of the networks' curves, not their heights.",
}


@st.cache_data(show_spinner=False)
def bundled_history(name: str) -> pd.DataFrame:
    """Return a bundled network's curves, one row an epoch. Raises OSError, ValueError or KeyError if unreadable."""
    data = (bundled_networks.BUNDLED / name / "history.csv").read_bytes()
    table = pd.read_csv(io.BytesIO(data), dtype=float)[["epoch", *MEASURES]]
    if table.empty or not np.isfinite(table).all(axis=None) or not data.endswith(b"\n"):
        raise ValueError("no epochs, some without numbers, or cut short")
    return table


def read_history(name: str) -> pd.DataFrame | None:
    """Return a bundled network's curves; or show why they cannot be read, and return None."""
    try:
        return bundled_history(name)
    except (OSError, ValueError, KeyError):
        log.exception("The training history cannot be read.")
        st.error(
            f"The training history cannot be read: restore it with `git checkout -- model/{name}`, "
            f"or make it again with `python -m model.train {name}`."
        )
        return None


def show_bundled_curves() -> None:
    """Show loss and accuracy of the chosen networks, each with what to see in it."""
    chosen = st.pills(
        "Networks",
        BUNDLED_NAMES,
        selection_mode="multi",
        default=["notebook"],
        format_func=LABELS.__getitem__,
        key="curves",
        persist_state="session",
    )
    histories = {name: table for name in chosen if (table := read_history(name)) is not None}
    if not histories:
        return
    for name in histories:
        st.markdown(DESCRIPTIONS[name])
    st.markdown(
        "An **epoch** is one look at all training images. The network takes them in **batches**, 32 at a time in the "
        "notebook: it reads a batch, sees how wrong it was, and changes its weights a little. That is one step; "
        "60,000 images make 1,875 steps an epoch."
    )
    curves = {LABELS[name]: table for name, table in histories.items()}
    image_names = IMAGE_NAMES[next(iter(histories))] if len(histories) == 1 else None

    show_curves(curves, "loss", image_names)
    for name, table in histories.items():
        st.markdown(loss_sentence(name, table))
    st.markdown("**Loss** is how surprised the network is by the right digit: its *cross-entropy*,")
    st.latex(r"L = -\frac{1}{N} \sum_{n=1}^{N} \ln p_n(\text{right digit})")
    st.markdown(
        "where $p_n(\\text{right digit})$ is the probability that it gives to the digit that image $n$ shows. "
        "Certainty of the right digit costs 0, one in ten costs $\\ln 10 = 2.30$, and the surer the network is of a "
        "wrong digit, the more it costs, without limit."
    )

    show_curves(curves, "accuracy", image_names)
    for name, table in histories.items():
        st.markdown(accuracy_sentence(name, table))
    st.markdown(
        "**Accuracy** is the share of images whose most probable digit is the right one. It is what people ask for, "
        "but a network cannot learn from it: a small change to the weights usually leaves it as it is. The loss "
        "changes with every weight, so training follows the loss."
    )
    for name, table in histories.items():
        show_history_table(name, table)


def loss_sentence(name: str, table: pd.DataFrame) -> str:
    """Return a sentence on the loss, and where overfitting begins."""
    first, lowest, last = (table.iloc[row] for row in (0, table["val_loss"].argmin(), -1))
    falls = f"{LABELS[name]}: on the training images the loss falls from {first['loss']:.3f} to {last['loss']:.3f}"
    if last["val_loss"] < 1.2 * lowest["val_loss"]:
        return (
            f"{falls}; on the validation images it stays between {table['val_loss'].min():.3f} and "
            f"{table['val_loss'].max():.3f}. The gap is *overfitting*, and it hardly grows: images that are deformed "
            "anew each time are hard to learn by heart."
        )
    return (
        f"{falls}; on the validation images it is lowest after epoch {lowest['epoch']:.0f} ({lowest['val_loss']:.3f}) "
        f"and then rises, to {last['val_loss']:.3f}. The growing gap is *overfitting*: the network learns the training "
        "images by heart, and grows ever surer of its mistakes on the others."
    )


def accuracy_sentence(name: str, table: pd.DataFrame) -> str:
    """Return a sentence on what the first epoch brings and the others add."""
    first, last = table.iloc[0], table.iloc[-1]
    return (
        f"{LABELS[name]}: in the last epoch the network reads {as_percent(last['accuracy'])} of the training images "
        f"right, and after it {as_percent(last['val_accuracy'])} of the validation images. Most of that is already "
        f"there after the first epoch: {as_percent(first['val_accuracy'])}."
    )


def show_history_table(name: str, table: pd.DataFrame) -> None:
    """Show the numbers behind the curves, to look up and to download."""
    with st.expander(f"{LABELS[name]}: the numbers"):
        st.dataframe(
            table.rename(columns={"val_loss": "validation loss", "val_accuracy": "validation accuracy"}),
            hide_index=True,
            column_config={
                "epoch": st.column_config.NumberColumn(format="%d"),
                "accuracy": st.column_config.NumberColumn(format="percent"),
                "validation accuracy": st.column_config.NumberColumn(format="percent"),
            },
        )
        show_download("Download as CSV", table.to_csv(index=False), f"{name}-history.csv", "text/csv")
