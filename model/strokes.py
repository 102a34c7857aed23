"""Strokes of a pen, which come from browsers and files and so may come from anybody.

Everything is hostile until it has passed here: only freehand strokes of finite numbers get through, and no more of them
than a hand draws.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

CANVAS = 280  # the canvas' side in pixels, and the unit of every stroke's coordinates
PLACES = 2  # decimals of a coordinate: on a small screen the canvas sends fifteen, which takes twice the room

# What honest browsers stay far below.
LARGEST = 4 * CANVAS  # a coordinate
LONGEST_KEPT = 1_000_000  # characters: MOST_COMMANDS of the longest ones
LONGEST_REASON = 200  # characters of what the log says of it: it may quote what was sent
MOST_COMMANDS = 20_000  # one for each move of the pen: five minutes without lifting it
MOST_LISTS = 1 + 2 * MOST_COMMANDS  # one for all strokes, two for each, one for each move

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
        if "{" in text or text.count("[") > MOST_LISTS:  # a quarter of a million of them take a quarter of a second
            raise ValueError("too many parts")
        return read_strokes(json.loads(text))


def read_strokes(strokes: list[Any]) -> tuple[Stroke, ...]:
    """Pairs of width and path. Raises one exception or another for anything else."""
    check_length(strokes)
    commands = [command for _, path in strokes for command in path]
    letters = [command[0] for command in commands]
    if [len(command) - 1 for command in commands] != [PATH_NUMBERS[letter] for letter in letters]:
        raise ValueError("a move of the pen with too few or too many numbers")
    widths = coordinates([width for width, _ in strokes])
    numbers = coordinates([number for command in commands for number in command[1:]])
    return make_strokes(widths, [len(path) for _, path in strokes], letters, numbers)


def make_strokes(
    widths: Sequence[float], lengths: Sequence[int], letters: Sequence[str], numbers: Sequence[float]
) -> tuple[Stroke, ...]:
    """Strokes of these widths. lengths: moves in each; letters: of all moves; numbers: of all moves, in their order."""
    following = iter(numbers)
    moves: Iterator[Command] = iter([(letter, *islice(following, PATH_NUMBERS[letter])) for letter in letters])
    return tuple(Stroke(width, tuple(islice(moves, length))) for width, length in zip(widths, lengths, strict=True))


def check_length(strokes: Iterable[Any]) -> None:
    """Raise DrawingError where pairs of width and path hold more than an honest hand draws."""
    if sum(1 + len(path) for _, path in strokes) > MOST_COMMANDS:
        raise DrawingError("too many moves of the pen")


def coordinates(numbers: list[Any]) -> list[float]:
    """Numbers of the size that a canvas deals in, and as exact as anybody can see.

    They are checked all at once, because one by one takes ten times as long. Raises ValueError for anything else.
    """
    if not {int, float}.issuperset(map(type, numbers)):  # True is an int, too, but of another type
        raise ValueError("a coordinate that is no number")
    exact = np.array(numbers, np.float64)
    if not (np.abs(exact) <= LARGEST).all():
        raise ValueError("a number that is off the canvas")
    rounded: list[float] = np.round(exact, PLACES).tolist()
    return rounded
