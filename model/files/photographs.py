"""Photographs of digits on paper, which may come from anybody.

A child process (model/files/sandbox.py) decodes and searches them (model/files/photograph_ink.py). The server takes
nothing but arrays from it.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model.digit_check import load_digit_check
from model.files import sandbox
from model.files.limits import MAX_PHOTOGRAPH_BYTES, MAX_PHOTOGRAPH_DIGITS
from model.mnist import as_vectors
from model.multi_digit import Box, Digit, number_text
from model.network import Network
from model.preprocessing import SIDE, Bytes

MAX_SIDE = 800  # pixels of the longer side at which a photograph is searched and shown
Mask = npt.NDArray[np.bool_]


class Photograph(NamedTuple):
    """A photograph and the digits on it."""

    picture: Bytes  # [h, w, 3], upright, its longer side MAX_SIDE pixels or less
    ink: Mask  # [h, w], the pixels that belong to a digit
    digits: list[Digit]  # row by row, from left to right; boxes in pixels of the picture

    def text(self, network: Network) -> str:
        """Return what the network reads: a character for each digit, "?" for two that seem to touch."""
        x = as_vectors(np.stack([digit.picture for digit in self.digits]))
        return number_text(self.digits, network.predict(x), load_digit_check().score(x))


class PhotographError(Exception):
    """No digit can be read. The message tells the visitor in one sentence what happened and what to do."""


def read_photograph(data: bytes) -> Photograph:
    """Find the digits on a PNG, JPEG or WebP picture. Raises PhotographError."""
    return sandbox.read(PHOTOGRAPH, data)


def pack_answer(photograph: Photograph) -> bytes:
    """Return the child's answer: the picture, the ink, and the digits' boxes and pictures."""
    boxes = np.array([digit.box for digit in photograph.digits], np.float64)
    digits = np.stack([digit.picture for digit in photograph.digits])
    return sandbox.pack(None, photograph.picture, photograph.ink, boxes, digits)


def unpack_answer(answer: bytes) -> Photograph:
    """Return the photograph that `pack_answer` wrote. Raises any exception for anything else."""
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
    max_bytes=MAX_PHOTOGRAPH_BYTES,
    max_answer_bytes=4 * 2**20,
    unpack_answer=unpack_answer,
    error=PhotographError,
    name="picture",
    if_empty="choose a PNG, JPEG or WebP picture",
    if_too_large="choose a smaller size of picture",
    if_unreadable="save it again in a smaller size",
)
