"""A gallery's file gives back what was packed, and no other file is accepted."""

import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from model.bundled_networks import BUNDLED
from model.files import sandbox
from model.files.gallery_file import (
    MAX_FILES,
    GalleryError,
    GalleryItem,
    pack,
    pack_answer,
    read_gallery,
    unpack,
    unpack_answer,
)
from model.files.limits import MAX_GALLERY_BYTES, MAX_GALLERY_ITEMS
from model.files.png import write_chunk
from model.files.strokes import MAX_COORDINATE, MAX_MOVES, DrawingError, Stroke, parse_strokes
from pages.widgets.gallery.store import has_room, merge_gallery


def make_item(truth: int = 7, read: int = 1, x: float = 80.5) -> GalleryItem:
    probabilities = np.full(10, 0.02, np.float32)
    probabilities[read] = 0.82
    picture = np.arange(784, dtype=np.uint16).reshape(28, 28).astype(np.uint8)
    stroke = Stroke(20, (("M", x, 60), ("Q", 100, 60, 140.25, 58), ("L", 120, 230)))
    return GalleryItem((stroke,), picture, "Simple", probabilities, truth, "2026-11-23T21:05:00+00:00")


def changed(name: str, data: bytes | None, items: list[GalleryItem] | None = None) -> bytes:
    """Return a gallery's zip with one of its files changed or left out."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(pack(items or [make_item()]))) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for each in before.namelist():
            if each != name:
                after.writestr(each, before.read(each))
        if data is not None:
            after.writestr(name, data)
    return file.getvalue()


def test_a_packed_gallery_unpacks_to_the_same_drawings() -> None:
    assert_comes_back([make_item(truth, x=truth) for truth in range(10)])


def assert_comes_back(before: list[GalleryItem]) -> None:
    for one, other in zip(before, unpack_answer(pack_answer(pack(before))), strict=True):
        assert one._replace(picture=0, probabilities=0) == other._replace(picture=0, probabilities=0)  # type: ignore[arg-type]
        np.testing.assert_array_equal(one.picture, other.picture)
        np.testing.assert_array_equal(one.probabilities, other.probabilities)


def any_drawing(moves: list[int], random: np.random.Generator) -> GalleryItem:
    """Return a drawing of so many moves whose coordinates and probabilities cannot be compressed."""
    strokes = [
        (20.123456789, [["Q", *xy] for xy in random.uniform(-MAX_COORDINATE, MAX_COORDINATE, (n, 4)).tolist()])
        for n in moves
    ]
    probabilities = random.dirichlet(np.full(10, 0.01)).astype(np.float32)
    picture = random.integers(0, 256, (28, 28), dtype=np.uint8)
    return make_item()._replace(strokes=parse_strokes(strokes), picture=picture, probabilities=probabilities)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=10), min_size=1, max_size=MAX_GALLERY_ITEMS),
    st.integers(0, 2**32 - 1),
)
def test_a_full_gallery_unpacks(drawings: list[list[int]], seed: int) -> None:
    fill([any_drawing(moves, np.random.default_rng(seed + i)) for i, moves in enumerate(drawings)])


def fill(drawings: list[GalleryItem]) -> list[GalleryItem]:
    """As many drawings as the gallery has room for come back from its file."""
    gallery: list[GalleryItem] = []
    for one in drawings:
        if has_room(gallery, one):
            gallery.append(one)
    assert_comes_back(gallery)
    return gallery


@pytest.mark.parametrize(
    ("moves", "count", "kept_of_them"),
    [([MAX_MOVES - 1], 6, 5), ([160] + [1] * 4, MAX_GALLERY_ITEMS + 1, MAX_GALLERY_ITEMS)],
)
def test_the_child_reads_a_full_gallery(moves: list[int], count: int, kept_of_them: int) -> None:
    random = np.random.default_rng(0)
    assert len(fill([any_drawing(moves, random) for _ in range(count)])) == kept_of_them


def test_other_programs_can_read_the_file() -> None:
    with zipfile.ZipFile(io.BytesIO(pack([make_item(7, 1), make_item(3, 3)]))) as archive:
        assert sorted(archive.namelist()) == ["000.json", "000.png", "001.json", "001.png", "drawings.csv"]
        table = pd.read_csv(archive.open("drawings.csv"))
        assert list(table) == ["drawing", "label", "network", "read", *(f"p{digit}" for digit in range(10)), "time"]
        assert table["label"].tolist() == [7, 3]
        assert table["read"].tolist() == [1, 3]
        picture = Image.open(archive.open("000.png"))
        assert (picture.size, picture.mode) == ((28, 28), "L")
        assert json.loads(archive.read("001.json"))[0][0] == 20


def csv(**values: Any) -> bytes:
    """Return the table with other values in its row."""
    with zipfile.ZipFile(io.BytesIO(pack([make_item()]))) as archive:
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
        ("drawings.csv", bytes(MAX_GALLERY_BYTES + 1)),
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
def test_a_file_that_is_not_a_gallery_is_refused(name: str, data: bytes | None) -> None:
    with pytest.raises(DrawingError):
        unpack(changed(name, data))


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_method_without_bounds_is_refused(packing: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(pack([make_item()]))) as before, zipfile.ZipFile(file, "w", packing) as after:
        for each in before.namelist():
            after.writestr(each, before.read(each))
    with pytest.raises(DrawingError, match="packed"):
        unpack(file.getvalue())


def zip_of(*files: tuple[str, bytes]) -> bytes:
    packed_files = io.BytesIO()
    with zipfile.ZipFile(packed_files, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return packed_files.getvalue()


def parts() -> dict[str, bytes]:
    """Return the files in a gallery's zip."""
    with zipfile.ZipFile(io.BytesIO(pack([make_item()]))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_rows_that_share_a_drawing_are_refused() -> None:
    files = parts()
    header, row = files["drawings.csv"].splitlines(keepends=True)
    with pytest.raises(DrawingError, match="twice"):
        unpack(changed("drawings.csv", header + row * 200))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused() -> None:
    files = parts()
    with pytest.raises(DrawingError, match="several of one name"):
        unpack(zip_of(*files.items(), ("000.png", files["000.png"])))


def test_a_zip_of_many_files_is_refused() -> None:
    with pytest.raises(DrawingError, match="too many files"):
        unpack(zip_of(*parts().items(), *((f"more {i}", b"") for i in range(MAX_FILES))))


def test_a_long_zip_directory_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("It is read."))
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    directory = entry * 90_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 90_000 & 0xFFFF, 90_000 & 0xFFFF, len(directory), 0, 0)
    with pytest.raises(DrawingError, match="directory"):
        unpack(directory + end)
    with pytest.raises(DrawingError, match="not a zip"):  # a zip64, whose size stands elsewhere
        unpack(directory + struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1) + end[:12] + bytes(10))


def test_files_that_together_unpack_to_too_much_are_refused() -> None:
    blanks = b"[" + b" " * 900_000 + b"]"
    with pytest.raises(DrawingError, match="unpacks to too much"):
        unpack(zip_of(*parts().items(), *((f"{i:03}.json", blanks) for i in range(1, 11))))


def test_a_picture_with_metadata_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = parts()["000.png"]
    text = write_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1_000_000), 9))
    hostile = changed("000.png", picture[:33] + text * 9 + picture[33:])
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("It has reached the decoder."))
    with pytest.raises(DrawingError, match="no browser adds"):
        unpack(hostile)


def test_the_child_reads_a_gallery_and_refuses_another_file() -> None:
    (one,) = read_gallery(pack([make_item()]))
    assert one.strokes == make_item().strokes
    with pytest.raises(GalleryError, match="This file is not a gallery: choose a zip file that “Download” below"):
        read_gallery(changed("000.json", b"[]"))


@pytest.mark.parametrize(
    "change",
    [
        lambda labels, arrays: labels.clear(),
        lambda labels, arrays: labels.append(labels[0]),
        lambda labels, arrays: labels[0].__setitem__(0, "<b>bold</b>"),
        lambda labels, arrays: labels[0].__setitem__(1, 10),
        lambda labels, arrays: labels[0].__setitem__(2, "yesterday"),
        lambda labels, arrays: arrays.__setitem__(0, arrays[0][:, 1:]),
        lambda labels, arrays: arrays.__setitem__(1, arrays[1] * 2),
        lambda labels, arrays: arrays.__setitem__(2, arrays[2] - 1),
        lambda labels, arrays: arrays.__setitem__(3, arrays[3] + 1),
        lambda labels, arrays: arrays.__setitem__(3, np.zeros(200_000, int)),
        lambda labels, arrays: arrays.__setitem__(4, arrays[4] * np.nan),
        lambda labels, arrays: arrays.__setitem__(5, arrays[5] + 1),
        lambda labels, arrays: arrays.__setitem__(6, arrays[6][1:]),
        lambda labels, arrays: arrays.__setitem__(6, arrays[6] * 1e9),
        lambda labels, arrays: arrays.__setitem__(6, arrays[6].astype(np.float32)),
    ],
    ids=range(15),
)
def test_an_answer_with_wrong_arrays_is_rejected(
    change: Callable[[list[Any], list[Any]], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    labels, arrays = sandbox.unpack(pack_answer(pack([make_item()])))
    change(labels, arrays)
    monkeypatch.setattr(sandbox, "run", lambda *_: (0, sandbox.pack(labels, *arrays)))
    with pytest.raises(GalleryError, match="damaged"):
        read_gallery(b"some")


def test_uploaded_drawings_join_the_gallery_once_and_while_there_is_room() -> None:
    gallery = [make_item(x=0), make_item(x=1)]
    assert merge_gallery(gallery, [make_item(x=1), make_item(x=2), make_item(x=2), make_item(x=3)]) == (2, 2)
    assert [one.strokes[0].path[0][1] for one in gallery] == [0, 1, 2, 3]
    assert merge_gallery(gallery, [make_item(x=x) for x in range(4, 4 + MAX_GALLERY_ITEMS)]) == (
        MAX_GALLERY_ITEMS - 4,
        0,
    )
    assert len(gallery) == MAX_GALLERY_ITEMS


def test_the_gallery_reader_loads_no_web_server() -> None:
    code = "import sys, model.files.gallery_file; print({'keras', 'streamlit', 'pandas', 'cv2'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], cwd=BUNDLED.parent, text=True) == "set()\n"


def test_a_gallery_with_too_many_moves_is_refused() -> None:
    with pytest.raises(GalleryError, match="larger than 4 MB"):
        read_gallery(bytes(MAX_GALLERY_BYTES + 1))
    long = Stroke(20, tuple(("L", i % 280, 5) for i in range(5_000)))
    many = [make_item()._replace(strokes=(long._replace(width=width),)) for width in range(10, 20)]
    with pytest.raises(DrawingError, match="too many moves"):
        unpack(pack(many))
    assert len(unpack(pack([make_item(x=x) for x in range(MAX_GALLERY_ITEMS + 5)]))) == MAX_GALLERY_ITEMS


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(DrawingError):
        unpack(data)


@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_read_or_refused(place: int, data: bytes) -> None:
    damaged = bytearray(pack([make_item()]))
    place %= len(damaged)
    damaged[place : place + len(data)] = data
    try:
        unpack(bytes(damaged))
    except DrawingError:
        return
