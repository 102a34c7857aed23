"""The bundled data set is MNIST, to the byte, and the error for a broken file says what to do."""

import hashlib
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest

from model.mnist import ASSETS, Mnist, MnistError, as_vectors, load_mnist

# The sums of the four files that MNIST was published as.
MD5 = {
    "x_train": "6bbc9ace898e44ae57da46a324031adb",
    "y_train": "a25bea736e30d166cdddb491f175f624",
    "x_test": "2646ac647ad5339dbf082846283269ea",
    "y_test": "27ae3e4e09519cfbb04c329615203637",
}


@pytest.fixture(scope="module")
def mnist() -> Mnist:
    return load_mnist()


@pytest.mark.parametrize("name", MD5)
def test_the_arrays_match_the_published_files(mnist: Mnist, name: str) -> None:
    array = getattr(mnist, name)
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    assert hashlib.md5(header + array.tobytes()).hexdigest() == MD5[name]


def test_the_lessons_images_have_their_labels(mnist: Mnist) -> None:
    assert mnist.y_train[7777] == 8
    assert mnist.y_test[9] == 9


def test_vectors_are_flat_and_between_0_and_1(mnist: Mnist) -> None:
    vectors = as_vectors(mnist.x_test[:100])
    assert vectors.shape == (100, 784)
    assert vectors.dtype == np.float32
    assert (vectors.min(), vectors.max()) == (0, 1)
    np.testing.assert_allclose(vectors[3].reshape(28, 28) * 255, mnist.x_test[3], atol=1e-4)


def test_a_missing_file_is_reported_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(MnistError, match=r"mnist\.npz is missing.*git checkout"):
        load_mnist(tmp_path / "mnist.npz")


@pytest.mark.parametrize("damage", ["empty", "cut short", "text", "other arrays", "one array", "changed bytes"])
def test_a_damaged_file_is_reported_with_a_remedy(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "mnist.npz"
    whole = (ASSETS / "mnist.npz").read_bytes()
    if damage == "empty":
        path.touch()
    elif damage == "cut short":
        path.write_bytes(whole[:1_000_000])
    elif damage == "text":
        path.write_text("version https://git-lfs.github.com/spec/v1")
    elif damage == "other arrays":
        np.savez(path, x_train=np.zeros(3))
    elif damage == "one array":
        with path.open("wb") as file:
            np.save(file, np.zeros(3))
    else:
        path.write_bytes(whole[:5_000_000] + bytes(1000) + whole[5_001_000:])
    with pytest.raises(MnistError, match=r"mnist\.npz is damaged.*git checkout"):
        load_mnist(path)


def test_arrays_of_another_shape_are_not_mnist(tmp_path: Path) -> None:
    path = tmp_path / "mnist.npz"
    nothing = np.zeros(3, np.uint8)
    np.savez(path, x_train=nothing, y_train=nothing, x_test=nothing, y_test=nothing)
    with pytest.raises(MnistError, match="does not hold MNIST"):
        load_mnist(path)


def test_any_path_can_be_read(tmp_path: Path) -> None:
    shutil.copy(ASSETS / "mnist.npz", tmp_path / "copy.npz")
    assert load_mnist(tmp_path / "copy.npz").x_train.shape == (60_000, 28, 28)
