"""Reads a `.keras` file, which may come from anybody, with NumPy and h5py alone.

Such a file is a zip of the architecture (config.json) and the weights (model.weights.h5, in HDF5). Keras would build
the layers that the file names, and run the code that some of them bring. Here the architecture only tells which arrays
to read, and what the file says about an array is checked before the array is read.

A damaged HDF5 file can still make its reader crash or loop for ever, so model/files/uploads.py reads other people's
files in a process of its own.
"""

import io
import json
import math
import zipfile
from typing import Any

import h5py
import numpy as np

from model.files.archive import open_zip
from model.files.limits import MAX_NETWORK_LAYERS, MAX_NETWORK_PARAMETERS
from model.network import ACTIVATIONS, Floats, Layer, Network, NetworkError

MAX_FILES = 50  # Keras writes three, and some systems add theirs
MAX_CONFIG_BYTES = 2**20
MAX_WEIGHTS_BYTES = 64 * 2**20

IDLE_KINDS = frozenset({"Dropout", "GaussianDropout", "GaussianNoise"})  # they do something in training only
FUNCTIONS = {"softmax_v2": "softmax"}  # TensorFlow's own name for tf.nn.softmax

# Layers that are an activation, with the only settings that can be read
ACTIVATION_LAYERS: dict[str, tuple[str, dict[str, float | None]]] = {
    "ReLU": ("relu", {"max_value": None, "negative_slope": 0, "threshold": 0}),
    "LeakyReLU": ("leaky_relu", {"negative_slope": 0.2}),
    "Softmax": ("softmax", {"axis": -1}),
}


def read_keras(data: bytes) -> Network:
    """Read the bytes of a `.keras` file that holds a plain chain of dense layers.

    Between them there may be activations and layers that do not compute anything when used (Input, Flatten, Reshape to
    a row, Dropout). Raises NetworkError, which names the obstacle, for anything else.
    """
    try:
        with open_zip(data, MAX_FILES) as archive:
            config = json.loads(_read_entry(archive, "config.json", MAX_CONFIG_BYTES))
            weights = _read_entry(archive, "model.weights.h5", MAX_WEIGHTS_BYTES)
        with h5py.File(io.BytesIO(weights), "r") as file:
            return Network(_read_layers(_chain(config), file))
    except NetworkError:
        raise
    except Exception as error:  # zipfile, json and h5py each raise half a dozen kinds for a damaged file
        raise NetworkError(
            f"This is not a whole .keras file ({type(error).__name__}): save it again with model.save(“name.keras”)."
        ) from error


def _read_entry(archive: zipfile.ZipFile, name: str, max_bytes: int) -> bytes:
    """Return one file of the zip, never more than its directory says: some kilobytes can unpack to gigabytes."""
    entry = archive.getinfo(name)
    if entry.file_size > max_bytes:
        raise NetworkError(f"The {name} in this file is larger than {max_bytes // 2**20} MB: use smaller layers.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # the others unpack without a bound
        raise NetworkError("This file is packed in a way that Keras does not use: save it again with model.save.")
    with archive.open(entry) as file:
        return file.read(entry.file_size)


def _chain(config: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the layers' entries in the architecture, in order. Raises NetworkError unless they are a plain chain."""
    kind, settings = config["class_name"], config["config"]
    if kind not in ("Sequential", "Functional"):
        raise NetworkError(f"Only Sequential networks can be read, and this one is of the kind {_name(kind)}.")
    entries: list[dict[str, Any]] = settings["layers"]
    if len(entries) > MAX_NETWORK_LAYERS:
        raise NetworkError(f"This network has more than {MAX_NETWORK_LAYERS} layers: use fewer.")
    if kind == "Functional" and not _is_chain(entries, settings["output_layers"]):
        raise NetworkError("This Functional network is not a plain chain of layers: build it with keras.Sequential.")
    return entries


def _is_chain(entries: list[dict[str, Any]], outputs: Any) -> bool:
    """Return whether each layer of a Functional network takes the one before it, and nothing else."""
    before: list[Any] = []
    for entry in entries:
        calls = [call["args"] for call in entry["inbound_nodes"]]
        expected = [[before]] if before else []
        if [[tensor["config"]["keras_history"] for tensor in tensors] for tensors in calls] != expected:
            return False
        before = [entry["name"], 0, 0]
    return bool(before) and outputs in (before, [before])


def _read_layers(entries: list[dict[str, Any]], file: h5py.File) -> list[Layer]:
    """Return the dense layers, checked to fit onto each other."""
    layers: list[Layer] = []
    shape: tuple[int, ...] = ()  # of the next layer's input; () before the first layer
    for entry in entries:
        kind, settings = entry["class_name"], entry["config"]
        if entry["module"] != "keras.layers":
            raise NetworkError(f"Only Keras' own layers can be read, and {_name(kind)} in this network is not one.")
        if kind == "InputLayer" and not shape:
            shape = _input_shape(settings["batch_shape"])
        elif kind in ("Flatten", "Reshape"):
            shape = _flattened(kind, settings, shape)
        elif kind == "Dense":
            layers.append(_read_dense(settings, file, layers, shape))
            shape = layers[-1].biases.shape
        elif kind == "Activation" or kind in ACTIVATION_LAYERS:
            activation = _activation(entry)
            if not layers or layers[-1].activation != "linear":
                raise NetworkError("An activation can be read only behind a Dense layer that has none.")
            layers[-1] = layers[-1]._replace(activation=activation)
        elif kind not in IDLE_KINDS:
            raise NetworkError(f"Only dense networks can be read, and this one has a layer of the kind {_name(kind)}.")
    if not layers:
        raise NetworkError("This network has no dense layer.")
    return layers


def _count(value: Any) -> int:
    """Return a number of inputs or neurons from the file, where it may be anything. Raises NetworkError."""
    if type(value) is not int or not 1 <= value <= MAX_NETWORK_PARAMETERS:  # isinstance would take True
        raise NetworkError("A layer's number of inputs or neurons in this file is not a whole number above 0.")
    return value


def _input_shape(batch_shape: list[Any]) -> tuple[int, ...]:
    """Return the shape of one input, of at most three dimensions, as in (28, 28, 1). Raises NetworkError."""
    if len(batch_shape) > 4:
        raise NetworkError("This network's input has more than three dimensions: use keras.Input((784,)).")
    return tuple(_count(size) for size in batch_shape[1:])


def _flattened(kind: str, settings: dict[str, Any], shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape behind a Flatten, or behind a Reshape that does the same. Raises NetworkError for others."""
    size = math.prod(shape)
    flatten = kind == "Flatten"
    row = settings["data_format"] == "channels_last" if flatten else settings["target_shape"] in ([size], [-1])
    if not row:
        raise NetworkError(f"A {kind} layer can be read only where it puts the numbers in a row, in their order.")
    return (size,)


def _read_dense(settings: dict[str, Any], file: h5py.File, before: list[Layer], inputs: tuple[int, ...]) -> Layer:
    """Return the dense layer that follows those before it. In the file, Keras numbers them: dense, dense_1, ..."""
    units = _count(settings["units"])
    parameters = sum(layer.weights.size for layer in before) + math.prod(inputs) * units
    if parameters > MAX_NETWORK_PARAMETERS:
        raise NetworkError(f"This network has more than {MAX_NETWORK_PARAMETERS:,} parameters: use smaller layers.")
    activation = _activation(settings["activation"])
    path = f"layers/dense_{len(before)}/vars" if before else "layers/dense/vars"
    weights = _read_array(file, f"{path}/0", (*inputs, units))
    biases = _read_array(file, f"{path}/1", (units,)) if settings["use_bias"] else np.zeros(units, np.float32)
    return Layer(weights, biases, activation)


def _read_array(file: h5py.File, path: str, shape: tuple[int, ...]) -> Floats:
    """Return the array at a path, as float32. Raises NetworkError unless it has this shape and Keras' storage."""
    here: Any = file
    for name in path.split("/"):
        link = here.get(name, getlink=True) if isinstance(here, h5py.Group) else None
        if not isinstance(link, h5py.HardLink):  # other links lead out of the file, or anywhere in it
            raise NetworkError("The weights of a layer are not in this file: save it again with model.save.")
        here = here[name]
    plain = isinstance(here, h5py.Dataset) and here.id.get_create_plist().get_layout() == h5py.h5d.CONTIGUOUS
    if not plain or here.external:  # compressed, or assembled from other files
        raise NetworkError("A layer's weights are stored in a way that Keras does not use: save it with model.save.")
    if here.dtype.kind != "f" or here.dtype.itemsize > 8:
        raise NetworkError("A layer's weights are not floating-point numbers of at most 64 bits.")
    if here.shape != shape:
        raise NetworkError(f"A layer's weights have the shape {here.shape}, which does not fit the layer before it.")
    return np.asarray(here, dtype=np.float32)


def _activation(value: Any) -> str:
    """Return the key of ACTIVATIONS for what Keras wrote: a name, a function, or a layer with settings of its own."""
    kind, settings = (value["class_name"], value["config"]) if isinstance(value, dict) else ("function", value)
    if kind == "Activation":
        return _activation(settings["activation"])
    if kind in ACTIVATION_LAYERS:
        activation, needed = ACTIVATION_LAYERS[kind]
        if any(settings[name] != setting for name, setting in needed.items()):
            text = ", ".join(f"{name}={setting}" for name, setting in needed.items())
            raise NetworkError(f"The activation {kind} can be read only with the settings {text}.")
        return activation
    name = settings if kind == "function" else kind
    activation = FUNCTIONS.get(name, name) if isinstance(name, str) else ""
    if activation not in ACTIVATIONS:
        raise NetworkError(f"The activation {_name(name)} is not one of {', '.join(ACTIVATIONS)}.")
    return activation


def _name(value: Any) -> str:
    """Return a name from the file if it looks like one: a message must not quote a page of somebody's HTML."""
    name = value.rpartition(">")[2] if isinstance(value, str) else ""  # Keras writes "package>name"
    return name if name.isascii() and name.isidentifier() and len(name) <= 40 else "(unreadable name)"
