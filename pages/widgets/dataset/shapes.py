"""Shapes and types of the data set on its way into a network, as the lesson's notebook prints them."""

import streamlit as st

from model.mnist import Mnist, as_vectors

MB = 1_000_000


def show_shapes(mnist: Mnist) -> None:
    """Show the shape and the type of the arrays after each step."""
    # All 60,000 images are only viewed in other shapes: as float32 they would take four times the memory.
    with_channel, vectors = mnist.x_train.reshape(-1, 28, 28, 1), mnist.x_train.reshape(-1, 784)
    divided = as_vectors(mnist.x_train[:1])
    steps = {
        "x_train.shape": mnist.x_train.shape,
        "x_train.dtype": mnist.x_train.dtype,
        "y_train.shape": mnist.y_train.shape,
        "y_train.dtype": mnist.y_train.dtype,
        "x_train.reshape(60000, 28, 28, 1).shape": with_channel.shape,
        "x_train.reshape(-1, 784).shape": vectors.shape,
        '(x_train.astype("float32") / 255).dtype': divided.dtype,
    }
    st.code("\n".join(f">>> {expression}\n{value!r}" for expression, value in steps.items()))
    st.markdown("At the end, the notebook prints:")
    st.code(
        f"x_train shape: {vectors.shape}\n"
        f"Number of images in x_train {len(mnist.x_train)}\n"
        f"Number of images in x_test {len(mnist.x_test)}",
        language=None,
    )
    st.markdown(
        "The shape says how many numbers there are in each direction: 60,000 images of 28 rows and 28 columns. The "
        "notebook's step to (60000, 28, 28, 1) adds a fourth direction of length 1, the colour channels. Convolutional "
        "networks want it; a dense one does not, and the next reshape takes it away again. No reshape changes a "
        "number: it only arranges them differently. Dividing does: `uint8`, whole numbers from 0 to 255 in one byte "
        f"each, become `float32`, in four, so the training images grow from {mnist.x_train.nbytes / MB:.0f} MB to "
        f"{mnist.x_train.size * divided.itemsize / MB:.0f} MB."
    )
