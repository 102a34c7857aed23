"""Maps of the test set: each image is a point, and images that a layer finds alike lie close together.

Drawing one takes minutes (model/offline/draw_map.py), so the maps are stored with the bundled networks.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model import bundled_networks

FILE = "map.npz"
IMAGES = 10_000
MIN_MAPS = 2  # one of the pixels and one of the output
MAX_COORDINATE = 4095  # finer than any screen

MapPoints = npt.NDArray[np.uint16]


class Map(NamedTuple):
    """The test images, arranged by their pixels or by the activations of a layer."""

    points: MapPoints  # [10000, 2], 0 to 4095: x to the right, y upward
    agreement: float  # share of images whose nearest neighbour, in the layer and not on the map, has the same label


class MapError(Exception):
    """A map cannot be read. The message tells the visitor in one sentence what happened and what to do."""


def load_maps(name: str) -> tuple[Map, ...]:
    """Read a bundled network's maps: of the pixels, then of each layer.

    Raises MapError if the file is missing or damaged.
    """
    try:
        with np.load(bundled_networks.BUNDLED / name / FILE) as arrays:
            points, agreements = arrays["places"], arrays["alike"].astype(float)
        if points.dtype != np.uint16 or points.shape != (len(agreements), IMAGES, 2) or points.max() > MAX_COORDINATE:
            raise ValueError("not maps of the test set")
        if len(agreements) < MIN_MAPS or not ((agreements >= 0) & (agreements <= 1)).all():
            raise ValueError("not one share of the images for each map")
        points.setflags(write=False)
        return tuple(map(Map, points, agreements.tolist()))
    except Exception as error:  # NumPy, zipfile and zlib raise a dozen kinds for damaged files
        raise MapError(
            f"The maps of the network “{name}” cannot be read: restore them with `git checkout -- model/{name}`, "
            f"or draw them again with `python -m model.offline.draw_map {name}`."
        ) from error
