"""How well the digit check works: `python -m benchmarks.digit_check [--pen-digits FILE]`.

Digits should look like digits. Letters, scribbles, signs and faces should not. `model/offline/non_digits.py` draws the
kinds of them that the check was trained on, though not the same ones. It never saw the letters of OpenCV's Hershey
fonts.
"""

import argparse
import string
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from model.digit_check import load_digit_check
from model.evaluate import draw_as_visitors, drawing_vector
from model.mnist import as_vectors, load_mnist
from model.network import Floats
from model.offline.drawn_digits import draw_digit
from model.offline.non_digits import LIKE_DIGITS, SCRIBBLES, draw_face, draw_letter, draw_scribble, draw_sign
from model.pen_digits import Points, draw_at_random, read_pen_digits

COUNT = 2_000
SEED = 1  # another than in training
FONTS = (
    *(cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_TRIPLEX),
    *(cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, cv2.FONT_HERSHEY_SCRIPT_COMPLEX),
)
PENS = (12, 18, 24)


def as_drawn(drawings: list[list[Points]], random: np.random.Generator) -> Floats:
    """Draw strokes as visitors do, by MNIST's recipe: float32 [N, 784]."""
    return np.stack([drawing_vector(draw_at_random(strokes, random)) for strokes in drawings])


def letters_of_fonts() -> Iterator[tuple[str, Floats]]:
    """Yield each letter in each font with each pen, as float32 [784]."""
    for letter in string.ascii_letters:
        for font in FONTS:
            for pen in PENS:
                picture = np.zeros((400, 400, 4), np.uint8)
                picture[..., 3] = 255
                cv2.putText(picture, letter, (100, 280), font, 7, (255, 255, 255, 255), pen, cv2.LINE_AA)
                yield letter, drawing_vector(picture)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.digit_check")
    parser.add_argument("--pen-digits", type=Path, metavar="FILE", help="gzipped strokes, a JSON object on each line")
    arguments = parser.parse_args()
    check, random, mnist = load_digit_check(), np.random.default_rng(SEED), load_mnist()

    def report(name: str, x: Floats) -> None:
        share = np.mean(~check.looks_like_a_digit(x))
        print(f"{name:48s} {share:7.2%} of {len(x):6,} do not look like a digit")

    if arguments.pen_digits:
        digits = read_pen_digits(arguments.pen_digits)
        report(
            f"pen digits ({arguments.pen_digits.name})", np.stack([drawing_vector(p) for p in draw_as_visitors(digits)])
        )
    report("MNIST's test images", as_vectors(mnist.x_test))
    report("digits drawn by code", as_drawn([draw_digit(random)[1] for _ in range(COUNT)], random))
    letters = [draw_letter(random) for _ in range(COUNT)]
    x, names = as_drawn([strokes for _, strokes in letters], random), np.array([name for name, _ in letters])
    report("letters, all 52", x)
    report(f"letters, without {LIKE_DIGITS}", x[~np.isin(names, list(LIKE_DIGITS))])
    scribbles = as_drawn([draw_scribble(random) for _ in range(COUNT)], random)
    report("scribbles", scribbles)
    report("letters, all 52, and scribbles", np.concatenate([x, scribbles]))
    for kind in SCRIBBLES:
        report(f"  {kind.__name__}", as_drawn([kind(random) for _ in range(COUNT // 5)], random))
    report("signs", as_drawn([draw_sign(random) for _ in range(COUNT // 2)], random))
    report("faces", as_drawn([draw_face(random) for _ in range(COUNT // 2)], random))
    names, x = (np.stack(column) for column in zip(*letters_of_fonts(), strict=True))
    report("letters of OpenCV's fonts, all 52", x)
    report(f"letters of OpenCV's fonts, without {LIKE_DIGITS}", x[~np.isin(names, list(LIKE_DIGITS))])


if __name__ == "__main__":
    main()
