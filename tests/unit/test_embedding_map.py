"""The stored maps belong to the bundled networks, and show what the page says of them."""

from pathlib import Path

import numpy as np
import pytest

from model import bundled_networks, load_network
from model.bundled_networks import BUNDLED_NAMES
from model.embedding_map import FILE, MAX_COORDINATE, MapError, load_maps
from model.mnist import as_vectors, load_mnist
from model.offline.draw_map import place, share_alike


@pytest.mark.parametrize("name", BUNDLED_NAMES)
def test_each_network_has_maps_of_pixels_and_layers(name: str) -> None:
    labels = load_mnist().y_test
    maps = load_maps(name)
    assert len(maps) == 1 + len(load_network(name).layers)
    for of_layer in maps:
        assert of_layer.points.shape == (10_000, 2)
        assert of_layer.points.max() == MAX_COORDINATE
        # Neighbours on the map have the same label about as often as neighbours in the layer.
        assert share_alike(of_layer.points.astype(np.float32), labels) == pytest.approx(of_layer.agreement, abs=0.03)


def test_stored_agreements_match_the_layers() -> None:
    mnist = load_mnist()
    x = as_vectors(mnist.x_test)
    *hidden, output = load_network("notebook").forward(x)
    layers = [x, *(each.a for each in hidden), output.z]
    shares = [share_alike(values, mnist.y_test) for values in layers]
    # For one image in a thousand, rounding may decide which of two neighbours is closer.
    assert shares == pytest.approx([of_layer.agreement for of_layer in load_maps("notebook")], abs=0.001)


def test_similar_rows_lie_close_together() -> None:
    random = np.random.default_rng(0)
    kinds = np.arange(200) % 2
    rows = (random.normal(0, 1, (200, 60)) + 8 * kinds[:, None]).astype(np.float32)
    places = place(rows)
    assert places.dtype == np.uint16
    assert (places.min(), places.max()) == (0, MAX_COORDINATE)
    assert share_alike(places.astype(np.float32), kinds.astype(np.uint8)) == 1


@pytest.mark.parametrize("damage", ["missing", "empty", "cut short", "other arrays", "other images", "objects"])
def test_a_damaged_map_is_refused_with_a_remedy(tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = (bundled_networks.BUNDLED / "notebook" / FILE).read_bytes()
    monkeypatch.setattr(bundled_networks, "BUNDLED", tmp_path)
    path = tmp_path / "notebook" / FILE
    path.parent.mkdir()
    if damage == "empty":
        path.touch()
    elif damage == "cut short":
        path.write_bytes(whole[:50_000])
    elif damage == "other arrays":
        np.savez(path, nothing=np.zeros(3))
    elif damage == "other images":
        np.savez(path, places=np.zeros((4, 60_000, 2), np.uint16), alike=np.zeros(4))
    elif damage == "objects":
        np.savez(path, places=np.array([print]), alike=np.zeros(4))
    with pytest.raises(MapError, match=r"cannot be read.*draw_map notebook"):
        load_maps("notebook")
