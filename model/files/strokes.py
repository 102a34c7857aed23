"""Strokes of a pen, which come from browsers and files and so may come from anybody.

Everything is hostile until it has passed here: only freehand strokes of finite numbers get through, and no more of them
than a hand draws.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate, pairwise, repeat
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

CANVAS = 280  # the canvas' side in pixels, and the unit of every stroke's coordinates
DECIMALS = 2  # decimals of a coordinate: on a small screen the canvas sends fifteen, which takes twice the room

# What honest browsers stay far below.
MAX_COORDINATE = 4 * CANVAS  # a coordinate
MAX_SAVED_CHARACTERS = 350_000  # characters: MAX_MOVES of the longest ones
MAX_REASON_CHARACTERS = 200  # characters of what the log says of it: it may quote what was sent
MAX_MOVES = 7_000  # one for each move of the pen: almost two minutes without lifting it
MAX_LISTS = 1 + 2 * MAX_MOVES  # one for all strokes, two for each, one for each move

# How many numbers follow each of the letters that a freehand path is made of: move, line, quadratic curve.
PATH_NUMBERS = {"M": 2, "L": 2, "Q": 4}

Move = tuple[str | float, ...]
Numbers = npt.NDArray[np.float64]


class Stroke(NamedTuple):
    """One line that the pen drew without being lifted."""

    width: float  # of the pen, in canvas pixels
    path: tuple[Move, ...]  # ("M", x, y), ("Q", x1, y1, x, y), ("L", x, y) in canvas pixels


class DrawingError(Exception):
    """A browser sent what no honest one sends."""


@contextmanager
def as_drawing_error() -> Iterator[None]:
    """Turn whatever a hostile value makes the code within raise into a DrawingError, short enough for a log."""
    try:
        yield
    except Exception as error:
        raise DrawingError(f"{type(error).__name__}: {error}"[:MAX_REASON_CHARACTERS]) from None


def parse_saved_strokes(text: Any) -> tuple[Stroke, ...]:
    """What the browser's tab kept: strokes as JSON, the way `json.dumps` writes them. Raises DrawingError."""
    with as_drawing_error():
        if len(text) > MAX_SAVED_CHARACTERS:
            raise ValueError("too long")
        if "{" in text or text.count("[") > MAX_LISTS:  # a quarter of a million of them take a quarter of a second
            raise ValueError("too many parts")
        return parse_strokes(json.loads(text))


def parse_strokes(strokes: list[Any]) -> tuple[Stroke, ...]:
    """Pairs of width and path. Raises one exception or another for anything else."""
    check_move_count(strokes)
    commands = [command for _, path in strokes for command in path]
    if [len(command) - 1 for command in commands] != [PATH_NUMBERS[command[0]] for command in commands]:
        raise ValueError("a move of the pen with too few or too many numbers")
    widths = parse_coordinates([width for width, _ in strokes])
    numbers = parse_coordinates([number for command in commands for number in command[1:]])
    letters = "".join([command[0] for command in commands]).encode()
    return make_strokes(widths, [len(path) for _, path in strokes], letters, numbers)


def make_strokes(widths: Numbers, lengths: Sequence[int], letters: bytes, numbers: Numbers) -> tuple[Stroke, ...]:
    """Strokes of these widths. lengths: moves in each; letters: of all moves; numbers: of all moves, in their order.

    Raises ValueError where they do not fit each other.
    """
    commands = make_moves(letters, numbers)
    ends = [0, *accumulate(lengths)]
    if ends[-1] != len(commands):
        raise ValueError("strokes with too few or too many moves")
    paths = [tuple(commands[start:end]) for start, end in pairwise(ends)]
    return tuple(map(Stroke._make, zip(widths.tolist(), paths, strict=True)))


def make_moves(letters: bytes, numbers: Numbers) -> list[Move]:
    """Moves of the pen: all of a letter at once, which takes a fifth of the time that one after the other does."""
    kinds = np.frombuffer(letters, np.uint8)
    counts = np.zeros(256, int)
    counts[[ord(letter) for letter in PATH_NUMBERS]] = list(PATH_NUMBERS.values())
    ends = counts[kinds].cumsum()
    if not counts[kinds].all() or sum(ends[-1:]) != len(numbers):
        raise ValueError("moves of the pen with too few or too many numbers")
    commands: list[Move] = [()] * len(letters)
    for letter, count in PATH_NUMBERS.items():
        places = np.flatnonzero(kinds == ord(letter))
        columns = [numbers[ends[places] - count + i].tolist() for i in range(count)]
        for place, command in zip(places.tolist(), zip(repeat(letter), *columns), strict=False):
            commands[place] = command
    return commands


def check_move_count(strokes: Iterable[Any]) -> None:
    """Raise DrawingError where pairs of width and path hold more than an honest hand draws."""
    if sum(1 + len(path) for _, path in strokes) > MAX_MOVES:
        raise DrawingError("too many moves of the pen")


def parse_coordinates(numbers: list[Any]) -> Numbers:
    """Numbers of the size that a canvas deals in, and as exact as anybody can see. Raises ValueError for anything else.

    They are checked all at once, because one by one takes ten times as long.
    """
    if not {int, float}.issuperset(map(type, numbers)):  # True is an int, too, but of another type
        raise ValueError("a coordinate that is no number")
    exact = np.array(numbers, np.float64)
    check_coordinates(exact)
    return np.round(exact, DECIMALS)


def check_coordinates(numbers: Numbers) -> None:
    """Raise ValueError unless all of them are numbers of the size that a canvas deals in."""
    if numbers.dtype != np.float64 or numbers.ndim != 1 or not (np.abs(numbers) <= MAX_COORDINATE).all():
        raise ValueError("a number that is off the canvas")
