"""A gallery as a zip file: `drawings.csv`, and for each of its rows a picture of 28 by 28 pixels and the strokes.

The app packs it for its visitor. What a visitor brings back may come from anybody: a child process
(model/files/sandbox.py) unpacks it, which runs this module, too.
"""

import codecs
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
MAX_FILES = 2 * (1 + 2 * MAX_GALLERY_ITEMS)  # in the zip: some systems add one of theirs for each
MAX_UNPACKED = 4 * 2**20  # bytes of all its files: MAX_GALLERY_MOVES of the longest ones are 1.8 million characters
MAX_PNG_BYTES = 10_000  # bytes
MAX_LINE_CHARACTERS = 1_000  # characters
DIGITS = [f"p{digit}" for digit in range(10)]
COLUMNS = ["drawing", "label", "network", "read", *DIGITS, "time"]
NAME = r"[A-Z][a-zA-Z0-9' ]{0,39}"  # of a network: the bundled ones' names, “Mine 1”, “Uploaded 1”
CHOOSE = "choose a zip file that “Download” below your gallery wrote"


class GalleryItem(NamedTuple):
    """A drawing, what a network read in it, and what it was."""

    strokes: tuple[Stroke, ...]
    picture: npt.NDArray[np.uint8]  # [28, 28], what the network saw
    network: str  # its name for people
    probabilities: npt.NDArray[np.float32]  # [10]
    truth: int  # 0 to 9
    time: str  # of the answer: 2026-11-23T21:05:00+00:00

    @property
    def read(self) -> int:
        """The digit that the network read."""
        return int(self.probabilities.argmax())

    @property
    def moves(self) -> int:
        """How many moves of the pen it is made of, with the ones that put it down."""
        return sum(1 + len(stroke.path) for stroke in self.strokes)


class GalleryError(Exception):
    """A file is no gallery; the message is one sentence for the visitor: what happened, and what to do."""


def pack(kept: list[GalleryItem]) -> bytes:
    """The zip file; nine digits tell a float32 from all others."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(COLUMNS)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for i, one in enumerate(kept):
            probabilities = [f"{probability:.9g}" for probability in one.probabilities.tolist()]
            rows.writerow([f"{i:03}", one.truth, one.network, one.read, *probabilities, one.time])
            png = io.BytesIO()
            Image.fromarray(one.picture).save(png, "PNG")
            archive.writestr(f"{i:03}.png", png.getvalue())
            archive.writestr(f"{i:03}.json", json.dumps(one.strokes))
        archive.writestr(TABLE, table.getvalue())
    return file.getvalue()


def unpack(data: bytes) -> list[GalleryItem]:
    """What `pack` wrote. Raises DrawingError for anything else."""
    with as_drawing_error(), open_zip(data, MAX_FILES) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise ValueError("it unpacks to too much")
        kept: list[GalleryItem] = []
        moves = 0
        for row in read_table(archive):
            kept.append(read_row(archive, row))
            moves += kept[-1].moves
            if moves > MAX_GALLERY_MOVES:
                raise ValueError("too many moves of the pen")
        if not kept:
            raise ValueError("no drawings")
        return kept


def read_table(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    """The rows of the table, each of another drawing. Raises one exception or another where there are none."""
    # Not by pandas, which takes a minute over a line of a hundred thousand commas.
    text = io.StringIO(read_file(archive, TABLE, MAX_UNPACKED).decode("utf-8-sig"))
    lines = list(itertools.islice(text, 1 + MAX_GALLERY_ITEMS))
    if max(map(len, lines)) > MAX_LINE_CHARACTERS:
        raise ValueError("a line that is too long")
    table = csv.DictReader(lines)
    if table.fieldnames != COLUMNS:
        raise ValueError("other columns")
    rows = list(table)
    if len({row["drawing"] for row in rows}) < len(rows):
        raise ValueError("a drawing that is there twice")
    return rows


def read_file(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A file of the archive. Raises an exception where it is not there, or unpacks to more than so many bytes."""
    entry = archive.getinfo(name)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # the others unpack without a bound
        raise ValueError(f"{name} is packed in a way that `pack` does not use")
    if entry.file_size > most:
        raise ValueError(f"{name} is too large")
    return archive.read(entry)


def read_row(archive: zipfile.ZipFile, row: dict[str, str]) -> GalleryItem:
    """One drawing. Raises one exception or another where it is none."""
    name = row["drawing"]
    strokes = parse_saved_strokes(read_file(archive, f"{name}.json", MAX_SAVED_CHARACTERS).decode())
    if not strokes:
        raise ValueError("no strokes")
    picture = read_thumbnail(read_file(archive, f"{name}.png", MAX_PNG_BYTES))
    probabilities = np.array([float(row[column]) for column in DIGITS], dtype=np.float32)
    one = GalleryItem(strokes, picture, row["network"], probabilities, int(row["label"]), read_time(row["time"]))
    check_answer(one)
    return one


def read_time(text: str) -> str:
    """A time as it is kept. Raises ValueError for anything else."""
    return datetime.fromisoformat(text).isoformat(timespec="seconds")


def check_answer(one: GalleryItem) -> None:
    """Raise ValueError where what is said of a drawing is not what a network and a visitor say."""
    probabilities = one.probabilities
    if one.truth not in range(10) or not (probabilities >= 0).all() or abs(probabilities.sum() - 1) > 0.01:
        raise ValueError("no label from 0 to 9, or no probabilities")
    if not re.fullmatch(NAME, one.network):
        raise ValueError("no name of a network")


def read_thumbnail(png: bytes) -> npt.NDArray[np.uint8]:
    """A picture of 28 by 28 pixels; its size is checked before it is decoded."""
    with Image.open(io.BytesIO(strip_metadata(png)), formats=["PNG"]) as picture:
        if picture.size != (SIDE, SIDE):
            raise ValueError(f"a picture of {picture.size[0]} by {picture.size[1]} pixels")
        return np.asarray(picture.convert("L"))


def read_gallery(data: bytes) -> list[GalleryItem]:
    """Read a gallery's zip file, as a visitor brings it back. Raises GalleryError for anything else."""
    return sandbox.read(GALLERY, data)


def pack_answer(data: bytes) -> bytes:
    """The answer of the child: what is said of each drawing, and arrays of all pictures, strokes and moves."""
    try:
        kept = unpack(data)
    except DrawingError as error:
        raise GalleryError(f"This file is not a gallery: {CHOOSE}.") from error
    strokes = [stroke for one in kept for stroke in one.strokes]
    moves = [move for stroke in strokes for move in stroke.path]
    letters = "".join(str(letter) for letter, *_ in moves).encode()
    return sandbox.pack(
        [[one.network, one.truth, one.time] for one in kept],
        np.stack([one.picture for one in kept]),
        np.stack([one.probabilities for one in kept]),
        np.array([len(one.strokes) for one in kept]),
        np.array([len(stroke.path) for stroke in strokes]),
        np.array([stroke.width for stroke in strokes], np.float64),
        np.frombuffer(letters, np.uint8),
        np.array([number for _, *numbers in moves for number in numbers], np.float64),
    )


def unpack_answer(answer: bytes) -> list[GalleryItem]:
    """The drawings that `pack_answer` told of. Raises one exception or another for anything else."""
    said, (pictures, probabilities, counts, lengths, widths, letters, numbers) = sandbox.unpack(answer)
    shapes = [(len(said), SIDE, SIDE), (len(said), 10), (len(said),)]
    if (
        not 1 <= len(said) <= MAX_GALLERY_ITEMS
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
    kept = [
        GalleryItem(
            tuple(itertools.islice(strokes, count)), pictures[i].copy(), network, probabilities[i].copy(), truth, time
        )
        for i, (count, (network, truth, time)) in enumerate(zip(counts.tolist(), said, strict=True))
    ]
    for one in kept:
        check_answer(one)
        read_time(one.time)
    return kept


GALLERY = sandbox.FileKind(
    module="model.files.gallery_file",
    largest=MAX_GALLERY_BYTES,
    largest_answer=4 * 2**20,  # MAX_GALLERY_MOVES of four numbers are 1.6 million bytes
    unpack=unpack_answer,
    refusal=GalleryError,
    name="file",
    choose=CHOOSE,
    smaller=CHOOSE,
    again=CHOOSE,
)


def warm_up() -> None:
    """Read a drawing, so that all that is imported at its first use is there before no file can be opened."""
    stroke = Stroke(20, (("M", 1, 1),))
    picture = np.zeros((SIDE, SIDE), np.uint8)
    pack_answer(
        pack([GalleryItem((stroke,), picture, "Robust", np.full(10, 0.1, np.float32), 7, "2026-11-23T21:05:00+00:00")])
    )


def main() -> int:
    """Read the zip file from standard input, and write what is in it, or the reason, to standard output."""
    codecs.lookup("cp437")  # the zip reader opens it at first use
    warm_up()
    return sandbox.serve(GALLERY, pack_answer)


if __name__ == "__main__":
    sys.exit(main())
