"""Photographs of digits on paper, which may come from anybody.

A child process (model/files/sandbox.py) decodes and searches them (model/files/photograph_ink.py); the server only
takes arrays from it.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model.files import sandbox
from model.files.limits import MAX_PHOTOGRAPH_BYTES, MAX_PHOTOGRAPH_DIGITS
from model.multi_digit import Box, Digit
from model.preprocessing import SIDE

MAX_SIDE = 800  # pixels of the longer side: the photograph is looked at, and shown, no larger
Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


class Photograph(NamedTuple):
    """What was found on a photograph."""

    picture: Bytes  # [h, w, 3], upright, its longer side MAX_SIDE pixels or less
    ink: Mask  # [h, w], what belongs to a digit
    digits: list[Digit]  # row by row, from left to right; boxes in pixels of the picture


class PhotographError(Exception):
    """No digit can be read off; the message is one sentence for the visitor: what happened, and what to do."""


def read_photograph(data: bytes) -> Photograph:
    """Find the digits on a PNG, JPEG or WebP picture. Raises PhotographError."""
    return sandbox.read(PHOTOGRAPH, data)


def pack_answer(photograph: Photograph) -> bytes:
    """The answer of the child."""
    boxes = np.array([digit.box for digit in photograph.digits], np.float64)
    digits = np.stack([digit.picture for digit in photograph.digits])
    return sandbox.pack(None, photograph.picture, photograph.ink, boxes, digits)


def unpack_answer(answer: bytes) -> Photograph:
    """What `pack_answer` wrote. Raises one exception or another for anything else."""
    _, (picture, ink, boxes, digits) = sandbox.unpack(answer)
    count = len(boxes)
    shapes = [(*ink.shape, 3), (count, 4), (count, SIDE, SIDE)]
    if (
        [picture.shape, boxes.shape, digits.shape] != shapes
        or [picture.dtype, ink.dtype, boxes.dtype, digits.dtype] != [np.uint8, np.bool_, np.float64, np.uint8]
        or not 1 <= count <= MAX_PHOTOGRAPH_DIGITS
        or not 1 <= max(ink.shape) <= MAX_SIDE
        or not np.isfinite(boxes).all()
    ):
        raise ValueError("The child's answer is not a photograph.")
    return Photograph(
        picture, ink, [Digit(Box(*box), digit.copy()) for box, digit in zip(boxes.tolist(), digits, strict=True)]
    )


PHOTOGRAPH = sandbox.FileKind(
    module="model.files.photograph_ink",
    largest=MAX_PHOTOGRAPH_BYTES,
    largest_answer=4 * 2**20,
    unpack=unpack_answer,
    refusal=PhotographError,
    name="picture",
    choose="choose a PNG, JPEG or WebP picture",
    smaller="choose a smaller size of picture",
    again="save it again in a smaller size",
)
