"""How often a network is right: `python -m model.evaluate [NAME] [--pen-digits FILE]`."""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from model.mnist import as_vectors, load_mnist
from model.mnist_format import SIDE, preprocess
from model.network import BUNDLED_NAMES, Network, load_network
from model.pen_digits import PenDigit, draw_at_random, read_pen_digits

# Size, place and pen width of the drawings are random; the same ones each time.
SEED = 0


def accuracy(network: Network, x: npt.NDArray[np.float32], labels: npt.NDArray[np.integer]) -> float:
    """The share of rows of x, float32 [N, 784], whose most probable digit is the label."""
    return float(np.mean(network.predict(x).argmax(axis=1) == labels))


def resize_only(rgba: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """What a demo without MNIST's recipe does: the whole canvas, uint8 [H, W, 4], shrunk to float32 [784]."""
    picture = Image.fromarray(rgba).convert("L").resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    return np.asarray(picture, dtype=np.float32).reshape(-1) / np.float32(255)


def pen_digit_accuracy(network: Network, digits: list[PenDigit]) -> tuple[float, float]:
    """How often the network is right on the digits drawn as canvas pictures: after MNIST's recipe, and only resized."""
    random = np.random.default_rng(SEED)
    pictures = [draw_at_random(digit.strokes, random) for digit in digits]
    labels = np.array([digit.label for digit in digits])
    vectors = [preprocess(picture) for picture in pictures]
    recipe = np.stack([np.zeros(SIDE * SIDE, np.float32) if vector is None else vector for vector in vectors])
    resized = np.stack([resize_only(picture) for picture in pictures])
    return accuracy(network, recipe, labels), accuracy(network, resized, labels)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m model.evaluate", description="Measure a bundled network.")
    parser.add_argument("name", nargs="?", choices=BUNDLED_NAMES, help="the best there is, where none is given")
    parser.add_argument("--pen-digits", type=Path, metavar="FILE", help="strokes, one JSON object a line, gzipped")
    arguments = parser.parse_args()
    network = load_network(arguments.name)
    mnist = load_mnist()
    print(f"MNIST, 10,000 test images: {accuracy(network, as_vectors(mnist.x_test), mnist.y_test):.2%} right")
    if arguments.pen_digits:
        digits = list(read_pen_digits(arguments.pen_digits))
        recipe, resized = pen_digit_accuracy(network, digits)
        print(f"{len(digits):,} pen digits, MNIST's recipe:     {recipe:.2%} right")
        print(f"{len(digits):,} pen digits, only resized:       {resized:.2%} right")


if __name__ == "__main__":
    main()
