"""Numbers with a sign as shades, for pictures with zero in the middle."""

import numpy as np
import numpy.typing as npt

from model.network import Floats


def signed_shades(values: Floats) -> npt.NDArray[np.uint8]:
    """Of any shape: 1 is the most negative, 128 zero, 255 the most positive; the largest of all, with either sign, sets
    the scale. What is not a finite number becomes 128.
    """
    values = np.nan_to_num(values, nan=0, posinf=0, neginf=0)
    largest = max(float(np.abs(values).max()), 1e-30)
    shades: npt.NDArray[np.uint8] = np.round(128 + 127 * (values / largest)).astype(np.uint8)
    return shades
