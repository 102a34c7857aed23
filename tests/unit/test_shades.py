"""Shades keep the sign and the order of their numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.shades import signed_shades


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True, width=32), min_size=1, max_size=20))
@pytest.mark.filterwarnings("error")
def test_shades_keep_sign_and_order(numbers: list[float]) -> None:
    values = np.array(numbers, np.float32)
    shades = signed_shades(values).astype(int)
    finite = np.isfinite(values)
    assert (shades[~finite] == 128).all()
    assert (np.sign(shades - 128)[finite] * np.sign(values)[finite] >= 0).all()
    if (np.abs(values[finite]) > 1e-20).any():
        assert np.abs(shades - 128).max() == 127
