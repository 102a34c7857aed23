"""From the ten sums of the output layer to ten probabilities, step by step."""

import numpy as np
import pandas as pd
import streamlit as st

from model.network import Floats, softmax
from pages.widgets.answer.answer_text import percent
from pages.widgets.ui.latex import approximate


def show_softmax(z: Floats) -> None:
    """Show z, exp(z) and its share of the total, at a temperature that the visitor sets. z: float32 [10]."""
    temperature = st.slider("Temperature T", 0.1, 10.0, 1.0, 0.1, key="temperature", persist_state="session")
    scaled = [float(z_k) / temperature for z_k in z]  # Python's floats: z of an uploaded network may be of any size
    with np.errstate(over="ignore"):
        shares = softmax((z - z.max()) / np.float32(temperature))
    top = int(shares.argmax())
    total = scaled[top] - float(np.log(shares[top]))  # its logarithm, as p = e^z / total
    sums = f"{exponential(scaled[top])}}}{{{exponential(total)}}}"
    st.latex(
        rf"p_{top} = \frac{{e^{{z_{top}/T}}}}{{\sum_k e^{{z_k/T}}}} = \frac{{{sums} {approximate(float(shares[top]))}"
    )
    columns = ["digit", "$z$", "$z/T$", "$e^{z/T}$", "share"]
    rows = [
        [str(digit), f"{z_k:.2f}", f"{scaled_k:.2f}", f"${exponential(scaled_k)}$", percent(share)]
        for digit, (z_k, scaled_k, share) in enumerate(zip(z, scaled, shares, strict=True))
    ]
    st.table(pd.DataFrame(rows, columns=columns), hide_index=True)
    st.caption(
        "$e^z$ makes every sum positive and lets the largest stand out; divided by their total, the ten add up to 1. "
        "The network itself answers at T = 1. A higher temperature evens the answer out, a lower one makes it surer; "
        "the order of the digits stays."
    )


def exponential(z: float) -> str:
    """Return e^z in LaTeX with three significant digits: 12.2, 0.0131 or 3.40 x 10^12."""
    power = int(np.floor(z / np.log(10)))
    if -4 < power < 5:
        return f"{np.exp(z):.{max(0, 2 - power)}f}"
    # in braces, so that no line breaks inside it
    return rf"{{{10 ** (z / np.log(10) - power):.2f} \cdot 10^{{{power}}}}}"
