"""Training pictures that look like drawings: real digits, bent, stretched and written with other pens.

Whatever is done to a digit, MNIST's recipe comes last, so that a network trains on the same kind of picture as it
reads later. After P. Simard, D. Steinkraus, J. Platt, "Best Practices for Convolutional Neural Networks Applied to
Visual Document Analysis", ICDAR 2003: affine and elastic distortions are what a dense network needs most.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from model.pen_digits import Points, draw_ink, middle_and_span
from model.preprocessing import BOX, MIDDLE, SIDE, steps_from_ink

Bytes = npt.NDArray[np.uint8]

# Pictures are warped three times as large, so that edges stay smooth.
UPSCALING = 3
CELLS = 6
BLUR = 1.9  # of the enlarged picture's pixels
WAVES = 4
# Strokes are drawn this large: 8 pixels become one of the 20 that MNIST's box has.
DRAWN = 160
PAPER = 200


class Warp(NamedTuple):
    """A smooth deformation of the plane: a linear map and a few long waves on top of it.

    Its unit is half the digit's box: the digit spans -1 to 1.
    """

    matrix: Points  # [2, 2]
    frequencies: Points  # [waves, 2]
    phases: Points  # [waves]
    amplitudes: Points  # [waves, 2]

    def __call__(self, points: Points) -> Points:
        """Where the points, float64 [..., 2], go."""
        waves = np.sin(points @ self.frequencies.T + self.phases)
        moved: Points = points @ self.matrix.T + waves @ self.amplitudes
        return moved


def random_warp(random: np.random.Generator) -> Warp:
    """Rotation, shear and aspect as hands differ in them, and elastic waves; sometimes weak, sometimes strong."""
    strength = random.uniform(0.2, 1.1)
    angle = np.deg2rad(random.normal(0, 8 * strength))
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shear = np.array([[1, random.normal(0, 0.15 * strength)], [0, 1]])
    aspect = np.exp(random.normal(0, 0.12 * strength))
    frequencies = random.normal(0, 2.2, (WAVES, 2))
    # The shorter a wave, the lower, so that the plane does not fold.
    heights = 0.12 * strength / (1 + np.linalg.norm(frequencies, axis=1, keepdims=True) / 2)
    return Warp(
        matrix=rotation @ shear @ np.diag([aspect, 1 / aspect]),
        frequencies=frequencies,
        phases=random.uniform(0, 2 * np.pi, WAVES),
        amplitudes=random.normal(0, heights, (WAVES, 2)),
    )


def deform_picture(picture: Bytes, random: np.random.Generator) -> Bytes:
    """One of MNIST's pictures as another hand might have written it: uint8 [28, 28] -> uint8 [28, 28]."""
    ink = warp_picture(picture, random_warp(random))
    if random.random() < 0.7:
        ink = change_pen(ink, random.uniform(0.22, 0.58))
    steps = steps_from_ink(ink)
    return picture if steps is None else steps.centred


def warp_picture(picture: Bytes, warp: Warp) -> Image.Image:
    """The picture, uint8 [28, 28], seen through a warp: 84x84 pixels, greyscale.

    Each pixel shows what lies where the warp sends it. Exact at the corners of 6x6 cells, straight between them.
    """
    corners = np.linspace(0, SIDE, CELLS + 1)
    grid = np.stack(np.meshgrid(corners, corners), axis=-1)
    source = warp((grid - MIDDLE) / (BOX / 2)) * (BOX / 2) + MIDDLE
    edges = (corners * UPSCALING).astype(int).tolist()
    mesh = []
    for i, (top, bottom) in enumerate(pairwise(edges)):
        for j, (left, right) in enumerate(pairwise(edges)):
            quadrilateral = source[[i, i + 1, i + 1, i], [j, j, j + 1, j + 1]]
            mesh.append(((left, top, right, bottom), tuple(quadrilateral.reshape(-1).tolist())))
    size = (SIDE * UPSCALING, SIDE * UPSCALING)
    return Image.fromarray(picture).transform(size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def change_pen(ink: Image.Image, level: float) -> Image.Image:
    """An enlarged picture as if written with another pen: blurred, then ink is what is at least this dark, 0 to 1.

    At 0.5 the pen stays as wide as it was; lower is thicker, higher is thinner.
    """
    blurred = ink.filter(ImageFilter.GaussianBlur(BLUR))
    return blurred.point(np.clip((np.arange(256) - 255 * level) * 4 + 127, 0, 255).astype(int).tolist())


def deform_strokes(strokes: list[Points], random: np.random.Generator) -> list[Points]:
    """The strokes as another hand might have drawn them, each also a little off its place.

    Strokes of any size, float64 [points, 2]; the result spans about -1 to 1.
    """
    middle, span = middle_and_span(strokes)
    warp = random_warp(random)
    return [warp((stroke - middle) / (max(span) / 2)) + random.normal(0, 0.025, 2) for stroke in strokes]


def draw_training_picture(strokes: list[Points], random: np.random.Generator) -> Bytes:
    """Strokes of any size, drawn with a pen of random width and prepared by MNIST's recipe: uint8 [28, 28]."""
    middle, span = middle_and_span(strokes)
    # From a thin pen on a large drawing to a thick one on a small drawing.
    pen = DRAWN * np.exp(random.uniform(np.log(0.05), np.log(0.22)))
    scale = (DRAWN - pen) / max(span)
    placed = [(stroke - middle) * scale + PAPER / 2 for stroke in strokes]
    steps = steps_from_ink(draw_ink(placed, pen, PAPER))
    assert steps is not None, "every point leaves ink"
    return steps.centred


def jitter_picture(picture: Bytes, rotation: int, shift: int, pen: int, random: np.random.Generator) -> Bytes:
    """One of MNIST's pictures, turned, shifted and with another pen: uint8 [28, 28] -> uint8 [28, 28].

    rotation: degrees to either side; shift: pixels in each direction; pen: per cent by which the pen gets wider or
    thinner, up to 40. Each is the most that can happen; how much does is drawn at random.
    """
    turn, right, down, thinner = random.uniform(-1, 1, 4)
    moved = (right * shift * UPSCALING, down * shift * UPSCALING)
    large = Image.fromarray(picture).resize((SIDE * UPSCALING, SIDE * UPSCALING), Image.Resampling.BILINEAR)
    large = large.rotate(turn * rotation, Image.Resampling.BILINEAR, translate=moved)
    if pen:
        # Twenty per cent of the ink come or go with each tenth of the level.
        large = change_pen(large, 0.5 + thinner * pen / 200)
    return np.asarray(large.reduce(UPSCALING))
