"""Signed numbers as shades, for pictures with zero in the middle."""

import numpy as np
import numpy.typing as npt

from model.network import Floats


def signed_shades(values: Floats) -> npt.NDArray[np.uint8]:
    """Return values of any shape as shades: 1 for the most negative, 128 for zero, 255 for the most positive.

    The largest absolute value sets the scale. Values that are not finite become 128.
    """
    values = np.nan_to_num(values, nan=0, posinf=0, neginf=0)
    largest = max(float(np.abs(values).max()), 1e-30)
    shades: npt.NDArray[np.uint8] = np.round(128 + 127 * (values / largest)).astype(np.uint8)
    return shades
