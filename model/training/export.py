"""A script and a notebook in Keras that train the same network elsewhere.

Both go through the lesson's steps: load, look, reshape and normalise, build, compile, fit, evaluate, predict.
"""

import inspect
import json
from typing import Any, NamedTuple

from model import augmentation
from model.augmentation import change_pen, jitter_picture
from model.network import INPUTS, OUTPUTS
from model.preprocessing import SIDE
from model.training.settings import OPTIMIZERS, Settings


class Step(NamedTuple):
    """A step of the lesson, as text and code."""

    text: str  # one or two sentences
    code: str


def script(settings: Settings, epochs: int | None = None) -> str:
    """Return a Python script that trains for `epochs` (None: as many as the settings say)."""
    parts = [f"# {step.text}\n{step.code}" for step in steps(settings, epochs)]
    return "\n\n".join(parts) + "\n"


def notebook(settings: Settings, epochs: int | None = None) -> str:
    """Return the same as a Jupyter notebook, nbformat 4.5, in JSON."""
    cells: list[dict[str, Any]] = []
    for step in steps(settings, epochs):
        cells.append({"cell_type": "markdown", "source": step.text})
        cells.append({"cell_type": "code", "source": step.code, "execution_count": None, "outputs": []})
    named = [cell | {"id": f"cell-{number}", "metadata": {}} for number, cell in enumerate(cells)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps(
        {"cells": named, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}, indent=1
    )


def steps(settings: Settings, epochs: int | None) -> list[Step]:
    """Return the lesson with these settings."""
    package, pillow = (" pillow", "\nfrom PIL import Image, ImageFilter") if settings.deforms else ("", "")
    return [
        Step(
            f"Needs: pip install tensorflow{package}",
            f"from pathlib import Path\n\nimport keras\nimport numpy as np{pillow}",
        ),
        Step("Load MNIST: a copy beside this file, or downloaded once.", LOAD_CODE),
        Step("Look at an image, in letters: the darker the letter, the more ink.", LOOK_CODE),
        Step("Shapes: 60,000 images for training and 10,000 for the test, of 28 by 28 pixels.", SHAPES_CODE),
        Step(f"Reshape and normalise: {INPUTS} numbers from 0 to 1 an image.", RESHAPE_CODE),
        split_step(settings),
        *(
            [Step("Deform the training images, anew each time the network looks at them.", deform_code(settings))]
            * settings.deforms
        ),
        Step(f"Build the network: {settings.parameters:,} parameters, random to begin with.", build_code(settings)),
        Step("Compile: choose how the network learns.", compile_code(settings)),
        Step("Fit: train the network.", fit_code(settings, epochs or settings.epochs)),
        Step("Evaluate on the test images, once, at the end.", EVALUATE_CODE),
        Step("Predict: the ten probabilities for one test image.", PREDICT_CODE),
    ]


LOAD_CODE = """\
if Path("mnist.npz").exists():
    with np.load("mnist.npz") as file:
        x_train, y_train, x_test, y_test = (file[name] for name in ("x_train", "y_train", "x_test", "y_test"))
else:
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()"""

LOOK_CODE = """\
print("The label of this image is", y_train[7])
for row in x_train[7]:
    print("".join(" .:*#"[pixel // 52] for pixel in row))"""

SHAPES_CODE = """\
print("Training images:", x_train.shape, "test images:", x_test.shape)"""

RESHAPE_CODE = """\
def as_vectors(images):
    return images.reshape(-1, 784).astype("float32") / np.float32(255)


x_test = as_vectors(x_test)"""

EVALUATE_CODE = """\
loss, accuracy = model.evaluate(x_test, y_test, batch_size=1000, verbose=0)
print(f"Right on {accuracy:.2%} of the test images.")"""

PREDICT_CODE = """\
probabilities = model.predict(x_test[9:10], verbose=0)[0]
for digit, probability in enumerate(probabilities):
    print(f"{digit}: {probability:.1%}")
print("Read as", probabilities.argmax(), "and the label is", y_test[9])"""


def split_step(settings: Settings) -> Step:
    """Return the step that chooses images for training and for validation."""
    n = settings.training_images
    held_out = f"x_held_out, y_held_out = as_vectors(x_train[{n}:{settings.images}]), y_train[{n}:{settings.images}]"
    text = (
        f"Hold {settings.images - n:,} of the {settings.images:,} training images out, to validate on after each epoch."
    )
    if settings.validates_on_test_images:
        held_out = "x_held_out, y_held_out = x_test, y_test"
        text = (
            "Validate on the test images, as the lesson's notebook does. Do not choose settings by them: they would no "
            "longer be new to the network."
        )
    images = f"x_train[:{n}]" if settings.deforms else f"as_vectors(x_train[:{n}])"
    return Step(text, f"{held_out}\nx_train, y_train = {images}, y_train[:{n}]")


def deform_code(settings: Settings) -> str:
    """Return the source of Inkling's own functions that deform pictures, and of batches made with them."""
    constants = f"Bytes = np.ndarray\nSIDE, UPSCALING, BLUR = {SIDE}, {augmentation.UPSCALING}, {augmentation.BLUR}"
    functions = "\n\n\n".join(inspect.getsource(function).strip() for function in (change_pen, jitter_picture))
    how = f"{settings.rotation}, {settings.shift}, {settings.pen}"
    return f"""{constants}


{functions}


class DeformedPictures(keras.utils.PyDataset):
    def __init__(self):
        super().__init__()
        self.random = np.random.default_rng({settings.seed})
        self.order = self.random.permutation(len(x_train))

    def __len__(self):
        return {settings.steps_per_epoch}

    def __getitem__(self, index):
        batch = self.order[index * {settings.batch_size} : (index + 1) * {settings.batch_size}]
        pictures = np.stack([jitter_picture(x_train[i], {how}, self.random) for i in batch])
        return as_vectors(pictures), y_train[batch]

    def on_epoch_end(self):
        self.order = self.random.permutation(len(x_train))"""


def build_code(settings: Settings) -> str:
    """Return the code that builds the layers."""
    dropout = f"\n        keras.layers.Dropout({settings.dropout})," if settings.dropout else ""
    hidden = "".join(
        f'\n        keras.layers.Dense({width}, activation="{settings.activation}"),{dropout}'
        for width in settings.hidden
    )
    return f"""\
keras.utils.set_random_seed({settings.seed})
model = keras.Sequential(
    [
        keras.Input(shape=({INPUTS},)),{hidden}
        keras.layers.Dense({OUTPUTS}, activation="softmax"),
    ]
)
model.summary()"""


def compile_code(settings: Settings) -> str:
    """Return the code that sets loss, optimizer and metrics."""
    optimizer = OPTIMIZERS[settings.optimizer].label
    return f"""\
model.compile(
    optimizer=keras.optimizers.{optimizer}(learning_rate={settings.learning_rate}),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
    steps_per_execution={settings.steps_per_execution},  # batches at once: only for speed
)"""


def fit_code(settings: Settings, epochs: int) -> str:
    """Return the code that trains."""
    data = "DeformedPictures()" if settings.deforms else f"x_train, y_train, batch_size={settings.batch_size}"
    return f"""\
history = model.fit(
    {data},
    epochs={epochs},
    validation_data=(x_held_out, y_held_out),
    verbose=2,
)"""
