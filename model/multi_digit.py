"""A whole number is cut into its digits: strokes that overlap along x, or nearly do, belong to one digit."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import ImageChops

from model.augmentation import DRAWN, PAPER
from model.pen_digits import Points, draw_ink, middle_and_span
from model.preprocessing import steps_from_ink

# Strokes closer than this, as a share of the number's height, still belong together: the bar of a 5 that starts a
# little to the right of its stem. Of 8,423 digits that people wrote, 14 have a wider gap.
CLOSE = 0.10
# What is flatter than this, as a share of the number's height, is no digit of its own: a bar that is off its 5.
FLAT = 0.25
# Wider than this share of its height, and less like a digit than this, are 0.8% of single digits by writers whom no
# network has seen, and 83% of pairs of them that touch or overlap.
WIDE, LIKELY = 0.8, 0.5


class Box(NamedTuple):
    """A rectangle in pixels; right and bottom are just outside."""

    left: float
    top: float
    right: float
    bottom: float


class Digit(NamedTuple):
    """One digit of a picture."""

    box: Box  # in the picture's pixels
    picture: npt.NDArray[np.uint8]  # [28, 28], prepared by MNIST's recipe

    def looks_like_two_digits(self, score: float) -> bool:
        """Whether this is more likely two digits that touch: it does not look much like one, and there is room for two.

        score: how much it looks like a digit, 0 to 1.
        """
        return score < LIKELY and self.box.right - self.box.left > WIDE * (self.box.bottom - self.box.top)


class Line(NamedTuple):
    """What a pen drew without being lifted."""

    points: Points  # [points, 2]: x and y, in pixels
    pen: float  # its width, 1 or more


def segment_digits(lines: list[Line]) -> list[Digit]:
    """The digits that the lines of a number make, from left to right."""
    if not lines:
        return []
    height = height_of(lines)
    groups = groups_along_x(lines, CLOSE * height)
    while len(groups) > 1 and height_of(lowest := min(groups, key=height_of)) < FLAT * height:
        join_to_nearest(groups, lowest)
    return [as_digit(group) for group in groups]


def height_of(lines: list[Line]) -> float:
    """How many pixels lines reach from top to bottom."""
    return float(middle_and_span([line.points for line in lines])[1][1])


def groups_along_x(lines: list[Line], close: float) -> list[list[Line]]:
    """Lines that overlap along x or are closer than so many pixels, from left to right."""
    groups: list[list[Line]] = []
    reach = -np.inf
    for line in sorted(lines, key=lambda line: float(line.points[:, 0].min())):
        if line.points[:, 0].min() > reach + close:
            groups.append([])
        groups[-1].append(line)
        reach = max(reach, line.points[:, 0].max())
    return groups


def join_to_nearest(groups: list[list[Line]], group: list[Line]) -> None:
    """Let a group join the one beside it that is nearer; groups: from left to right."""
    place = next(i for i, other in enumerate(groups) if other is group)
    beside = groups[max(place - 1, 0) : place] + groups[place + 1 : place + 2]
    nearest = min(beside, key=lambda other: gap_along_x(group, other))
    nearest.extend(groups.pop(place))


def gap_along_x(one: list[Line], other: list[Line]) -> float:
    """How many pixels lie between two groups along x."""
    (left, right), (other_left, other_right) = (
        (min(line.points[:, 0].min() for line in group), max(line.points[:, 0].max() for line in group))
        for group in (one, other)
    )
    return float(max(left, other_left) - min(right, other_right))


def as_digit(lines: list[Line]) -> Digit:
    """What the lines of one digit look like to a network, and where they are."""
    lowest = np.min([line.points.min(axis=0) - line.pen / 2 for line in lines], axis=0)
    highest = np.max([line.points.max(axis=0) + line.pen / 2 for line in lines], axis=0)
    scale = DRAWN / max(highest - lowest)
    middle = (lowest + highest) / 2
    picture = None
    for line in lines:
        ink = draw_ink([(line.points - middle) * scale + PAPER / 2], max(1, line.pen * scale), PAPER)
        picture = ink if picture is None else ImageChops.lighter(picture, ink)
    assert picture is not None
    steps = steps_from_ink(picture)
    assert steps is not None, "every point leaves ink"
    return Digit(Box(*lowest.tolist(), *highest.tolist()), steps.centred)
