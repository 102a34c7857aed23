"""Maps of the test set: each image is a point, and images that a layer finds alike lie close together.

They take minutes to draw (model/offline/draw_map.py), so they are stored with the bundled networks.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model import bundled_networks

FILE = "map.npz"
IMAGES = 10_000
MIN_MAPS = 2  # maps: of the pixels and of the output
MAX_COORDINATE = 4095  # a coordinate; finer than any screen

Places = npt.NDArray[np.uint16]


class Map(NamedTuple):
    """The test images as the pixels or a layer have them."""

    places: Places  # [10000, 2], 0 to 4095: x to the right, y upward
    alike: float  # the share of images whose nearest neighbour, in the layer and not on the map, has the same label


class MapError(Exception):
    """A map cannot be read; the message is one sentence for the visitor: what happened, and what to do."""


def load_maps(name: str) -> tuple[Map, ...]:
    """A bundled network's maps: of the pixels, then of what each layer makes of them.

    Raises MapError where the file is missing or damaged.
    """
    try:
        with np.load(bundled_networks.BUNDLED / name / FILE) as arrays:
            places, alike = arrays["places"], arrays["alike"].astype(float)
        if places.dtype != np.uint16 or places.shape != (len(alike), IMAGES, 2) or places.max() > MAX_COORDINATE:
            raise ValueError("not maps of the test set")
        if len(alike) < MIN_MAPS or not ((alike >= 0) & (alike <= 1)).all():
            raise ValueError("not shares of the images, one a map")
        places.setflags(write=False)
        return tuple(Map(*of_layer) for of_layer in zip(places, alike.tolist(), strict=True))
    except Exception as error:  # NumPy, zipfile and zlib raise a dozen kinds for damaged files
        raise MapError(
            f"The maps of the network “{name}” cannot be read: restore them with `git checkout -- model/{name}`, "
            f"or draw them again with `python -m model.offline.draw_map {name}`."
        ) from error
