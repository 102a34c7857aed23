"""The gallery as a zip file: `drawings.csv`, and for each of its rows a picture of 28 by 28 pixels and the strokes."""

import csv
import io
import itertools
import json
import re
import zipfile
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image

from model.mnist_format import SIDE
from pages.widgets.drawing import LONGEST_KEPT, read_kept, refusing
from pages.widgets.kept import MOST_KEPT, MOST_MOVES, Kept

TABLE = "drawings.csv"
LARGEST_FILE = 4 * 2**20  # bytes; and of the table unpacked
LARGEST_PNG = 10_000  # bytes
LONGEST_LINE = 1_000  # characters
DIGITS = [f"p{digit}" for digit in range(10)]
COLUMNS = ["drawing", "label", "network", "read", *DIGITS, "time"]
NAME = r"[A-Z][a-zA-Z0-9' ]{0,39}"  # of a network: the bundled ones' names, “Mine 1”, “Uploaded 1”


def pack(kept: list[Kept]) -> bytes:
    """The zip file; nine digits tell a float32 from all others."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(TABLE, as_table(kept).to_csv(index=False, float_format="%.9g", lineterminator="\n"))
        for i, one in enumerate(kept):
            png = io.BytesIO()
            Image.fromarray(one.picture).save(png, "PNG")
            archive.writestr(f"{i:03}.png", png.getvalue())
            archive.writestr(f"{i:03}.json", json.dumps(one.strokes))
    return file.getvalue()


def as_table(kept: list[Kept]) -> pd.DataFrame:
    """A row a drawing."""
    return pd.DataFrame(
        [
            (f"{i:03}", one.truth, one.network, one.read, *one.probabilities.astype(float), one.time)
            for i, one in enumerate(kept)
        ],
        columns=COLUMNS,
    )


def unpack(data: bytes) -> list[Kept]:
    """What `pack` wrote, as a visitor brings it back. Raises DrawingError for anything else."""
    with refusing():
        if len(data) > LARGEST_FILE:
            raise ValueError("too large")
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            # Not by pandas, which takes a minute over a line of a hundred thousand commas.
            text = io.StringIO(read(archive, TABLE, LARGEST_FILE).decode("utf-8-sig"))
            lines = list(itertools.islice(text, 1 + MOST_KEPT))
            table = csv.DictReader(lines)
            if max(map(len, lines)) > LONGEST_LINE or table.fieldnames != COLUMNS:
                raise ValueError("other columns")
            kept: list[Kept] = []
            for row in table:
                kept.append(read_row(archive, row))
                if sum(one.moves for one in kept) > MOST_MOVES:
                    raise ValueError("too many moves of the pen")
        if not kept:
            raise ValueError("no drawings")
        return kept


def read(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A file of the archive. Raises an exception where it is not there, or unpacks to more than so many bytes."""
    entry = archive.getinfo(name)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # the others unpack without a bound
        raise ValueError(f"{name} is packed in a way that `pack` does not use")
    with archive.open(entry) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise ValueError(f"{name} is too large")
    return data


def read_row(archive: zipfile.ZipFile, row: dict[str, str]) -> Kept:
    """One drawing. Raises one exception or another where it is none."""
    name, label = row["drawing"], int(row["label"])
    probabilities = np.array([float(row[column]) for column in DIGITS], dtype=np.float32)
    if label not in range(10) or not (probabilities >= 0).all() or abs(probabilities.sum() - 1) > 0.01:
        raise ValueError("no label from 0 to 9, or no probabilities")
    if not re.fullmatch(NAME, row["network"]):
        raise ValueError("no name of a network")
    strokes = read_kept(read(archive, f"{name}.json", LONGEST_KEPT).decode())
    if not strokes:
        raise ValueError("no strokes")
    picture = read_thumbnail(read(archive, f"{name}.png", LARGEST_PNG))
    time = datetime.fromisoformat(row["time"]).isoformat(timespec="seconds")
    return Kept(strokes, picture, row["network"], probabilities, label, time)


def read_thumbnail(png: bytes) -> npt.NDArray[np.uint8]:
    """A picture of 28 by 28 pixels; its size is checked before it is decoded."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
        if picture.size != (SIDE, SIDE):
            raise ValueError(f"a picture of {picture.size[0]} by {picture.size[1]} pixels")
        return np.asarray(picture.convert("L"))
