"""A gallery as a zip file: `drawings.csv`, and for each of its rows a picture of 28 by 28 pixels and the strokes.

The app packs it for its visitor. A file that a visitor brings back may come from anybody, so a child process
(model/files/sandbox.py), which runs this module too, unpacks it.
"""

import csv
import io
import itertools
import json
import re
import sys
import zipfile
from datetime import datetime
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from model.files import sandbox
from model.files.archive import open_zip
from model.files.limits import MAX_GALLERY_BYTES, MAX_GALLERY_ITEMS, MAX_GALLERY_MOVES
from model.files.png import strip_metadata
from model.files.strokes import (
    MAX_SAVED_CHARACTERS,
    DrawingError,
    Stroke,
    as_drawing_error,
    check_coordinates,
    make_strokes,
    parse_saved_strokes,
)
from model.preprocessing import SIDE

TABLE = "drawings.csv"
MAX_FILES = 2 * (1 + 2 * MAX_GALLERY_ITEMS)  # in the zip: some systems add one of their own for each
MAX_UNPACKED_BYTES = 4 * 2**20  # of all files: MAX_GALLERY_MOVES of the longest moves are 1.8 million characters
MAX_PNG_BYTES = 10_000
MAX_LINE_CHARACTERS = 1_000
DIGITS = [f"p{digit}" for digit in range(10)]
COLUMNS = ["drawing", "label", "network", "read", *DIGITS, "time"]
NETWORK_NAME = r"[A-Z][a-zA-Z0-9' ]{0,39}"  # a bundled network's name, “Mine 1”, “Uploaded 1”
ADVICE = "choose a zip file that “Download” below your gallery wrote"


class GalleryItem(NamedTuple):
    """A drawing, what a network read, and what was meant."""

    strokes: tuple[Stroke, ...]
    picture: npt.NDArray[np.uint8]  # [28, 28], what the network saw
    network: str  # the name that people see
    probabilities: npt.NDArray[np.float32]  # [10]
    truth: int  # the digit that was meant, 0 to 9
    time: str  # when the network answered: 2026-11-23T21:05:00+00:00

    @property
    def read(self) -> int:
        """Return the digit that the network read."""
        return int(self.probabilities.argmax())

    @property
    def moves(self) -> int:
        """Return how many moves of the pen made the drawing, including those that put it down."""
        return sum(1 + len(stroke.path) for stroke in self.strokes)


class GalleryError(Exception):
    """A file is not a gallery. The message tells the visitor in one sentence what happened and what to do."""


def pack(items: list[GalleryItem]) -> bytes:
    """Return the gallery as a zip file. Probabilities have nine digits, which tell each float32 from all others."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(COLUMNS)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for i, item in enumerate(items):
            probabilities = [f"{probability:.9g}" for probability in item.probabilities.tolist()]
            rows.writerow([f"{i:03}", item.truth, item.network, item.read, *probabilities, item.time])
            png = io.BytesIO()
            Image.fromarray(item.picture).save(png, "PNG")
            archive.writestr(f"{i:03}.png", png.getvalue())
            archive.writestr(f"{i:03}.json", json.dumps(item.strokes))
        archive.writestr(TABLE, table.getvalue())
    return file.getvalue()


def unpack(data: bytes) -> list[GalleryItem]:
    """Return the drawings that `pack` wrote. Raises DrawingError for anything else."""
    with as_drawing_error(), open_zip(data, MAX_FILES) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise ValueError("it unpacks to too much")
        items: list[GalleryItem] = []
        moves = 0
        for row in read_table(archive):
            items.append(read_row(archive, row))
            moves += items[-1].moves
            if moves > MAX_GALLERY_MOVES:
                raise ValueError("too many moves of the pen")
        if not items:
            raise ValueError("no drawings")
        return items


def read_table(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    """Return the rows of the table, one for each drawing. Raises any exception if the table is not one of `pack`."""
    # pandas would take a minute for a line of a hundred thousand commas.
    text = io.StringIO(read_file(archive, TABLE, MAX_UNPACKED_BYTES).decode("utf-8-sig"))
    lines = list(itertools.islice(text, 1 + MAX_GALLERY_ITEMS))
    if max(map(len, lines)) > MAX_LINE_CHARACTERS:
        raise ValueError("a line that is too long")
    table = csv.DictReader(lines)
    if table.fieldnames != COLUMNS:
        raise ValueError("other columns")
    rows = list(table)
    if len({row["drawing"] for row in rows}) < len(rows):
        raise ValueError("a drawing that occurs twice")
    return rows


def read_file(archive: zipfile.ZipFile, name: str, max_bytes: int) -> bytes:
    """Return a file of the archive. Raises KeyError if it is missing, ValueError if it unpacks to too much."""
    entry = archive.getinfo(name)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # the others unpack without a bound
        raise ValueError(f"{name} is packed in a way that `pack` does not use")
    if entry.file_size > max_bytes:
        raise ValueError(f"{name} is too large")
    return archive.read(entry)


def read_row(archive: zipfile.ZipFile, row: dict[str, str]) -> GalleryItem:
    """Return the drawing of a row. Raises any exception for anything else."""
    name = row["drawing"]
    strokes = parse_saved_strokes(read_file(archive, f"{name}.json", MAX_SAVED_CHARACTERS).decode())
    if not strokes:
        raise ValueError("no strokes")
    picture = read_thumbnail(read_file(archive, f"{name}.png", MAX_PNG_BYTES))
    probabilities = np.array([float(row[column]) for column in DIGITS], dtype=np.float32)
    item = GalleryItem(strokes, picture, row["network"], probabilities, int(row["label"]), read_time(row["time"]))
    check_item(item)
    return item


def read_time(text: str) -> str:
    """Return a time in the format of `GalleryItem.time`. Raises ValueError if it is not a time."""
    return datetime.fromisoformat(text).isoformat(timespec="seconds")


def check_item(item: GalleryItem) -> None:
    """Raise ValueError unless label, probabilities and network are what a visitor and a network could say."""
    probabilities = item.probabilities
    if item.truth not in range(10) or not (probabilities >= 0).all() or abs(probabilities.sum() - 1) > 0.01:
        raise ValueError("no label from 0 to 9, or no probabilities")
    if not re.fullmatch(NETWORK_NAME, item.network):
        raise ValueError("not the name of a network")


def read_thumbnail(png: bytes) -> npt.NDArray[np.uint8]:
    """Return a picture, uint8 [28, 28]. Its size is checked before it is decoded."""
    with Image.open(io.BytesIO(strip_metadata(png)), formats=["PNG"]) as picture:
        if picture.size != (SIDE, SIDE):
            raise ValueError(f"a picture of {picture.size[0]} by {picture.size[1]} pixels")
        return np.asarray(picture.convert("L"))


def read_gallery(data: bytes) -> list[GalleryItem]:
    """Read a gallery's zip file that a visitor brings back. Raises GalleryError for anything else."""
    return sandbox.read(GALLERY, data)


def pack_answer(data: bytes) -> bytes:
    """Return the child's answer: the drawings' networks, labels and times, and arrays of all the rest."""
    try:
        items = unpack(data)
    except DrawingError as error:
        raise GalleryError(f"This file is not a gallery: {ADVICE}.") from error
    strokes = [stroke for item in items for stroke in item.strokes]
    moves = [move for stroke in strokes for move in stroke.path]
    letters = "".join(str(letter) for letter, *_ in moves).encode()
    return sandbox.pack(
        [[item.network, item.truth, item.time] for item in items],
        np.stack([item.picture for item in items]),
        np.stack([item.probabilities for item in items]),
        np.array([len(item.strokes) for item in items]),
        np.array([len(stroke.path) for stroke in strokes]),
        np.array([stroke.width for stroke in strokes], np.float64),
        np.frombuffer(letters, np.uint8),
        np.array([number for _, *numbers in moves for number in numbers], np.float64),
    )


def unpack_answer(answer: bytes) -> list[GalleryItem]:
    """Return the drawings that `pack_answer` wrote. Raises any exception for anything else."""
    labels, (pictures, probabilities, counts, lengths, widths, letters, numbers) = sandbox.unpack(answer)
    shapes = [(len(labels), SIDE, SIDE), (len(labels), 10), (len(labels),)]
    if (
        not 1 <= len(labels) <= MAX_GALLERY_ITEMS
        or len(letters) + len(lengths) > MAX_GALLERY_MOVES
        or [pictures.shape, probabilities.shape, counts.shape] != shapes
        or [array.dtype for array in (pictures, letters, probabilities)] != [np.uint8, np.uint8, np.float32]
        or [counts.dtype, lengths.dtype] != [int, int]
        or counts.min() < 1
        or lengths.min() < 0
        or counts.sum() != len(lengths)
    ):
        raise ValueError("The child's answer is not a gallery.")
    check_coordinates(widths)
    check_coordinates(numbers)
    strokes = iter(make_strokes(widths, lengths.tolist(), letters.tobytes(), numbers))
    items = [
        GalleryItem(
            tuple(itertools.islice(strokes, count)), pictures[i].copy(), network, probabilities[i].copy(), truth, time
        )
        for i, (count, (network, truth, time)) in enumerate(zip(counts.tolist(), labels, strict=True))
    ]
    for item in items:
        check_item(item)
        read_time(item.time)
    return items


GALLERY = sandbox.FileKind(
    module="model.files.gallery_file",
    max_bytes=MAX_GALLERY_BYTES,
    max_answer_bytes=4 * 2**20,  # MAX_GALLERY_MOVES of four numbers are 1.6 million bytes
    unpack_answer=unpack_answer,
    error=GalleryError,
    name="file",
    if_empty=ADVICE,
    if_too_large=ADVICE,
    if_unreadable=ADVICE,
)


def warm_up() -> None:
    """Read a drawing, so that everything imported at first use is there before the sandbox closes all files."""
    picture, probabilities = np.zeros((SIDE, SIDE), np.uint8), np.full(10, 0.1, np.float32)
    strokes = (Stroke(20, (("M", 1, 1),)),)
    pack_answer(pack([GalleryItem(strokes, picture, "Robust", probabilities, 7, "2026-11-23T21:05:00+00:00")]))


if __name__ == "__main__":
    warm_up()
    sys.exit(sandbox.serve(GALLERY, pack_answer))
