"""The session's trainings, to compare."""

import pandas as pd
import streamlit as st

from model.training.training_record import Record
from pages.widgets.networks.session_networks import Runs, summary
from pages.widgets.training.learning_curves import show_curves


def show_runs(trainings: Runs) -> None:
    """Show a table of the trainings that are done, and some of their curves in one chart."""
    if not trainings.done:
        return
    st.subheader("Your trainings so far")
    st.dataframe(
        pd.DataFrame([run_row(name, record) for name, record in trainings.done.items()]),
        hide_index=True,
        column_config={
            "validation accuracy": st.column_config.NumberColumn(format="percent"),
            "test accuracy": st.column_config.NumberColumn(format="percent"),
            "epochs": st.column_config.NumberColumn(format="%.3g"),
            "seconds": st.column_config.NumberColumn(format="%.1f"),
        },
    )
    drawn = [name for name, record in trainings.done.items() if record.epoch_metrics]
    if len(drawn) < 2:
        return
    chosen = st.pills("Overlay", drawn, selection_mode="multi", default=drawn[-2:], key=f"overlay_{len(drawn)}")
    for measure in ("loss", "accuracy") if chosen else ():
        show_curves({name: pd.DataFrame(trainings.done[name].epoch_metrics) for name in chosen}, measure)


def run_row(name: str, record: Record) -> dict[str, object]:
    """Return a training's row of the table."""
    return {
        "name": name,
        "test accuracy": record.accuracy,
        "validation accuracy": record.epoch_metrics[-1].val_accuracy if record.epoch_metrics else None,
        "epochs": record.epochs_trained,
        "seconds": record.seconds,
        "parameters": record.settings.parameters,
        "settings": f"{summary(record.settings)}, seed {record.settings.seed}",
    }
