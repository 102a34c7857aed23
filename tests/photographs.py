"""Pictures of digits on paper, for tests."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

Point = tuple[float, float]

# In a box of 100 by 160
DIGITS: dict[int, list[list[Point]]] = {
    1: [[(50, 0), (50, 160)]],
    4: [[(40, 0), (5, 95), (95, 95)], [(70, 40), (70, 160)]],
    5: [[(20, 10), (15, 70), (60, 62), (90, 100), (75, 145), (10, 155)], [(28, 0), (95, 0)]],
    7: [[(0, 0), (95, 0), (40, 160)]],
}


def paper(width: int = 800, height: int = 600, colour: tuple[int, int, int] = (245, 242, 232)) -> Image.Image:
    """Return a picture of paper that is half in the shade."""
    light = np.linspace(1, 0.55, width)[None, :, None] * np.ones((height, 1, 1))
    grain = np.random.default_rng(0).normal(0, 2, (height, width, 1))
    return Image.fromarray(np.clip(np.array(colour) * light + grain, 0, 255).astype(np.uint8))


def write(
    sheet: Image.Image,
    digits: Sequence[int],
    at: Point = (120, 200),
    pen: int = 14,
    ink: tuple[int, int, int] = (25, 30, 110),
) -> Image.Image:
    """Write digits on the sheet from left to right, and return it."""
    brush = ImageDraw.Draw(sheet)
    for place, digit in enumerate(digits):
        for stroke in DIGITS[digit]:
            points = [(at[0] + place * 170 + x, at[1] + y) for x, y in stroke]
            brush.line(points, fill=ink, width=pen, joint="curve")
            for x, y in points:
                brush.circle((x, y), pen / 2, fill=ink)
    return sheet


def as_file(picture: Image.Image, kind: str = "JPEG", **settings: object) -> bytes:
    """Return the picture as a file."""
    file = io.BytesIO()
    picture.save(file, kind, **settings)
    return file.getvalue()
