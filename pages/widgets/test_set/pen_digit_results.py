"""How well the bundled networks read digits drawn with a pen: figures from their cards, measured elsewhere."""

import json
import logging
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from model import bundled_networks
from model.bundled_networks import BUNDLED_NAMES
from model.number_format import as_percent
from pages.widgets.networks.picker import label

log = logging.getLogger(__name__)

TITLES = {"accuracy": "Read right", "only_resized": "Only resized", "calibration_error": "Calibration error"}


class PenDigitFigures(NamedTuple):
    """A network's figures on pen digits, as its card has them. All shares are from 0 to 1."""

    digits: int  # how many there are
    accuracy: float
    only_resized: float
    calibration_error: float
    by_source: dict[str, tuple[int, float]]  # how many digits, and the accuracy
    command: str  # that measured them


@st.cache_data(show_spinner=False)
def pen_digit_figures(name: str) -> PenDigitFigures | None:
    """Return a bundled network's figures on pen digits; None if its card has none.

    Raises OSError, ValueError, KeyError, TypeError, AttributeError or RecursionError if the card cannot be read.
    """
    card = json.loads((bundled_networks.BUNDLED / name / "card.json").read_text(encoding="utf-8"))
    figures = card.get("pen digits")
    if figures is None:
        return None
    return PenDigitFigures(
        int(figures["count"]),
        as_share(figures["accuracy"]),
        as_share(figures["only_resized"]),
        as_share(figures["calibration_error"]),
        {str(source): (int(of["count"]), as_share(of["accuracy"])) for source, of in figures["per_source"].items()},
        str(figures["command"]),
    )


def as_share(value: Any) -> float:
    """Return a number from 0 to 1. Raises ValueError or TypeError for anything else."""
    if not 0 <= float(value) <= 1:
        raise ValueError(f"{value} is not a share.")
    return float(value)


def read_figures(name: str) -> PenDigitFigures | None:
    """Return a bundled network's figures on pen digits; None, with the reason on the page, if there are none."""
    try:
        figures = pen_digit_figures(name)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        log.exception("A network's card cannot be read.")
        st.error(
            f"The card of the network “{name}” cannot be read: restore it with `git checkout -- model/{name}`, "
            f"or train the network again with `python -m model.train {name}`."
        )
        return None
    if figures is None:
        st.info(
            f"The network “{name}” has not been measured on pen digits: measure it with "
            f"`python -m model.evaluate {name} --pen-digits FILE --keep`."
        )
    return figures


def show_pen_digits() -> None:
    """Show the figures of the bundled networks, and how they were measured."""
    st.header("Elsewhere: pen digits")
    by_network = {label(name): figures for name in BUNDLED_NAMES if (figures := read_figures(name))}
    if not by_network:
        return
    counts = " and ".join(sorted({f"{figures.digits:,}" for figures in by_network.values()}))
    st.markdown(
        f"MNIST's digits were written on paper and scanned; on *Draw*, people draw. These figures are for {counts} "
        "digits that people wrote with a pen on a tablet; no network here was trained on what these people wrote. The "
        "figures were **measured elsewhere**: the digits are not part of this app."
    )
    table = pd.DataFrame([*by_network.values()], pd.Index(by_network, name="Network"))
    st.table(table[[*TITLES]].map(as_percent).rename(columns=TITLES).reset_index(), hide_index=True)
    st.markdown(
        "For **Read right**, each drawing was prepared by MNIST's recipe, as on *Draw*: cropped, fitted, and moved to "
        "the middle by its ink. For **Only resized**, the same drawings were shrunk to 28 by 28 pixels without the "
        "recipe: a network reads well what looks like the images that it learned from. The part *Confidence* explains "
        "**Calibration error**. Networks that you trained or uploaded have no such figures."
    )
    with st.expander("By source, and the commands"):
        show_sources(by_network)
        st.markdown("A source is a place where digits were collected. These commands measured the figures:")
        st.code("\n".join(figures.command for figures in by_network.values()), language="sh")


def show_sources(by_network: dict[str, PenDigitFigures]) -> None:
    """Show a row for each source: how many digits it has, and the share of them that each network reads right."""
    columns: dict[str, dict[str, Any]] = {"Digits": {}}
    for name, figures in by_network.items():
        columns["Digits"] |= {source: count for source, (count, _) in figures.by_source.items()}
        columns[name] = {source: as_percent(accuracy) for source, (_, accuracy) in figures.by_source.items()}
    st.table(pd.DataFrame(columns).rename_axis("Source").reset_index(), hide_index=True)
