"""Digits on a photograph of paper: which of its pixels are ink, and which ink makes a digit.

`photographs.py` runs this module as a child process.
"""

import io
import sys
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from model.files import sandbox
from model.files.limits import MAX_PHOTOGRAPH_DIGITS, MAX_PHOTOGRAPH_PIXELS
from model.files.photographs import MAX_SIDE, PHOTOGRAPH, Photograph, PhotographError, pack_answer
from model.multi_digit import Box, Digit
from model.network import Floats
from model.preprocessing import Bytes, steps_from_ink

FORMATS = ("PNG", "JPEG", "WEBP")
MAX_PIECES = 100  # of ink
NO_INK = "No ink was found on this picture: write larger or with a thicker pen, and in good light."
TOO_MANY = (
    f"This picture has more than {MAX_PHOTOGRAPH_DIGITS} pieces of ink: photograph the digits and their paper alone."
)

PAPER_WINDOW = 51  # pixels, at a quarter of the picture's size: paper is the median of such a square
MIN_PAPER_BRIGHTNESS = 48  # of 255: darker paper counts as this bright, or noise in the dark would look like ink
# The contrast of ink is scaled to about 128. A pixel is ink if it exceeds the mean of its window by this offset.
INK_WINDOW, INK_OFFSET = 151, 40
MIN_INK_SHARE = 0.002  # of the picture
MIN_INK_CONTRAST = 0.12  # of the paper's brightness
MIN_LINE_WIDTH = 0.5  # of the pen's: thinner lines belong to the paper
MIN_PIECE_LENGTH = 0.12  # of the longest piece
MIN_PIECE_CONTRAST = 0.6  # of the strongest piece
MIN_DIGIT_HEIGHT = 0.35  # of the tallest digit
MAX_GAP = 0.4  # of the height, between pieces of a digit that lie above each other

Mask = npt.NDArray[np.bool_]


def find_digits(data: bytes) -> Photograph:
    """Find the digits on a PNG, JPEG or WebP picture. Raises PhotographError."""
    picture = decode(data)
    contrast = contrast_with_paper(picture)
    groups = group_pieces(find_pieces(contrast))
    if not groups:
        raise PhotographError(NO_INK)
    if len(groups) > MAX_PHOTOGRAPH_DIGITS:
        raise PhotographError(TOO_MANY)
    ink = np.logical_or.reduce([group.mask for group in groups])
    return Photograph(picture, ink, [digit_from_ink(group, contrast) for group in groups])


def decode(data: bytes) -> Bytes:
    """Return the picture, upright and small, grey where it is transparent: uint8 [h, w, 3].

    Its size is checked before it is decoded. Raises PhotographError.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as file:
            width, height = file.size
            if width * height > MAX_PHOTOGRAPH_PIXELS:
                raise PhotographError(
                    f"This picture has {width * height / 1e6:.1f} megapixels, and "
                    f"{MAX_PHOTOGRAPH_PIXELS / 1e6:.0f} can be read: "
                    "choose a smaller size in the camera's settings, or cut out the digits."
                )
            file.draft("RGB", (MAX_SIDE, MAX_SIDE))  # a JPEG can be decoded at half or a quarter of its size
            image: Image.Image = file
            if file.mode.startswith("I"):  # 16-bit grey, which Pillow would cut off at 255
                image = file.point(lambda level: level / 256).convert("L")
            image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.BOX)
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except PhotographError:
        raise
    except Exception as error:  # Pillow raises a dozen kinds for damaged files
        raise PhotographError(
            "This file is not a picture that can be read: choose a PNG, JPEG or WebP picture."
        ) from error
    paper = Image.new("RGBA", upright.size, "grey")  # black ink and white ink both stand out from it
    return np.asarray(Image.alpha_composite(paper, upright).convert("RGB"))


def contrast_with_paper(picture: Bytes) -> Floats:
    """Return how far each pixel is from the paper around it, as a share of the paper's brightness: float32 [h, w].

    Paper is what most of a wide neighbourhood shows, so shadows and coloured paper count as paper. Ink may be darker or
    lighter, and of any colour: it counts in the channel where it differs most.
    """
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA)
    paper = cv2.resize(cv2.medianBlur(small, PAPER_WINDOW), (width, height)).astype(np.float32)
    difference = np.abs(cv2.GaussianBlur(picture, (3, 3), 0) - paper) / np.maximum(paper, MIN_PAPER_BRIGHTNESS)
    contrast: Floats = difference.max(axis=2)
    return contrast


def find_pieces(contrast: Floats) -> list[Mask]:
    """Return the connected pieces of ink, bool [h, w] each, without specks and the paper's lines."""
    scaled = np.clip(contrast / ink_level(contrast) * 128, 0, 255).astype(np.uint8)
    mask = cv2.adaptiveThreshold(scaled, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, INK_WINDOW, -INK_OFFSET)
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(without_thin_lines(mask), connectivity=8)
    if count == 1:
        raise PhotographError(NO_INK)
    sides = statistics[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    sums = np.bincount(labels.reshape(-1), contrast.reshape(-1), count)[1:]
    strengths = sums / statistics[1:, cv2.CC_STAT_AREA]
    large = sides >= MIN_PIECE_LENGTH * sides.max()
    kept = 1 + np.flatnonzero(large & (strengths >= MIN_PIECE_CONTRAST * strengths[large].max()))
    if len(kept) > MAX_PIECES:
        raise PhotographError(TOO_MANY)
    return [labels == i for i in kept]


def ink_level(contrast: Floats) -> float:
    """Return the contrast of the ink, which is that of the strongest pixels. Raises PhotographError if it is noise."""
    level = float(np.quantile(contrast, 1 - MIN_INK_SHARE))
    if level < MIN_INK_CONTRAST:
        raise PhotographError(NO_INK)
    return level


def without_thin_lines(mask: Bytes) -> Bytes:
    """Return the mask without lines much thinner than the pen, such as those printed on the paper."""
    half_widths = cv2.distanceTransform(mask, cv2.DIST_L2, 3)
    pen = float(np.quantile(half_widths[mask > 0], 0.95)) if mask.any() else 0
    radius = int(MIN_LINE_WIDTH * pen)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel).astype(np.uint8)


class Group(NamedTuple):
    """The pieces of ink that make one digit."""

    mask: Mask  # [h, w]
    box: Box


def group_pieces(pieces: list[Mask]) -> list[Group]:
    """Group pieces that belong to one digit, row by row, from left to right."""
    groups: list[Group] = []
    for piece in sorted(pieces, key=lambda piece: float(piece.any(axis=0).argmax())):
        group = Group(piece, box_of(piece))
        apart = [other for other in groups if not belong_together(group.box, other.box)]
        for other in groups:
            if belong_together(group.box, other.box):
                group = Group(group.mask | other.mask, box_of(group.mask | other.mask))
        groups = [*apart, group]
    tallest = max((group.box.height for group in groups), default=0)
    return sort_by_rows([group for group in groups if group.box.height >= MIN_DIGIT_HEIGHT * tallest])


def box_of(mask: Mask) -> Box:
    """Return the smallest box that holds the ink."""
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    return Box(float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))


def belong_together(one: Box, other: Box) -> bool:
    """Return whether two boxes overlap along x and are not far above each other."""
    gap = max(one.top, other.top) - min(one.bottom, other.bottom)
    height = max(one.height, other.height)
    return min(one.right, other.right) > max(one.left, other.left) and gap < MAX_GAP * height


def sort_by_rows(groups: list[Group]) -> list[Group]:
    """Sort from the top row to the bottom one, each row from left to right."""
    rows: list[list[Group]] = []
    for group in sorted(groups, key=lambda group: group.box.top):
        middle = (group.box.top + group.box.bottom) / 2
        row = next((row for row in rows if row[0].box.top <= middle <= row[0].box.bottom), None)
        if row is None:
            rows.append([group])
        else:
            row.append(group)
    return [group for row in rows for group in sorted(row, key=lambda group: group.box.left)]


def digit_from_ink(group: Group, contrast: Floats) -> Digit:
    """Return a digit by MNIST's recipe, from the contrast of its ink."""
    near = cv2.dilate(group.mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    ink = np.where(near, contrast, 0)
    levels = np.clip(ink / np.quantile(ink[group.mask], 0.8) * 255, 0, 255).astype(np.uint8)
    steps = steps_from_ink(Image.fromarray(levels))
    assert steps is not None, "a group has ink"
    return Digit(group.box, steps.centred)


def warm_up() -> None:
    """Read small pictures, so that everything imported at first use is there before the sandbox closes all files."""
    cv2.setNumThreads(1)
    picture = Image.new("RGB", (64, 64), "white")
    picture.paste("black", (28, 12, 36, 52))
    for name in FORMATS:
        file = io.BytesIO()
        picture.save(file, name)
        pack_answer(find_digits(file.getvalue()))


if __name__ == "__main__":
    warm_up()
    sys.exit(sandbox.serve(PHOTOGRAPH, lambda data: pack_answer(find_digits(data))))
