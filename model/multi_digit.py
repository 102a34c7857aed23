"""Cuts a whole number into its digits: strokes that overlap along x, or nearly do, belong to one digit."""

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import ImageChops

from model.augmentation import DIGIT_SIDE, SHEET_SIDE
from model.network import Floats
from model.pen_digits import Points, draw_ink, middle_and_span
from model.preprocessing import steps_from_ink

# Strokes with a smaller gap, as a share of the number's height, still belong together: the bar of a 5 may start a
# little to the right of its stem. Of 8,423 digits that people wrote, 14 have a wider gap.
MAX_GAP = 0.10
# A lower group, as a share of the number's height, is no digit of its own but, say, a bar that is off its 5.
MIN_DIGIT_HEIGHT = 0.25
# 0.8% of single digits by writers whom no network has seen are wider than this share of their height and have a lower
# score than this, and so are 83% of pairs of them that touch or overlap.
MIN_PAIR_WIDTH, MAX_PAIR_SCORE = 0.8, 0.5

UNREAD = "?"  # stands for digits that touch each other


class Box(NamedTuple):
    """A rectangle in pixels; right and bottom are just outside."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Return the width in pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Return the height in pixels."""
        return self.bottom - self.top


class Digit(NamedTuple):
    """One digit of a picture."""

    box: Box  # in the picture's pixels
    picture: npt.NDArray[np.uint8]  # [28, 28], prepared by MNIST's recipe

    def looks_like_two_digits(self, score: float) -> bool:
        """Return whether these are probably two digits that touch: wide, and not much like one digit.

        score: how much the picture looks like a digit, 0 to 1.
        """
        return score < MAX_PAIR_SCORE and self.box.width > MIN_PAIR_WIDTH * self.box.height


def number_text(digits: Sequence[Digit], probabilities: Floats, scores: Floats) -> str:
    """Return what is read in a number: a character for each digit, UNREAD for two that seem to touch.

    probabilities: a network's, float32 [digits, 10]; scores: how much each looks like a digit, float32 [digits].
    """
    answers = zip(digits, scores, probabilities.argmax(axis=1), strict=True)
    return "".join(UNREAD if digit.looks_like_two_digits(score) else str(answer) for digit, score, answer in answers)


class Line(NamedTuple):
    """One line that a pen drew without being lifted."""

    points: Points  # [points, 2]: x and y, in pixels
    pen: float  # its width in pixels, 1 or more


def segment_digits(lines: list[Line]) -> list[Digit]:
    """Return the digits of a number, from left to right. lines: of the whole number."""
    if not lines:
        return []
    height = height_of(lines)
    groups = group_along_x(lines, MAX_GAP * height)
    while len(groups) > 1 and height_of(lowest := min(groups, key=height_of)) < MIN_DIGIT_HEIGHT * height:
        join_nearest_group(groups, lowest)
    return [digit_from_lines(group) for group in groups]


def height_of(lines: list[Line]) -> float:
    """Return how many pixels the lines reach from top to bottom."""
    return float(middle_and_span([line.points for line in lines])[1][1])


def group_along_x(lines: list[Line], max_gap: float) -> list[list[Line]]:
    """Group lines that overlap along x or are at most so many pixels apart, from left to right."""
    groups: list[list[Line]] = []
    reach = -np.inf
    for line in sorted(lines, key=lambda line: float(line.points[:, 0].min())):
        if line.points[:, 0].min() > reach + max_gap:
            groups.append([])
        groups[-1].append(line)
        reach = max(reach, line.points[:, 0].max())
    return groups


def join_nearest_group(groups: list[list[Line]], group: list[Line]) -> None:
    """Merge one of the groups, which come from left to right, into the nearer of its neighbours, in place."""
    place = next(i for i, other in enumerate(groups) if other is group)
    beside = groups[max(place - 1, 0) : place] + groups[place + 1 : place + 2]
    nearest = min(beside, key=lambda other: gap_along_x(group, other))
    nearest.extend(groups.pop(place))


def gap_along_x(one: list[Line], other: list[Line]) -> float:
    """Return how many pixels lie between two groups along x."""
    (left, right), (other_left, other_right) = (
        (min(line.points[:, 0].min() for line in group), max(line.points[:, 0].max() for line in group))
        for group in (one, other)
    )
    return float(max(left, other_left) - min(right, other_right))


def digit_from_lines(lines: list[Line]) -> Digit:
    """Return where the lines of one digit are, and the picture of them for a network."""
    lowest = np.min([line.points.min(axis=0) - line.pen / 2 for line in lines], axis=0)
    highest = np.max([line.points.max(axis=0) + line.pen / 2 for line in lines], axis=0)
    scale = DIGIT_SIDE / max(highest - lowest)
    middle = (lowest + highest) / 2
    inks = (
        draw_ink([(line.points - middle) * scale + SHEET_SIDE / 2], max(1, line.pen * scale), SHEET_SIDE)
        for line in lines
    )
    steps = steps_from_ink(reduce(ImageChops.lighter, inks))
    assert steps is not None, "every point leaves ink"
    return Digit(Box(*lowest.tolist(), *highest.tolist()), steps.centred)
