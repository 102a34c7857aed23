"""Strokes of a pen, which come from browsers and files and so may come from anybody.

Everything is hostile until it has passed here. Only freehand strokes of finite numbers get through, and no more of them
than a hand draws.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate, pairwise, repeat
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

CANVAS_SIDE = 280  # the canvas' side in pixels, and the unit of every stroke's coordinates
DECIMALS = 2  # of a coordinate: on a small screen the canvas sends fifteen, which take twice the room

# Honest browsers stay far below these limits.
MAX_COORDINATE = 4 * CANVAS_SIDE
MAX_MOVES = 7_000  # of the pen: almost two minutes without lifting it
MAX_SAVED_CHARACTERS = 350_000  # MAX_MOVES of the longest moves
MAX_LISTS = 1 + 2 * MAX_MOVES  # in JSON: one for all strokes, two for each stroke, one for each move
MAX_REASON_CHARACTERS = 200  # in the log, because the reason may quote what was sent

# How many numbers follow each letter of a freehand path: move, line, quadratic curve.
PATH_NUMBERS = {"M": 2, "L": 2, "Q": 4}

Move = tuple[str | float, ...]
Numbers = npt.NDArray[np.float64]


class Stroke(NamedTuple):
    """One line that the pen drew without being lifted."""

    width: float  # of the pen, in canvas pixels
    path: tuple[Move, ...]  # ("M", x, y), ("Q", x1, y1, x, y), ("L", x, y) in canvas pixels


class DrawingError(Exception):
    """A browser or a file holds what no honest one does."""


@contextmanager
def as_drawing_error() -> Iterator[None]:
    """Turn any exception that a hostile value causes into a DrawingError, short enough for a log."""
    try:
        yield
    except Exception as error:
        raise DrawingError(f"{type(error).__name__}: {error}"[:MAX_REASON_CHARACTERS]) from None


def parse_saved_strokes(text: Any) -> tuple[Stroke, ...]:
    """Return the strokes that a browser's tab or a gallery saved as JSON. Raises DrawingError."""
    with as_drawing_error():
        if len(text) > MAX_SAVED_CHARACTERS:
            raise ValueError("too long")
        if "{" in text or text.count("[") > MAX_LISTS:  # a quarter of a million take a quarter of a second
            raise ValueError("too many parts")
        return parse_strokes(json.loads(text))


def parse_strokes(strokes: list[Any]) -> tuple[Stroke, ...]:
    """Return strokes from pairs of width and path. Raises any exception for anything else."""
    check_move_count(strokes)
    moves = [move for _, path in strokes for move in path]
    if [len(move) - 1 for move in moves] != [PATH_NUMBERS[move[0]] for move in moves]:
        raise ValueError("a move of the pen with too few or too many numbers")
    widths = parse_coordinates([width for width, _ in strokes])
    numbers = parse_coordinates([number for move in moves for number in move[1:]])
    letters = "".join([move[0] for move in moves]).encode()
    return make_strokes(widths, [len(path) for _, path in strokes], letters, numbers)


def make_strokes(widths: Numbers, lengths: Sequence[int], letters: bytes, numbers: Numbers) -> tuple[Stroke, ...]:
    """Return strokes of these widths. lengths: the moves in each; letters, numbers: of all moves, in their order.

    Raises ValueError if they do not fit each other.
    """
    moves = make_moves(letters, numbers)
    ends = [0, *accumulate(lengths)]
    if ends[-1] != len(moves):
        raise ValueError("strokes with too few or too many moves")
    paths = [tuple(moves[start:end]) for start, end in pairwise(ends)]
    return tuple(map(Stroke._make, zip(widths.tolist(), paths, strict=True)))


def make_moves(letters: bytes, numbers: Numbers) -> list[Move]:
    """Return moves of the pen. All moves with one letter are made at once, which takes a fifth of the time."""
    kinds = np.frombuffer(letters, np.uint8)
    counts = np.zeros(256, int)
    counts[[ord(letter) for letter in PATH_NUMBERS]] = list(PATH_NUMBERS.values())
    ends = counts[kinds].cumsum()
    if not counts[kinds].all() or sum(ends[-1:]) != len(numbers):
        raise ValueError("moves of the pen with too few or too many numbers")
    moves: list[Move] = [()] * len(letters)
    for letter, count in PATH_NUMBERS.items():
        places = np.flatnonzero(kinds == ord(letter))
        columns = [numbers[ends[places] - count + i].tolist() for i in range(count)]
        for place, move in zip(places.tolist(), zip(repeat(letter), *columns), strict=False):
            moves[place] = move
    return moves


def check_move_count(strokes: Iterable[Any]) -> None:
    """Raise DrawingError if pairs of width and path hold more moves than an honest hand draws."""
    if sum(1 + len(path) for _, path in strokes) > MAX_MOVES:
        raise DrawingError("too many moves of the pen")


def parse_coordinates(numbers: list[Any]) -> Numbers:
    """Return coordinates, rounded to DECIMALS. Raises ValueError for anything but numbers near the canvas.

    They are checked all at once, because one by one takes ten times as long.
    """
    if not {int, float}.issuperset(map(type, numbers)):  # isinstance would take True for an int
        raise ValueError("a coordinate that is not a number")
    exact = np.array(numbers, np.float64)
    check_coordinates(exact)
    return np.round(exact, DECIMALS)


def check_coordinates(numbers: Numbers) -> None:
    """Raise ValueError unless all of them are numbers near the canvas."""
    if numbers.dtype != np.float64 or numbers.ndim != 1 or not (np.abs(numbers) <= MAX_COORDINATE).all():
        raise ValueError("a number far off the canvas")
