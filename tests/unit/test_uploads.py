"""An upload is a network that reads digits, or is refused with the reason; nothing in it harms the server.

Every refusal here comes from the real child process.
"""

import contextlib
import io
import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf

from model.bundled_networks import BUNDLED
from model.files import sandbox
from model.files.limits import MAX_NETWORK_BYTES
from model.files.uploads import read_upload
from model.network import Network, NetworkError

Dense = keras.layers.Dense
NOTEBOOK = (BUNDLED / "notebook" / "network.keras").read_bytes()
FIRST = "layers/dense/vars/0"  # the first layer's weights, float32 [784, 64]


def refusal(data: bytes) -> str:
    """Return the reason, which must be one short line."""
    with pytest.raises(NetworkError) as refused:
        read_upload(data)
    reason = str(refused.value)
    assert "\n" not in reason
    assert reason.endswith(".")
    assert len(reason) < 250
    return reason


def parts() -> tuple[dict[str, Any], bytes]:
    """Return the architecture and the weights of the notebook's network."""
    with zipfile.ZipFile(io.BytesIO(NOTEBOOK)) as archive:
        return json.loads(archive.read("config.json")), archive.read("model.weights.h5")


def keras_file(config: dict[str, Any], weights: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", weights)
    return packed.getvalue()


def with_layer(number: int, **settings: Any) -> bytes:
    """Return the notebook's network with other settings of a layer, where 0 is the input."""
    config, weights = parts()
    config["config"]["layers"][number]["config"].update(settings)
    return keras_file(config, weights)


def with_weights(change: Callable[[h5py.File], object]) -> bytes:
    """Return the notebook's network with a changed HDF5 file."""
    config, weights = parts()
    changed = io.BytesIO(weights)
    with h5py.File(changed, "r+") as file:
        change(file)
    return keras_file(config, changed.getvalue())


def instead_of_first(make: Callable[[h5py.Group], object]) -> bytes:
    def change(file: h5py.File) -> None:
        del file[FIRST]
        make(file["layers/dense/vars"])

    return with_weights(change)


def keras_digits(*layers: keras.layers.Layer) -> keras.Model:
    """Return a network of these layers, trained for a step so that its file also holds an optimizer's state."""
    keras_model = keras.Sequential(layers)
    keras_model.compile("adam", "sparse_categorical_crossentropy")
    shape = keras_model.input_shape[1:]
    keras_model.fit(np.random.default_rng(1).uniform(size=(8, *shape)), np.arange(8), verbose=0)
    return keras_model


def functional() -> keras.Model:
    inputs = keras.Input((28, 28))
    hidden = Dense(16, "relu")(keras.layers.Flatten()(inputs))
    return keras.Model(inputs, Dense(10, "softmax")(keras.layers.Dropout(0.2)(hidden)))


@pytest.mark.filterwarnings("ignore:Do not pass an `input_shape`")  # as the lesson does
@pytest.mark.parametrize(
    "make",
    [
        lambda: keras_digits(
            Dense(64, activation=tf.nn.relu, input_shape=(784,)), Dense(64, "relu"), Dense(10, activation=tf.nn.softmax)
        ),
        lambda: keras_digits(keras.Input((28, 28)), keras.layers.Flatten(), Dense(10, "softmax")),
        lambda: keras_digits(
            keras.Input((28, 28, 1)),
            keras.layers.Reshape((784,)),
            Dense(16),
            keras.layers.ReLU(),
            Dense(16),
            keras.layers.Dropout(0.1),
            keras.layers.Activation("tanh"),
            Dense(10),
            keras.layers.Softmax(),
        ),
        functional,
    ],
    ids=["the lesson's", "flatten", "separate activations", "functional"],
)
def test_a_dense_network_from_keras_is_accepted_and_agrees_with_it(
    make: Callable[[], keras.Model], tmp_path: Path
) -> None:
    keras_model = make()
    keras_model.save(tmp_path / "saved.keras")
    x = np.random.default_rng(0).uniform(size=(20, 784)).astype(np.float32)
    network = read_upload((tmp_path / "saved.keras").read_bytes())
    expected = keras_model.predict(x.reshape(-1, *keras_model.input_shape[1:]), verbose=0)
    np.testing.assert_allclose(network.predict(x), expected, atol=1e-5)


def test_a_network_as_large_as_allowed_is_accepted() -> None:
    config, _ = parts()
    neurons = 6500
    del config["config"]["layers"][2]
    config["config"]["layers"][1]["config"]["units"] = neurons
    random, weights = np.random.default_rng(0), io.BytesIO()
    with h5py.File(weights, "w") as file:
        for name, shape in (("dense", (784, neurons)), ("dense_1", (neurons, 10))):
            file[f"layers/{name}/vars/0"] = random.normal(size=shape).astype(np.float32)
            file[f"layers/{name}/vars/1"] = np.zeros(shape[1], np.float32)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", weights.getvalue())
    assert 0.98 < len(packed.getvalue()) / MAX_NETWORK_BYTES <= 1
    assert read_upload(packed.getvalue()).layers[0].weights.shape == (784, neurons)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (bytes(MAX_NETWORK_BYTES + 1), "larger than 20 MB"),
        (np.random.default_rng(0).bytes(100_000), "not a whole .keras file"),
        (NOTEBOOK[:100_000], "not a whole .keras file"),
        (NOTEBOOK[100_000:], "not a whole .keras file"),
        (keras_file({}, b""), "not a whole .keras file"),
        (keras_file(parts()[0], parts()[1][:5_000]), "not a whole .keras file"),
    ],
    ids=["empty", "large", "random", "first half", "second half", "no architecture", "cut weights"],
)
def test_a_file_that_is_not_a_network_is_refused(data: bytes, reason: str) -> None:
    assert reason in refusal(data)


def test_weights_with_a_flipped_byte_are_read_or_refused() -> None:
    """The zip is whole, so that the damage reaches the HDF5 reader. benchmarks/fuzz.py does this by the thousand."""
    config, weights = parts()
    for place in (20, 2_000):  # in HDF5's own structures
        flipped = bytearray(weights)
        flipped[place] ^= 0x55
        with contextlib.suppress(NetworkError):
            assert isinstance(read_upload(keras_file(config, bytes(flipped))), Network)


def test_code_in_a_lambda_layer_is_refused_and_does_not_run(tmp_path: Path) -> None:
    marker, path = tmp_path / "the code has run", tmp_path / "saved.keras"
    name = str(marker)
    harmful = keras.layers.Lambda(lambda z: [open(name, "w"), z][1])  # noqa: PTH123, SIM115
    lambdas = keras.Sequential([keras.Input((784,)), harmful, Dense(10, "softmax")])
    lambdas.save(path)
    marker.unlink()  # saving the network called the layer
    keras.models.load_model(path, safe_mode=False)(np.zeros((1, 784)))
    assert marker.exists(), "Keras would run the code"
    marker.unlink()
    assert "kind Lambda" in refusal(path.read_bytes())
    assert not marker.exists()


@pytest.mark.parametrize("name", ["config.json", "model.weights.h5"])
@pytest.mark.parametrize(("declared", "reason"), [(None, "larger than"), (1000, "not a whole")], ids=["open", "lying"])
def test_a_zip_bomb_is_refused(name: str, declared: int | None, reason: str) -> None:
    config, weights = parts()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, data in (("config.json", json.dumps(config).encode()), ("model.weights.h5", weights)):
            archive.writestr(other, bytes(200 * 2**20) if other == name else data)
        archive.getinfo(name).file_size = declared or 200 * 2**20  # the directory at the end is not yet written
    assert reason in refusal(packed.getvalue())


def test_a_zip_with_an_unbounded_packing_method_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("config.json", bytes(1000))
    assert "packed in a way" in refusal(packed.getvalue())


@pytest.mark.parametrize(
    ("layers", "reason"),
    [
        ([keras.Input((28,)), Dense(10, "softmax")], "28 inputs and 10 outputs"),
        ([keras.Input((784,)), Dense(11, "softmax")], "784 inputs and 11 outputs"),
        ([keras.Input((784,)), Dense(10)], "no softmax"),
        ([keras.Input((784,)), Dense(8), keras.layers.LeakyReLU(), Dense(10, "softmax")], "negative_slope=0.2"),
        ([keras.Input((28, 28, 1)), keras.layers.Conv2D(2, 3)], "kind Conv2D"),
    ],
)
def test_a_network_for_another_task_is_refused(layers: list[keras.layers.Layer], reason: str, tmp_path: Path) -> None:
    keras.Sequential(layers).save(tmp_path / "saved.keras")
    assert reason in refusal((tmp_path / "saved.keras").read_bytes())


def test_files_of_the_server_are_not_read_through_external_storage(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(bytes(784 * 64 * 4))
    data = instead_of_first(
        lambda group: group.create_dataset("0", (784, 64), "f4", external=[(str(secret), 0, 784 * 64 * 4)])
    )
    assert "stored in a way" in refusal(data)


def test_files_of_the_server_are_not_read_through_links(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["0"] = np.zeros((784, 64), np.float32)
    name = str(tmp_path / "secret.h5")

    def link_the_group(file: h5py.File) -> None:
        del file["layers"]
        file["layers"] = h5py.ExternalLink(name, "/")

    for data in (
        instead_of_first(lambda group: group.update({"0": h5py.ExternalLink(name, "0")})),
        with_weights(link_the_group),
        instead_of_first(lambda group: group.update({"0": h5py.SoftLink("/layers/dense/vars/0")})),  # to itself
    ):
        assert "not in this file" in refusal(data)


def test_files_of_the_server_are_not_read_through_a_virtual_dataset(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["0"] = np.zeros((784, 64), np.float32)
    layout = h5py.VirtualLayout((784, 64), "f4")
    layout[:] = h5py.VirtualSource(tmp_path / "secret.h5", "0", (784, 64))
    data = instead_of_first(lambda group: group.create_virtual_dataset("0", layout))
    assert "stored in a way" in refusal(data)


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        ({"shape": (784, 64), "dtype": "f4", "compression": "gzip"}, "stored in a way"),
        ({"shape": (10**6, 10**6), "dtype": "f4", "compression": "gzip"}, "stored in a way"),
        ({"shape": (784, 64), "dtype": "f4", "chunks": (1, 1)}, "stored in a way"),
        ({"shape": (10**6, 10**6), "dtype": "f4"}, "shape"),  # declared, never written: the file is small
        ({"shape": (784, 64), "dtype": "i4"}, "floating-point"),
        ({"shape": (784, 64), "dtype": h5py.string_dtype()}, "floating-point"),
        ({"shape": (), "dtype": "f4"}, "shape"),
    ],
)
def test_maliciously_stored_weights_are_refused(stored: dict[str, Any], reason: str) -> None:
    assert reason in refusal(instead_of_first(lambda group: group.create_dataset("0", **stored)))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38])
def test_weights_with_infinite_sums_are_refused(value: float) -> None:
    assert "finite" in refusal(with_weights(lambda file: file[FIRST].write_direct(np.full((784, 64), value, "f4"))))


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"units": 20_000}, "more than 10,000,000 parameters"),
        ({"units": True}, "whole number"),
        ({"units": -64}, "whole number"),
        ({"units": 10**30}, "whole number"),
        ({"units": "64"}, "whole number"),
        ({"units": 64.0}, "whole number"),
        ({"units": [64] * 1000}, "whole number"),
        ({"activation": ["relu"]}, "(unreadable name)"),
        ({"activation": "<script>alert(1)</script>" * 1000}, "(unreadable name)"),
        ({"activation": "a" * 100_000}, "(unreadable name)"),
    ],
)
def test_a_hostile_architecture_is_refused(settings: dict[str, Any], reason: str) -> None:
    assert reason in refusal(with_layer(1, **settings))


def test_a_hostile_input_is_refused() -> None:
    assert "dimensions" in refusal(
        with_layer(0, batch_shape=[None, *[10_000_000] * 50_000])
    )  # their product takes for ever
    assert "whole number" in refusal(with_layer(0, batch_shape=[None, 28, -28]))


def test_a_deeply_nested_architecture_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("config.json", "[" * 500_000)
        archive.writestr("model.weights.h5", b"")
    assert "not a whole .keras file" in refusal(packed.getvalue())


def test_someone_elses_dense_layer_is_refused() -> None:
    config, weights = parts()
    config["config"]["layers"][1].update(module="theirs", registered_name="theirs>Dense")
    assert "Dense in this network is not one" in refusal(keras_file(config, weights))


def test_too_many_layers_are_refused() -> None:
    config, weights = parts()
    config["config"]["layers"][2:3] *= 100
    assert "more than 50 layers" in refusal(keras_file(config, weights))


def test_a_file_whose_reader_never_ends_is_stopped() -> None:
    """A list of free places in the file's root group leads back to itself.

    HDF5 follows it until memory is full: with 12 GiB it took 43 seconds, and no other thread ran. Here the limit of
    memory ends it before the limit of time; where there is none (macOS, Windows), the limit of time does.
    """
    config, weights = parts()
    damaged = bytearray(weights)
    heap = damaged.index(b"HEAP")
    _, free, place = struct.unpack_from("<QQQ", damaged, heap + 8)  # size, first free place, where the heap lies
    struct.pack_into("<Q", damaged, place + free, free)  # each free place begins with the next one
    refusal(keras_file(config, bytes(damaged)))


def test_a_file_that_crashes_its_reader_is_refused() -> None:
    """A node of the root group's tree is its own child. HDF5 1 descends until its stack is full, HDF5 2 notices."""
    config, weights = parts()
    damaged = bytearray(weights)
    tree = damaged.index(b"TREE")
    damaged[tree + 5] = 1  # the level: its children are nodes, too
    struct.pack_into("<Q", damaged, tree + 32, tree)  # its first child
    assert refusal(keras_file(config, bytes(damaged))).startswith(("This file is damaged", "This is not a whole"))


def test_a_zip_of_thousands_of_files_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(300):
            archive.writestr(str(number), b"")
        for entry in archive.filelist:
            entry.extra = bytes(65_532)  # 16,383 empty fields, and finding each copies all that follow
    assert "not a whole .keras file" in refusal(packed.getvalue())


WEIGHTS, BIASES = np.zeros((784, 10), np.float32), np.zeros(10, np.float32)


@pytest.mark.parametrize(
    "answer",
    [
        sandbox.pack([]),
        sandbox.pack(["softmax"], WEIGHTS),
        sandbox.pack(["softmax"], WEIGHTS, WEIGHTS),
        sandbox.pack(["relu"], WEIGHTS, BIASES),
        sandbox.pack(["eval"], WEIGHTS, BIASES),
        sandbox.pack([["softmax"]], WEIGHTS, BIASES),
        sandbox.pack(["softmax"], WEIGHTS[1:], BIASES),
        sandbox.pack(["softmax"], WEIGHTS.astype(np.float64), BIASES),
        sandbox.pack(["relu", "softmax"], WEIGHTS, BIASES, WEIGHTS, BIASES),
    ],
    ids=range(9),
)
def test_an_answer_with_wrong_layers_is_rejected(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "run", lambda *_: (0, answer))
    assert "damaged" in refusal(NOTEBOOK)


def test_the_reader_loads_neither_keras_nor_the_web_server() -> None:
    code = "import sys, model.files.uploads; print({'keras', 'tensorflow', 'streamlit'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], cwd=BUNDLED.parent, text=True) == "set()\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
@pytest.mark.parametrize("code", ["open('README.md')", "open('/tmp/new', 'w')", "bytearray(2**30)"])
def test_the_reader_can_neither_open_files_nor_exceed_its_memory(code: str) -> None:
    code = f"from model.files import sandbox; sandbox.limit_this_process(2**20); {code}"
    process = subprocess.run(
        [sys.executable, "-c", code], cwd=BUNDLED.parent, capture_output=True, text=True, check=False
    )
    assert "OSError" in process.stderr or "MemoryError" in process.stderr
