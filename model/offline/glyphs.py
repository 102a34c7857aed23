"""Digits, letters and signs that code draws: read from a table, drawn as a hand might, and all of them on a sheet.

`python -m model.offline.glyphs drawn_digits FILE.png` draws the sheet; `non_digits` has one, too.
"""

import argparse
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from model.pen_digits import OVERSAMPLING, Points, draw_ink, middle_and_span

# Of the sheet, in pixels.
CELL, CAPTION, COLUMNS = 90, 14, 5


class Glyph(NamedTuple):
    """One way to write something: strokes, each of smooth curves that meet in corners. Its table says more."""

    kind: str
    name: str
    strokes: list[list[Points]]  # of each curve the points that it goes through, float64 [points, 2]


def read_glyphs(table: str) -> list[Glyph]:
    """The glyphs of `drawn_digits.txt` or `non_digits.txt`, named without the ending."""
    lines = Path(__file__).with_name(f"{table}.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ") for line in lines if not line.startswith("#")]
    return [Glyph(kind, name, [read_stroke(stroke) for stroke in strokes.split("/")]) for kind, name, strokes in rows]


def read_stroke(text: str) -> list[Points]:
    """The curves of "0,2 56,2! 20,100": each begins where the one before it ends."""
    curves = [[[float(number) for number in point.split(",")] for point in part.split()] for part in text.split("!")]
    return [np.array(curves[0]), *(np.array([before[-1], *curve]) for before, curve in pairwise(curves))]


def draw_glyph(glyph: Glyph, random: np.random.Generator) -> list[Points]:
    """Its strokes, wider or narrower, and each point moved a little, so that no two drawings are the same."""
    width = np.exp(random.normal(0, 0.2))
    return [draw_stroke(stroke, random) * (width, 1) for stroke in glyph.strokes]


def draw_stroke(stroke: list[Points], random: np.random.Generator) -> Points:
    """The points along one stroke, float64 [points, 2]. Curves that met in a corner still do."""
    moved = [curve + random.normal(0, 3.5, curve.shape) for curve in stroke]
    for before, after in pairwise(moved):
        after[0] = before[-1]
    return np.concatenate([smooth(points) for points in moved]) + random.normal(0, 1.5, 2)


def smooth(points: Points) -> Points:
    """The curve through the points: float64 [n, 2] -> float64 [(n - 1) * 6 + 1, 2].

    After E. Catmull, R. Rom, "A Class of Local Interpolating Splines", 1974; the uniform kind.
    """
    padded = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    t = (np.arange(6) / 6)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
    ]
    return np.concatenate([*pieces, points[-1:]])


def draw_sheet(glyphs: list[Glyph]) -> Image.Image:
    """Each glyph as the table has it and drawn twice, with its name below."""
    random = np.random.default_rng(0)
    width, height = 3 * CELL, CELL + CAPTION
    sheet = Image.new("L", (COLUMNS * width, -(-len(glyphs) // COLUMNS) * height))
    for i, glyph in enumerate(glyphs):
        top, left = np.array(divmod(i, COLUMNS)) * (height, width)
        exact = [np.concatenate([smooth(curve) for curve in stroke]) for stroke in glyph.strokes]
        for j, strokes in enumerate((exact, draw_glyph(glyph, random), draw_glyph(glyph, random))):
            middle, span = middle_and_span(strokes)
            placed = [((stroke - middle) * 0.7 / max(span) + 0.5) * CELL * OVERSAMPLING for stroke in strokes]
            ink = draw_ink(placed, 4 * OVERSAMPLING, CELL * OVERSAMPLING).reduce(OVERSAMPLING)
            sheet.paste(ink, (left + j * CELL, top))
        ImageDraw.Draw(sheet).text((left + 8, top + CELL - 2), f"{glyph.kind}  {glyph.name}", fill=255)
    return sheet


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m model.offline.glyphs", description="Draw a sheet of all glyphs.")
    parser.add_argument("table", choices=("drawn_digits", "non_digits"))
    parser.add_argument("file", type=Path, metavar="FILE.png")
    arguments = parser.parse_args()
    draw_sheet(read_glyphs(arguments.table)).save(arguments.file)


if __name__ == "__main__":
    main()
