"""Artificial photographs of digits: `python -m benchmarks.made_photographs --pen-digits FILE [--save FOLDER]`.

People's digits are written on textured paper, plain, ruled or squared, with a pen of any usual width and colour. The
paper is turned by up to 10 degrees, under a gradient and a soft shadow, with blur, noise and JPEG artefacts. The right
answers of the network are counted.
"""

import argparse
import io
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from model.bundled_networks import load_network
from model.files.photographs import PhotographError, read_photograph
from model.mnist import as_vectors
from model.pen_digits import PenDigit, Points, draw_ink, middle_and_span, read_pen_digits

WIDTH, HEIGHT = 1600, 1200
PAPER = 2000  # pixels of its sides, before it is turned and cropped
COUNT = 40
IN_A_ROW = 3
SEED = 0

PAPER_COLOURS = ((250, 250, 248), (246, 240, 222), (228, 236, 246), (252, 236, 236), (236, 232, 226))
INKS = ((20, 20, 25), (30, 40, 140), (170, 25, 35), (20, 110, 60), (80, 80, 84), (90, 30, 120))
LINES = ((150, 175, 215), (175, 175, 180), (200, 150, 150))

Floats = npt.NDArray[np.float64]


def make_photograph(digits: list[PenDigit], random: np.random.Generator) -> bytes:
    """Return a photograph of the digits side by side on one sheet, as a JPEG file."""
    sheet = make_paper(random)
    ink = cv2.GaussianBlur(write(digits, random), (0, 0), 1.2) * random.uniform(0.85, 1)
    sheet += (np.array(INKS[random.integers(len(INKS))]) - sheet) * ink[..., None]
    turn = cv2.getRotationMatrix2D((PAPER / 2, PAPER / 2), random.uniform(-10, 10), 1)
    turned = cv2.warpAffine(sheet, turn, (PAPER, PAPER), borderMode=cv2.BORDER_REFLECT)
    top, left = (PAPER - HEIGHT) // 2, (PAPER - WIDTH) // 2
    lit = turned[top : top + HEIGHT, left : left + WIDTH] * make_light(random)[..., None]
    picture = cv2.GaussianBlur(lit, (0, 0), random.uniform(0.8, 3)) + random.normal(0, random.uniform(2, 7), lit.shape)
    file = io.BytesIO()
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=int(random.integers(60, 93)))
    return file.getvalue()


def make_paper(random: np.random.Generator) -> Floats:
    """Return textured paper, plain, ruled or squared: float64 [PAPER, PAPER, 3]."""
    sheet = np.full((PAPER, PAPER, 3), PAPER_COLOURS[random.integers(len(PAPER_COLOURS))], np.float64)
    for size in (1.5, 6, 40):  # fibres, and how uneven it lies
        grain = cv2.GaussianBlur(random.normal(0, 1, (PAPER, PAPER)), (0, 0), size)
        sheet += (grain / grain.std() * random.uniform(1, 4))[..., None]
    kind, colour = random.choice(["plain", "ruled", "squared"]), LINES[random.integers(len(LINES))]
    spacing, width = int(random.integers(50, 130)), int(random.integers(2, 5))
    if kind != "plain":
        for place in range(int(random.integers(spacing)), PAPER, spacing):
            sheet[place : place + width] = colour
            if kind == "squared":
                sheet[:, place : place + width] = colour
    return sheet


def write(digits: list[PenDigit], random: np.random.Generator) -> Floats:
    """Return where there is ink, 0 to 1: float64 [PAPER, PAPER]."""
    height = random.uniform(180, 700 if len(digits) == 1 else 380)
    pen = height * random.uniform(0.035, 0.11)
    placed: list[Points] = []
    right = 0.0
    for digit in digits:
        middle, span = middle_and_span(digit.strokes)
        scale = height / max(span)
        left = right + (span[0] * scale) / 2
        placed += [(stroke - middle) * scale + (left, 0) for stroke in digit.strokes]
        right += span[0] * scale + random.uniform(0.25, 0.5) * height
    middle, span = middle_and_span(placed)
    free = np.maximum(0, np.array([WIDTH, HEIGHT]) * 0.8 - span)
    place = PAPER / 2 + random.uniform(-0.5, 0.5, 2) * free
    return np.asarray(draw_ink([stroke - middle + place for stroke in placed], pen, PAPER), np.float64) / 255


def make_light(random: np.random.Generator) -> Floats:
    """Return how much light falls on each pixel, 0 to 1: a gradient, and the soft shadow of a hand or a phone."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] / WIDTH
    angle = random.uniform(0, 2 * np.pi)
    along = x * np.cos(angle) + y * np.sin(angle)
    light = 1 - random.uniform(0.1, 0.5) * (along - along.min()) / np.ptp(along)
    place, size = random.uniform(0, 1, 2), random.uniform(0.15, 0.4)
    shadow = random.uniform(0, 0.5) / (1 + np.exp((np.hypot(x - place[0], y - place[1]) - size) / 0.03))
    lit: Floats = light * (1 - shadow)
    return lit


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.made_photographs")
    parser.add_argument("--pen-digits", type=Path, metavar="FILE", required=True)
    parser.add_argument("--count", type=int, default=COUNT, help="photographs, default: %(default)s")
    parser.add_argument("--save", type=Path, metavar="FOLDER", help="write the photographs there")
    arguments = parser.parse_args()
    digits, random, network = read_pen_digits(arguments.pen_digits), np.random.default_rng(SEED), load_network()
    for in_a_row in (1, IN_A_ROW):
        right = 0
        for i in range(arguments.count):
            chosen = [digits[k] for k in random.integers(len(digits), size=in_a_row)]
            photograph = make_photograph(chosen, random)
            label = "".join(str(digit.label) for digit in chosen)
            try:
                found = read_photograph(photograph).digits
                answers = network.predict(as_vectors(np.stack([digit.picture for digit in found]))).argmax(axis=1)
                read = "".join(map(str, answers))
            except PhotographError as error:
                read = str(error)
            right += read == label
            if arguments.save:
                arguments.save.mkdir(parents=True, exist_ok=True)
                (arguments.save / f"{in_a_row}-{i:03}-{label}-{read[:10]}.jpg").write_bytes(photograph)
        print(
            f"{in_a_row} in a row: {right} of {arguments.count} photographs read right ({right / arguments.count:.1%})"
        )


if __name__ == "__main__":
    main()
