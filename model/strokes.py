"""Strokes of a pen, which come from browsers and files and so may come from anybody.

Everything is hostile until it has passed here: only freehand strokes of finite numbers get through, and no more of them
than a hand draws.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

CANVAS = 280  # the canvas' side in pixels, and the unit of every stroke's coordinates
PLACES = 2  # decimals of a coordinate: on a small screen the canvas sends fifteen, which takes twice the room

# What honest browsers stay far below.
LARGEST = 4 * CANVAS  # a coordinate, and the side of a picture
LONGEST_KEPT = 1_000_000  # characters: MOST_COMMANDS of the longest ones
LONGEST_REASON = 200  # characters of what the log says of it: it may quote what was sent
MOST_COMMANDS = 20_000  # one for each move of the pen: five minutes without lifting it

# How many numbers follow each of the letters that a freehand path is made of: move, line, quadratic curve.
PATH_NUMBERS = {"M": 2, "L": 2, "Q": 4}

Command = tuple[str | float, ...]


class Stroke(NamedTuple):
    """One line that the pen drew without being lifted."""

    width: float  # of the pen, in canvas pixels
    path: tuple[Command, ...]  # ("M", x, y), ("Q", x1, y1, x, y), ("L", x, y) in canvas pixels


class DrawingError(Exception):
    """A browser sent what no honest one sends."""


@contextmanager
def refusing() -> Iterator[None]:
    """Turn whatever a hostile value makes the code within raise into a DrawingError, short enough for a log."""
    try:
        yield
    except Exception as error:
        raise DrawingError(f"{type(error).__name__}: {error}"[:LONGEST_REASON]) from None


def read_kept(text: Any) -> tuple[Stroke, ...]:
    """What the browser's tab kept: strokes as JSON, the way `json.dumps` writes them. Raises DrawingError."""
    with refusing():
        if len(text) > LONGEST_KEPT:
            raise ValueError("too long")
        return read_strokes(json.loads(text))


def read_strokes(strokes: list[Any]) -> tuple[Stroke, ...]:
    """Pairs of width and path. Raises one exception or another for anything else."""
    check_length(strokes)
    return tuple(
        Stroke(coordinate(width), tuple([read_command(*command) for command in path])) for width, path in strokes
    )


def check_length(strokes: Iterable[Any]) -> None:
    """Raise DrawingError where pairs of width and path hold more than an honest hand draws."""
    if sum(1 + len(path) for _, path in strokes) > MOST_COMMANDS:
        raise DrawingError("too many moves of the pen")


def read_command(letter: Any, *numbers: Any) -> Command:
    """One move of the pen."""
    if len(numbers) != PATH_NUMBERS[letter]:
        raise ValueError(f"{letter} with {len(numbers)} numbers")
    return letter, *map(coordinate, numbers)


def coordinate(number: Any) -> float:
    """A number of the size that a canvas deals in, and as exact as anybody can see."""
    if isinstance(number, bool) or not isinstance(number, int | float) or not -LARGEST <= number <= LARGEST:
        raise ValueError("a number that is off the canvas")
    return round(number, PLACES)
