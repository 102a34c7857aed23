"""Training pictures that look like drawings: real digits, bent, stretched and written with other pens.

MNIST's recipe always comes last, so that a network trains on the kind of picture that it will read. Affine and elastic
distortions help a dense network most, according to P. Simard, D. Steinkraus, J. Platt, "Best Practices for
Convolutional Neural Networks Applied to Visual Document Analysis", ICDAR 2003.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter

from model.pen_digits import Points, draw_ink, middle_and_span
from model.preprocessing import BOX, MIDDLE, SIDE, Bytes, steps_from_ink

UPSCALING = 3  # pictures are enlarged before they are warped, so that edges stay smooth
BLUR = 1.9  # pixels of the enlarged picture
WARP_CELLS = 6  # to each side of the picture
WARP_WAVES = 4
DIGIT_SIDE = 160  # pixels of a drawn digit: 8 become one of the 20 that MNIST's box has
SHEET_SIDE = 200  # pixels of what it is drawn on


class Warp(NamedTuple):
    """A smooth deformation of the plane: a linear map and a few long waves on top of it.

    The unit is half the side of the digit's box, so the digit spans -1 to 1.
    """

    matrix: Points  # [2, 2]
    frequencies: Points  # [waves, 2]
    phases: Points  # [waves]
    amplitudes: Points  # [waves, 2]

    def __call__(self, points: Points) -> Points:
        """Return where the warp moves the points: float64 [..., 2] -> float64 [..., 2]."""
        waves = np.sin(points @ self.frequencies.T + self.phases)
        moved: Points = points @ self.matrix.T + waves @ self.amplitudes
        return moved


def random_warp(random: np.random.Generator) -> Warp:
    """Return a warp as hands differ: rotation, shear, aspect and elastic waves, sometimes weak, sometimes strong."""
    strength = random.uniform(0.2, 1.1)
    angle = np.deg2rad(random.normal(0, 8 * strength))
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shear = np.array([[1, random.normal(0, 0.15 * strength)], [0, 1]])
    aspect = np.exp(random.normal(0, 0.12 * strength))
    frequencies = random.normal(0, 2.2, (WARP_WAVES, 2))
    # Shorter waves are lower, so that the plane does not fold.
    heights = 0.12 * strength / (1 + np.linalg.norm(frequencies, axis=1, keepdims=True) / 2)
    return Warp(
        matrix=rotation @ shear @ np.diag([aspect, 1 / aspect]),
        frequencies=frequencies,
        phases=random.uniform(0, 2 * np.pi, WARP_WAVES),
        amplitudes=random.normal(0, heights, (WARP_WAVES, 2)),
    )


def deform_picture(picture: Bytes, random: np.random.Generator) -> Bytes:
    """Return an MNIST picture as another hand might have written it: uint8 [28, 28] -> uint8 [28, 28]."""
    ink = warp_picture(picture, random_warp(random))
    if random.random() < 0.7:
        ink = change_pen(ink, random.uniform(0.22, 0.58))
    steps = steps_from_ink(ink)
    return picture if steps is None else steps.centred


def warp_picture(picture: Bytes, warp: Warp) -> Image.Image:
    """Return a picture, uint8 [28, 28], seen through a warp: greyscale, 84x84 pixels.

    Each pixel shows what lies where the warp sends it. That is exact at the corners of 6x6 cells, and linear between
    them.
    """
    corners = np.linspace(0, SIDE, WARP_CELLS + 1)
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
    """Return an enlarged picture as if written with another pen: blurred, then cut off at a level of ink, 0 to 1.

    At 0.5 the pen keeps its width. A lower level makes it thicker, a higher one thinner.
    """
    blurred = ink.filter(ImageFilter.GaussianBlur(BLUR))
    return blurred.point(np.clip((np.arange(256) - 255 * level) * 4 + 127, 0, 255).astype(int).tolist())


def deform_strokes(strokes: list[Points], random: np.random.Generator) -> list[Points]:
    """Return strokes as another hand might have drawn them, each shifted a little.

    The strokes, float64 [points, 2] each, may have any size; the result spans about -1 to 1.
    """
    middle, span = middle_and_span(strokes)
    warp = random_warp(random)
    return [warp((stroke - middle) / (max(span) / 2)) + random.normal(0, 0.025, 2) for stroke in strokes]


def draw_training_picture(strokes: list[Points], random: np.random.Generator) -> Bytes:
    """Draw strokes of any size with a pen of random width, and apply MNIST's recipe: uint8 [28, 28]."""
    middle, span = middle_and_span(strokes)
    # From a thin pen on a large drawing to a thick one on a small drawing.
    pen = DIGIT_SIDE * np.exp(random.uniform(np.log(0.05), np.log(0.22)))
    scale = (DIGIT_SIDE - pen) / max(span)
    placed = [(stroke - middle) * scale + SHEET_SIDE / 2 for stroke in strokes]
    steps = steps_from_ink(draw_ink(placed, pen, SHEET_SIDE))
    assert steps is not None, "every point leaves ink"
    return steps.centred


def jitter_picture(picture: Bytes, rotation: int, shift: int, pen: int, random: np.random.Generator) -> Bytes:
    """Return an MNIST picture, turned, shifted and with another pen: uint8 [28, 28] -> uint8 [28, 28].

    The amounts are random. At most they are: rotation, in degrees to either side; shift, in pixels in each direction;
    pen, by how many per cent the pen gets wider or thinner, up to 40.
    """
    turn, right, down, thinner = random.uniform(-1, 1, 4)
    moved = (right * shift * UPSCALING, down * shift * UPSCALING)
    large = Image.fromarray(picture).resize((SIDE * UPSCALING, SIDE * UPSCALING), Image.Resampling.BILINEAR)
    large = large.rotate(turn * rotation, Image.Resampling.BILINEAR, translate=moved)
    if pen:
        # Each tenth of the level adds or takes away twenty per cent of the ink.
        large = change_pen(large, 0.5 + thinner * pen / 200)
    return np.asarray(large.reduce(UPSCALING))
