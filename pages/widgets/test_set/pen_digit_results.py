"""How the bundled networks read digits that people drew with a pen: figures from their cards, measured elsewhere."""

import json
import logging
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from model import bundled_networks
from model.bundled_networks import BUNDLED_NAMES
from model.wording import as_percent
from pages.widgets.networks.picker import label

log = logging.getLogger(__name__)


class PenDigitFigures(NamedTuple):
    """What a card says of a network on pen digits."""

    digits: int  # how many there are
    accuracy: float
    only_resized: float
    calibration_error: float
    by_source: dict[str, tuple[int, float]]  # the same, and which share is read right
    command: str


@st.cache_data(show_spinner=False)
def pen_digit_figures(name: str) -> PenDigitFigures | None:
    """A bundled network's; None where its card has none.

    Raises OSError, ValueError, KeyError, TypeError, AttributeError or RecursionError where the card cannot be read.
    """
    card = json.loads((bundled_networks.BUNDLED / name / "card.json").read_text(encoding="utf-8"))
    kept = card.get("pen digits")
    if kept is None:
        return None
    return PenDigitFigures(
        int(kept["count"]),
        share(kept["accuracy"]),
        share(kept["only_resized"]),
        share(kept["calibration_error"]),
        {str(name): (int(of["count"]), share(of["accuracy"])) for name, of in kept["per_source"].items()},
        str(kept["command"]),
    )


def share(value: Any) -> float:
    """A number from 0 to 1. Raises ValueError or TypeError for anything else."""
    if not 0 <= float(value) <= 1:
        raise ValueError(f"{value} is not a share.")
    return float(value)


def read_figures(name: str) -> PenDigitFigures | None:
    """The same; None, with the reason on the page, where there are none."""
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
            f"The network “{name}” has not been measured on pen digits: do it with "
            f"`python -m model.evaluate {name} --pen-digits FILE --keep`."
        )
    return figures


def show_pen_digits() -> None:
    """The figures of the bundled networks, and how they came about."""
    st.header("Elsewhere: pen digits")
    known = {label(name): figures for name in BUNDLED_NAMES if (figures := read_figures(name))}
    if not known:
        return
    counts = " and ".join(sorted({f"{figures.digits:,}" for figures in known.values()}))
    st.markdown(
        f"MNIST's digits were written on paper and scanned; on *Draw*, people draw. These figures are from {counts} "
        "digits that people wrote with a pen on a tablet; no network here was trained on what these people wrote. They "
        "were **measured elsewhere**: the digits are not part of this app."
    )
    st.table(
        pd.DataFrame(
            {
                "Network": known.keys(),
                "Read right": [as_percent(figures.accuracy) for figures in known.values()],
                "Only resized": [as_percent(figures.only_resized) for figures in known.values()],
                "Calibration error": [as_percent(figures.calibration_error) for figures in known.values()],
            }
        ),
        hide_index=True,
    )
    st.markdown(
        "**Read right** is with each drawing prepared by MNIST's recipe, as *Draw* does it: cropped, fitted, and moved "
        "to the middle by its ink. **Only resized** is the same drawings shrunk to 28 by 28 pixels without the recipe: "
        "a network reads well what looks like the images that it learned from. **Calibration error** is explained in "
        "the part *Confidence*. Networks that you trained or uploaded have no such figures."
    )
    with st.expander("By source, and the commands"):
        show_sources(known)
        st.markdown("A source is a place where digits were collected. This was run to measure them:")
        st.code("\n".join(figures.command for figures in known.values()), language="sh")


def show_sources(known: dict[str, PenDigitFigures]) -> None:
    """A row for each source, with what each network reads right of it."""
    table = pd.DataFrame({name: share_by_source(figures) for name, figures in known.items()})
    table.insert(
        0,
        "Digits",
        pd.Series({source: n for figures in known.values() for source, (n, _) in figures.by_source.items()}),
    )
    st.table(table.rename_axis("Source").reset_index(), hide_index=True)


def share_by_source(figures: PenDigitFigures) -> dict[str, str]:
    """The share read right of each source, for people."""
    return {source: as_percent(right) for source, (_, right) in figures.by_source.items()}
