"""Shapes and types of the data set on its way into a network, as the lesson's notebook prints them."""

import streamlit as st

from model.mnist import Mnist, as_vectors

MB = 1_000_000


def show_shapes(mnist: Mnist) -> None:
    """What each step makes of the arrays."""
    # Of all 60,000 images only views are made: as float32 they would take four times the memory.
    vectors = mnist.x_train.reshape(-1, 784)
    divided = as_vectors(mnist.x_train[:1])
    steps = [
        ("x_train, as loaded", mnist.x_train.shape, mnist.x_train.dtype),
        ("y_train, the labels", mnist.y_train.shape, mnist.y_train.dtype),
        ("x_test", mnist.x_test.shape, mnist.x_test.dtype),
        ("y_test", mnist.y_test.shape, mnist.y_test.dtype),
        ("x_train.reshape(60000, 28, 28, 1)", mnist.x_train.reshape(-1, 28, 28, 1).shape, mnist.x_train.dtype),
        ("x_train.reshape(-1, 784)", vectors.shape, vectors.dtype),
        ('x_train.astype("float32") / 255', vectors.shape, divided.dtype),
    ]
    width = max(len(name) for name, _, _ in steps)
    st.code("\n".join(f"{name:<{width}}  {shape!s:<20}{dtype}" for name, shape, dtype in steps), language=None)
    st.code(
        f"Number of images in x_train {mnist.x_train.shape[0]}\nNumber of images in x_test {mnist.x_test.shape[0]}",
        language=None,
    )
    st.markdown(
        "The shape says how many numbers there are in each direction: 60,000 images of 28 rows and 28 columns. The "
        "notebook's step to (60000, 28, 28, 1) adds a fourth direction of length 1, the colour channels. Convolutional "
        "networks want it; a dense one does not, and the next reshape takes it away again. No reshape changes a "
        "number: it only says how to count them off. Dividing does: `uint8`, whole numbers from 0 to 255 in one byte "
        f"each, become `float32`, in four, so the training images grow from {mnist.x_train.nbytes / MB:.0f} MB to "
        f"{mnist.x_train.size * divided.itemsize / MB:.0f} MB."
    )
