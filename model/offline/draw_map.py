"""Draw a bundled network's maps of the test set: `python -m model.offline.draw_map NAME`.

It takes some minutes, and needs scikit-learn.
"""

import argparse

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.neighbors import NearestNeighbors

from model.bundled_networks import BUNDLED, BUNDLED_NAMES, load_network
from model.embedding_map import FILE, MAX_COORDINATE, MapPoints
from model.mnist import as_vectors, load_mnist
from model.network import Floats

SEED = 0
# t-SNE compares every image with its neighbours. Fifty directions hold nearly all that hundreds of pixels or neurons
# say, without the noise, in a fraction of the time; the method's authors do the same.
DIRECTIONS = 50


def draw_map(name: str) -> None:
    """Write the maps of the pixels and of each layer of a bundled network into its folder.

    The output is taken before softmax, which would crowd all images that are read surely into ten spots.
    """
    mnist = load_mnist()
    x = as_vectors(mnist.x_test)
    *hidden, output = load_network(name).forward(x)
    places, alike = [], []
    for layer, values in enumerate([x, *(each.a for each in hidden), output.z]):
        print(f"Map {layer + 1} of {len(hidden) + 2}", flush=True)
        places.append(place(values))
        alike.append(share_alike(values, mnist.y_test))
    np.savez_compressed(BUNDLED / name / FILE, places=np.stack(places), alike=np.array(alike))
    print(f"Written to {BUNDLED / name / FILE}.")


def place(values: Floats) -> MapPoints:
    """A point for each row, so that rows which are alike come to lie close together: float32 [N, any] -> uint16 [N, 2].

    t-SNE: L. van der Maaten, G. Hinton, "Visualizing Data using t-SNE", JMLR 9, 2008. It starts with the two directions
    in which the rows differ most, so that the same rows give about the same map.
    """
    if values.shape[1] > DIRECTIONS:
        values = PCA(DIRECTIONS, random_state=SEED).fit_transform(values)
    points: npt.NDArray[np.float32] = TSNE(init="pca", random_state=SEED, n_jobs=-1).fit_transform(values)
    lowest = points.min(axis=0)
    # One scale for both directions, or distances would not compare.
    scale = MAX_COORDINATE / (points - lowest).max()
    places: MapPoints = np.round((points - lowest) * scale).astype(np.uint16)
    return places


def share_alike(values: Floats, labels: npt.NDArray[np.uint8]) -> float:
    """The share of rows, float32 [N, any], whose nearest other row has the same label; labels: [N]."""
    neighbours = NearestNeighbors(n_neighbors=1).fit(values).kneighbors(return_distance=False)[:, 0]
    return float(np.mean(labels[neighbours] == labels))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m model.offline.draw_map", description=__doc__)
    parser.add_argument("name", choices=BUNDLED_NAMES)
    draw_map(parser.parse_args().name)


if __name__ == "__main__":
    main()
