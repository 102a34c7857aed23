"""Photographs of digits on paper, which may come from anybody.

A child process (model/child.py) decodes and searches them (model/paper.py); the server only takes arrays from it.
"""

import io
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model import child
from model.mnist_format import SIDE
from model.whole_number import Box, Digit

LARGEST_PHOTOGRAPH = 20 * 2**20  # bytes
MOST_PIXELS = 10_000_000
LARGEST_ANSWER = 4 * 2**20  # bytes
SHOWN = 800  # pixels of the longer side: the photograph is looked at, and shown, no larger
MOST_DIGITS = 30
Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


class Photograph(NamedTuple):
    """What was found on a photograph."""

    picture: Bytes  # [h, w, 3], upright, its longer side SHOWN pixels or less
    ink: Mask  # [h, w], what belongs to a digit
    digits: list[Digit]  # row by row, from left to right; boxes in pixels of the picture


class PhotographError(Exception):
    """No digit can be read off; the message is one sentence for the visitor: what happened, and what to do."""


def read_photograph(data: bytes) -> Photograph:
    """Find the digits on a PNG, JPEG or WebP picture. Raises PhotographError."""
    if not data:
        raise PhotographError("This file is empty: choose a PNG, JPEG or WebP picture.")
    if len(data) > LARGEST_PHOTOGRAPH:
        raise PhotographError(
            f"This file is larger than {LARGEST_PHOTOGRAPH // 2**20} MB: choose a smaller size of picture."
        )
    try:
        exit_code, answer = child.ask("model.paper", data, LARGEST_ANSWER)
    except TimeoutError as error:
        raise PhotographError(
            f"Reading this picture took longer than {child.SECONDS:.0f} seconds and was stopped: choose a smaller one."
        ) from error
    except OSError as error:  # no memory for another process, say
        raise PhotographError("The server has no room to read this picture now: try again in a minute.") from error
    if exit_code == child.REFUSED:
        raise PhotographError(answer[:1000].decode(errors="replace"))
    try:
        if exit_code != 0 or len(answer) > LARGEST_ANSWER:
            raise ValueError(f"The child's exit code is {exit_code}, and its answer has {len(answer)} bytes.")
        return unpacked(answer)
    except Exception as error:  # what NumPy and zipfile raise for an answer that no honest child gives
        raise PhotographError("This picture is damaged, so that its reader broke off: save it again.") from error


def packed(photograph: Photograph) -> bytes:
    """The answer of the child: arrays alone."""
    file = io.BytesIO()
    np.savez(
        file,
        picture=photograph.picture,
        ink=photograph.ink,
        boxes=np.array([digit.box for digit in photograph.digits], np.float64),
        digits=np.stack([digit.picture for digit in photograph.digits]),
    )
    return file.getvalue()


def unpacked(answer: bytes) -> Photograph:
    """What `packed` wrote. Raises one exception or another for anything else."""
    with np.load(io.BytesIO(answer), allow_pickle=False) as arrays:
        picture, ink, boxes, digits = (arrays[name] for name in ("picture", "ink", "boxes", "digits"))
    count = len(boxes)
    shapes = [(*ink.shape, 3), (count, 4), (count, SIDE, SIDE)]
    if (
        [picture.shape, boxes.shape, digits.shape] != shapes
        or [picture.dtype, ink.dtype, boxes.dtype, digits.dtype] != [np.uint8, np.bool_, np.float64, np.uint8]
        or not 1 <= count <= MOST_DIGITS
        or not 1 <= max(ink.shape) <= SHOWN
        or not np.isfinite(boxes).all()
    ):
        raise ValueError("The child's answer is not a photograph.")
    return Photograph(
        picture, ink, [Digit(Box(*box), digit) for box, digit in zip(boxes.tolist(), digits, strict=True)]
    )
