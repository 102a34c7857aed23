"""How often whole numbers are cut and read right: `python -m benchmarks.multi_digits --pen-digits FILE`.

Numbers have 2 to 5 people's digits, equally large, side by side with gaps of 15 to 40% of the height. They are scaled
to the wide canvas and drawn with a pen of 14 to 22 pixels. Gaps are measured between the pen's middle lines, so with
the widest pen the ink of neighbours may touch.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from model.bundled_networks import load_network
from model.digit_check import load_digit_check
from model.mnist import as_vectors
from model.multi_digit import Line, segment_digits
from model.pen_digits import PenDigit, Points, read_pen_digits

COUNT = 300
SEED = 0
SIZE = np.array([560, 280])  # the canvas
USED = 0.9  # of it


def set_side_by_side(digits: list[PenDigit], random: np.random.Generator) -> list[Line]:
    """Return the digits as lines on the canvas."""
    strokes: list[Points] = []
    right = 0.0
    for digit in digits:
        points = np.concatenate(digit.strokes)
        left, bottom = points[:, 0].min(), points[:, 1].max()
        strokes += [stroke - (left - right, bottom) for stroke in digit.strokes]
        right += np.ptp(points[:, 0]) + random.uniform(0.15, 0.40) * 1000
    pen = random.uniform(14, 22)
    points = np.concatenate(strokes)
    scale = np.min((SIZE * USED - pen) / np.ptp(points, axis=0))
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    return [Line((stroke - middle) * scale + SIZE / 2, pen) for stroke in strokes]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.multi_digits")
    parser.add_argument("--pen-digits", type=Path, metavar="FILE", required=True)
    arguments = parser.parse_args()
    digits, random = read_pen_digits(arguments.pen_digits), np.random.default_rng(SEED)
    network, check = load_network(), load_digit_check()
    cut_right = read_right = doubted = 0
    seconds = []
    for _ in range(COUNT):
        chosen = [digits[i] for i in random.integers(len(digits), size=random.integers(2, 6))]
        lines = set_side_by_side(chosen, random)
        start = time.perf_counter()
        found = segment_digits(lines)
        x = as_vectors(np.stack([digit.picture for digit in found]))
        answers, scores = network.predict(x).argmax(axis=1), check.score(x)
        seconds.append(time.perf_counter() - start)
        touching = [digit.looks_like_two_digits(score) for digit, score in zip(found, scores, strict=True)]
        cut_right += len(found) == len(chosen)
        doubted += any(touching)
        read_right += answers.tolist() == [digit.label for digit in chosen] and not any(touching)
    print(f"{COUNT} numbers: {cut_right / COUNT:.1%} cut right, {read_right / COUNT:.1%} read right throughout")
    print(f"{doubted / COUNT:.1%} were said to have two digits that touch")
    print(f"Cutting and reading one: median {np.median(seconds) * 1e3:.1f} ms, worst {np.max(seconds) * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
