"""The gallery's file: what was kept comes back, and nothing else does."""

import io
import json
import zipfile
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pages.widgets.drawing import LARGEST, MOST_COMMANDS, DrawingError, Stroke, read_strokes
from pages.widgets.kept import MOST_KEPT, Kept, fits
from pages.widgets.kept_file import LARGEST_FILE, pack, unpack


def kept(truth: int = 7, read: int = 1, x: float = 80.5) -> Kept:
    probabilities = np.full(10, 0.02, np.float32)
    probabilities[read] = 0.82
    picture = np.arange(784, dtype=np.uint16).reshape(28, 28).astype(np.uint8)
    stroke = Stroke(20, (("M", x, 60), ("Q", 100, 60, 140.25, 58), ("L", 120, 230)))
    return Kept((stroke,), picture, "The notebook's", probabilities, truth, "2026-11-23T21:05:00+00:00")


def changed(name: str, data: bytes | None, kept_ones: list[Kept] | None = None) -> bytes:
    """A gallery's file with one of its files changed, or left out."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(pack(kept_ones or [kept()]))) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for each in before.namelist():
            if each != name:
                after.writestr(each, before.read(each))
        if data is not None:
            after.writestr(name, data)
    return file.getvalue()


def test_what_was_kept_comes_back() -> None:
    comes_back([kept(truth, x=truth) for truth in range(10)])


def comes_back(before: list[Kept]) -> None:
    for one, other in zip(before, unpack(pack(before)), strict=True):
        assert one._replace(picture=0, probabilities=0) == other._replace(picture=0, probabilities=0)  # type: ignore[arg-type]
        np.testing.assert_array_equal(one.picture, other.picture)
        np.testing.assert_array_equal(one.probabilities, other.probabilities)


def any_drawing(moves: list[int], random: np.random.Generator) -> Kept:
    """Strokes of so many moves in coordinates that no compression makes smaller, and an answer like it."""
    strokes = [(20.123456789, [["Q", *xy] for xy in random.uniform(-LARGEST, LARGEST, (n, 4)).tolist()]) for n in moves]
    probabilities = random.dirichlet(np.full(10, 0.01)).astype(np.float32)
    picture = random.integers(0, 256, (28, 28), dtype=np.uint8)
    return kept()._replace(strokes=read_strokes(strokes), picture=picture, probabilities=probabilities)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=10), min_size=1, max_size=MOST_KEPT),
    st.integers(0, 2**32 - 1),
)
def test_all_that_fits_comes_back(drawings: list[list[int]], seed: int) -> None:
    fill([any_drawing(moves, np.random.default_rng(seed + i)) for i, moves in enumerate(drawings)])


def fill(drawings: list[Kept]) -> list[Kept]:
    """Keep as many as there is room for, and have them come back."""
    gallery: list[Kept] = []
    for one in drawings:
        if fits(gallery, one):
            gallery.append(one)
    comes_back(gallery)
    return gallery


@pytest.mark.parametrize(
    ("moves", "count", "kept_of_them"), [([MOST_COMMANDS - 1], 6, 5), ([490] + [1] * 4, MOST_KEPT + 1, MOST_KEPT)]
)
def test_a_full_gallery_comes_back(moves: list[int], count: int, kept_of_them: int) -> None:
    random = np.random.default_rng(0)
    assert len(fill([any_drawing(moves, random) for _ in range(count)])) == kept_of_them


def test_others_can_read_it() -> None:
    with zipfile.ZipFile(io.BytesIO(pack([kept(7, 1), kept(3, 3)]))) as archive:
        assert sorted(archive.namelist()) == ["000.json", "000.png", "001.json", "001.png", "drawings.csv"]
        table = pd.read_csv(archive.open("drawings.csv"))
        assert list(table) == ["drawing", "label", "network", "read", *(f"p{digit}" for digit in range(10)), "time"]
        assert table["label"].tolist() == [7, 3]
        assert table["read"].tolist() == [1, 3]
        picture = Image.open(archive.open("000.png"))
        assert (picture.size, picture.mode) == ((28, 28), "L")
        assert json.loads(archive.read("001.json"))[0][0] == 20


def csv(**values: Any) -> bytes:
    """The table with other values in its row."""
    with zipfile.ZipFile(io.BytesIO(pack([kept()]))) as archive:
        table = pd.read_csv(archive.open("drawings.csv"), dtype=str)
    return table.assign(**values).to_csv(index=False).encode()


def png(size: tuple[int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("L", size).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("drawings.csv", None),
        ("drawings.csv", b"nothing"),
        ("drawings.csv", b"\xff\xfe\x00"),
        ("drawings.csv", bytes(LARGEST_FILE + 1)),
        ("drawings.csv", csv(label="10")),
        ("drawings.csv", csv(label="-1")),
        ("drawings.csv", csv(label="seven")),
        ("drawings.csv", csv(p3="nan")),
        ("drawings.csv", csv(p3="-0.5")),
        ("drawings.csv", csv(p3="1")),
        ("drawings.csv", csv(network="<b>bold</b>")),
        ("drawings.csv", csv(network="=1+1")),
        ("drawings.csv", csv(network="R" * 41)),
        ("drawings.csv", csv(network="")),
        ("drawings.csv", csv(time="yesterday")),
        ("drawings.csv", csv(drawing="../000")),
        ("drawings.csv", csv(more="1")),
        ("drawings.csv", csv() + b",,\n"),
        ("drawings.csv", csv().replace(b"drawing,", b"drawing" + b"," * 100_000)),
        ("drawings.csv", csv() + b"," * 3_000_000),
        ("000.json", None),
        ("000.json", b"[]"),
        ("000.json", b"[[20, [['M', 1]]]]"),
        ("000.json", b'[[20, [["M", 1, 1e9]]]]'),
        ("000.json", b'[[20, [["M", 1, NaN]]]]'),
        ("000.json", b"[" * 100_000),
        ("000.json", bytes(2_000_000)),
        ("000.png", None),
        ("000.png", b"no picture"),
        ("000.png", png((29, 28))),
        ("000.png", png((20_000, 5_000))),
    ],
    ids=range(31),
)
def test_what_is_no_gallery_is_refused(name: str, data: bytes | None) -> None:
    with pytest.raises(DrawingError):
        unpack(changed(name, data))


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_file_packed_to_unpack_without_a_bound_is_refused(packing: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(pack([kept()]))) as before, zipfile.ZipFile(file, "w", packing) as after:
        for each in before.namelist():
            after.writestr(each, before.read(each))
    with pytest.raises(DrawingError, match="packed"):
        unpack(file.getvalue())


def test_too_much_is_refused() -> None:
    with pytest.raises(DrawingError):
        unpack(bytes(LARGEST_FILE + 1))
    long = Stroke(20, tuple(("L", i % 280, 5) for i in range(15_000)))
    many = [kept()._replace(strokes=(long._replace(width=width),)) for width in range(10, 20)]
    with pytest.raises(DrawingError, match="too many moves"):
        unpack(pack(many))
    assert len(unpack(pack([kept(x=x) for x in range(MOST_KEPT + 5)]))) == MOST_KEPT


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(DrawingError):
        unpack(data)


@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_read_or_refused(place: int, data: bytes) -> None:
    damaged = bytearray(pack([kept()]))
    place %= len(damaged)
    damaged[place : place + len(data)] = data
    try:
        unpack(bytes(damaged))
    except DrawingError:
        return
