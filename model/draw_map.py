"""Draw a bundled network's maps of the test set: `python -m model.draw_map NAME`. Some minutes; needs scikit-learn."""

import argparse

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

from model.maps import FILE, LARGEST, Places
from model.mnist import as_vectors, load_mnist
from model.network import BUNDLED, BUNDLED_NAMES, Floats, load_network

SEED = 0
# t-SNE compares every image with its neighbours. Fifty directions hold nearly all that hundreds of pixels or neurons
# say, without the noise, in a fraction of the time; the method's authors do the same.
DIRECTIONS = 50


def draw_map(name: str) -> None:
    """Write the maps of the pixels and of each layer of a bundled network into its folder.

    The output is taken before softmax, which would crowd all images that are read surely into ten spots.
    """
    x = as_vectors(load_mnist().x_test)
    *hidden, output = load_network(name).forward(x)
    maps = []
    for layer, values in enumerate([x, *(each.a for each in hidden), output.z]):
        print(f"Map {layer + 1} of {len(hidden) + 2}", flush=True)
        maps.append(place(values))
    np.savez_compressed(BUNDLED / name / FILE, maps=np.stack(maps))
    print(f"Written to {BUNDLED / name / FILE}.")


def place(values: Floats) -> Places:
    """A point for each row, so that rows which are alike come to lie close together: float32 [N, any] -> uint16 [N, 2].

    t-SNE: L. van der Maaten, G. Hinton, "Visualizing Data using t-SNE", JMLR 9, 2008. It starts with the two directions
    in which the rows differ most, so that the same rows give about the same map.
    """
    if values.shape[1] > DIRECTIONS:
        values = PCA(DIRECTIONS, random_state=SEED).fit_transform(values)
    points: npt.NDArray[np.float32] = TSNE(init="pca", random_state=SEED, n_jobs=-1).fit_transform(values)
    lowest = points.min(axis=0)
    # One scale for both directions, or distances would not compare.
    scale = LARGEST / (points - lowest).max()
    places: Places = np.round((points - lowest) * scale).astype(np.uint16)
    return places


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m model.draw_map", description=__doc__)
    parser.add_argument("name", choices=BUNDLED_NAMES)
    draw_map(parser.parse_args().name)


if __name__ == "__main__":
    main()
