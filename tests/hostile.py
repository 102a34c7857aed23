"""Honest inputs with something in them changed, such as no honest browser sends. For tests and benchmarks/fuzz.py."""

import base64
import copy
import io
import json
import struct
import zipfile
import zlib
from typing import Any

import numpy as np
from hypothesis import strategies as st
from PIL import Image

from model.bundled_networks import BUNDLED
from model.files.gallery_file import COLUMNS, TABLE, GalleryItem, pack
from model.files.png import HEADER, write_png
from model.files.strokes import MAX_MOVES, Stroke
from model.training.settings import CHOICES, QUICK, to_address
from tests.canvas_states import canvas_state
from tests.photographs import as_file, paper, write

Draw = st.DrawFn

NUMBERS: list[Any] = [
    0,
    -1,
    -0.0,
    1e308,
    -1e308,
    5e-324,
    float("nan"),
    float("inf"),
    float("-inf"),
    2**31,
    2**63,
    10**40,
]
ODD: list[Any] = [
    *NUMBERS,
    *(
        None,
        True,
        False,
        "",
        "0",
        "NaN",
        "M",
        "\0",
        "\ud800",
        "<img src=x onerror=alert(1)>",
        "x" * 10_000,
        "9" * 5_000,
    ),
    *([], {}, [[]], [None] * 100, {"": {}}, [["M", 0, 0]], [20, []], {"type": "Path"}, {"objects": []}),
]
DEEPEST = 900  # levels: about what Python's JSON reader takes


@st.composite
def odd_values(draw: Draw) -> Any:
    """Draw a value of an unexpected type, size or depth."""
    value = copy.deepcopy(draw(st.sampled_from(ODD)))
    for _ in range(draw(st.sampled_from([0] * 30 + [1, 3, DEEPEST]))):
        value = [value]
    return value


def changed(draw: Draw, value: Any) -> Any:
    """Draw JSON with one part replaced, left out, repeated or renamed."""
    how = draw(st.sampled_from(["deeper"] * 8 + ["replaced", "left out", "repeated", "renamed"]))
    if not isinstance(value, dict | list) or not value or how == "replaced":
        return draw(odd_values())
    places = list(value) if isinstance(value, dict) else range(len(value))
    place = draw(st.sampled_from(places))
    if how == "deeper":
        value[place] = changed(draw, value[place])
    elif how == "left out":
        del value[place]
    elif isinstance(value, list):
        value.insert(place, value[place] if how == "repeated" else draw(odd_values()))
    else:
        value[draw(st.sampled_from(["objects", "type", "path", "overlay", "raw"]))] = value[place]
    return value


@st.composite
def changed_json(draw: Draw, honest: Any, most: int = 3) -> Any:
    """Draw honest JSON with up to so many changes."""
    value = copy.deepcopy(honest)
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, most]))):
        value = changed(draw, value)
    return value


@st.composite
def damaged(draw: Draw, honest: bytes, most: int = 4) -> bytes:
    """Draw honest bytes that are overwritten, cut, repeated or lengthened in up to so many places."""
    data = bytearray(honest)
    for _ in range(draw(st.integers(0, most))):
        start = draw(st.integers(0, max(0, len(data) - 1)))
        how = draw(st.sampled_from(["overwrite"] * 5 + ["number"] * 3 + ["cut", "leave out", "repeat", "insert"]))
        if how == "overwrite":
            data[start : start + 1] = draw(st.binary(min_size=1, max_size=4))
        elif how == "number":
            data[start : start + 4] = draw(st.sampled_from([bytes(4), b"\xff" * 4, b"\x7f\xff\xff\xff", b"\0\0\0\1"]))
        elif how == "cut":
            del data[start:]
        elif how == "insert":
            data[start:start] = draw(st.binary(max_size=50))
        else:
            end = start + draw(st.integers(1, 200))
            data[start:end] = b"" if how == "leave out" else data[start:end] * 2
    return bytes(data)


PACKED_ROWS = [
    zlib.compress(rows, 1)
    for rows in (b"", b"\0", b"\0" * 1000, b"\0\xff" * 20_000, b"\4\1\2\3" * 80_000, bytes(2**21))
]
EXTRA_CHUNKS: list[list[tuple[bytes, bytes]]] = [
    [],
    [(b"PLTE", b"\0\1\2" * 4), (b"tRNS", b"\0\x80")],
    [(b"tRNS", b"\0" * 6)],
    [(b"zTXt", b"a\0\0" + zlib.compress(bytes(2**22)))],
    [(b"iCCP", b"a\0\0" + zlib.compress(bytes(2**20)))],
    [(b"iTXt", b"\xff" * 50)],
    [(b"acTL", struct.pack(">II", 2**31, 0)), (b"fcTL", bytes(26))],
    [(b"sRGB", b"\0"), (b"eXIf", b"MM\0*\0\0\0\x08" + bytes(60))],
    # Many
    [(b"zTXt", b"a\0\0" + zlib.compress(bytes(10**6), 9))] * 63,
    [(b"iCCP", b"a\0\0" + zlib.compress(bytes(10**6), 9))] * 63,
    [(b"tEXt", b"a\0b")] * 5_000,
    [(b"IDAT", b"")] * 6_000,
]
SIDES = [0, 1, 2, 27, 28, 29, 279, 280, 281, 560, 1120, 1121, 4_000, 20_000, 65_535, 2**31 - 1]


@st.composite
def odd_pngs(draw: Draw, honest: bytes, side: int) -> bytes:
    """Draw a PNG of any size, depth, colour type and content, or a damaged honest one."""
    if draw(st.integers(0, 2)):
        return draw(damaged(honest, most=draw(st.sampled_from([0, 0, 2]))))
    sides = st.sampled_from([side] * 20 + SIDES)
    width, height = draw(sides), draw(sides)
    header = HEADER.pack(
        width,
        height,
        draw(st.sampled_from([8] * 6 + [1, 2, 4, 16, 0, 255])),
        draw(st.sampled_from([0, 2, 3, 4, 6, 7])),
        0,
        0,
        draw(st.sampled_from([0] * 4 + [1, 2])),
    )
    packed = draw(damaged(draw(st.sampled_from(PACKED_ROWS)), most=1))
    extra = draw(st.sampled_from(EXTRA_CHUNKS))
    end = draw(st.sampled_from([[(b"IEND", b"")], []]))
    return write_png((b"IHDR", header), *extra, (b"IDAT", packed), *end)


LINES = ([(80.0, 60.0), (200.0, 60.0), (120.0, 230.0)], [(140.0, 40.0), (140.0, 240.0)])
STATE = canvas_state(*LINES)["drawing"]
PREFIX = "data:image/png;base64,"
PICTURE = base64.b64decode(STATE["data"].removeprefix(PREFIX))
HONEST_PATHS = STATE["raw"] | {
    "overlay": "rgba(1, 2, 3, 0)",
    "objects": [
        *STATE["raw"]["objects"],
        {"type": "Path", "strokeWidth": 12, "path": [["M", 5, 5], ["Q", 9, 9, 20, 20]]},
    ],
}


@st.composite
def canvas_states(draw: Draw) -> tuple[Any, Any]:
    """Draw the JSON and the picture of a canvas."""
    data: Any = PREFIX + base64.b64encode(draw(odd_pngs(PICTURE, 280))).decode()
    how = draw(st.sampled_from(["as it is"] * 6 + ["odd", "longer", "another kind", "cut"]))
    if how == "odd":
        data = draw(odd_values())
    elif how == "longer":
        data += "A" * draw(st.sampled_from([1, 4, 200_000]))
    elif how == "another kind":
        data = data.replace("png", "svg+xml")
    elif how == "cut":
        data = data[: draw(st.integers(0, len(data)))]
    if draw(st.integers(0, 30)) == 0:
        return draw(st.sampled_from(MANY_PATHS)), data
    return draw(changed_json(HONEST_PATHS)), data


def moves(count: int, start: float = 0) -> list[list[Any]]:
    """Return so many moves of a pen, each with as many numbers as possible."""
    return [["Q", start, i % 1000, i % 280 + 0.25, start + 0.5] for i in range(count)]


def paths(count: int, length: int) -> dict[str, Any]:
    """Return a drawing of `count` strokes of `length` moves."""
    return {"objects": [{"type": "Path", "strokeWidth": 20, "path": moves(length, i % 280)} for i in range(count)]}


MOST = MAX_MOVES
MANY_PATHS = [paths(1, MOST - 1), paths(MOST // 2, 1), paths(MOST, 0), paths(1, MOST + 1), paths(MOST // 100, 99)]
STROKES = [[20, [["M", 80.5, 60], ["Q", 100, 60, 140.25, 58], ["L", 120, 230]]], [13, [["M", 1, 2], ["L", 3, 4]]]]


LONG = [
    *(" " * count for count in (10, 900_000, 3_000_000)),
    "[" + " " * 990_000 + "]",
    '[[20,[["M",10,10],["L",50,50]]]' + "\n" * 960_000 + "]",
    "[" + "[]," * 300_000 + "[]]",
    "[" + "0.5," * 240_000 + "1]",
    "[" + ",".join(["9" * 4_299] * 220) + "]",
    "{" + ",".join(f'"{i:05x}":0' for i in range(80_000)) + "}",
    *(json.dumps([[20, moves(length)]] * count) for count, length in ((1, MOST - 1), (MOST // 2, 1), (MOST, 0))),
]


@st.composite
def kept_strokes(draw: Draw) -> Any:
    """Draw what a tab claims to have saved: text that was JSON, or something else."""
    value = draw(changed_json(STROKES))
    try:
        text = json.dumps(value)
    except (RecursionError, ValueError):
        return value
    how = draw(st.sampled_from(["whole"] * 4 + ["damaged"] * 3 + ["deep", "long", "no text"]))
    if how == "damaged":
        return draw(damaged(text.encode())).decode(errors="replace")
    if how == "deep":
        return draw(st.sampled_from(["[", "[[[20,", '{"":'])) * draw(st.sampled_from([100, 1_000, 100_000])) + text
    if how == "long":
        return draw(st.sampled_from([text, ""])) + draw(st.sampled_from(LONG))
    return value if how == "no text" else text


PROBABILITIES = np.full(10, 0.02, np.float32)
PROBABILITIES[7] = 0.82
GALLERY = [
    GalleryItem(
        (Stroke(20, (("M", x, 60.0), ("L", 120.0, 230.0))),),
        np.arange(784, dtype=np.uint16).reshape(28, 28).astype(np.uint8),
        "Robust",
        PROBABILITIES,
        7,
        "2026-11-23T21:05:00+00:00",
    )
    for x in (80.0, 90.0)
]


def parts_of(data: bytes) -> dict[str, bytes]:
    """Return the files in a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


PARTS = parts_of(pack(GALLERY))
CELLS = [
    "",
    "000",
    "../000",
    "7.0",
    "1e3",
    "nan",
    "-1",
    "10",
    "inf",
    "=1+1",
    "<b>x</b>",
    "![x](http://x)",
    '"',
    "9" * 400,
    "2026",
    "\0",
    "," * 100_000,
]


@st.composite
def galleries(draw: Draw) -> bytes:
    """Draw the zip file of a gallery with other cells, files or bytes."""
    parts = dict(PARTS)
    rows = [line.split(",") for line in parts[TABLE].decode().split()]
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2, 3]))):
        rows[draw(st.sampled_from([0] + [1, 2] * 5))][draw(st.integers(0, len(COLUMNS) - 1))] = draw(
            st.sampled_from(CELLS)
        )
    parts[TABLE] = "\n".join(",".join(row) for row in rows).encode() * draw(st.sampled_from([1] * 9 + [50]))
    name = draw(st.sampled_from(sorted(parts)))
    how = draw(st.sampled_from(["whole", "whole", "damaged", "strokes", "picture", "left out", "bomb", "full", "same"]))
    if how == "damaged":
        parts[name] = draw(damaged(parts[name]))
    elif how == "strokes":
        parts["000.json"] = str(draw(kept_strokes())).encode(errors="replace")
    elif how == "picture":
        parts["000.png"] = draw(odd_pngs(PARTS["000.png"], 28))
    elif how == "left out":
        del parts[name]
    elif how == "bomb":
        parts[name] = bytes(draw(st.sampled_from([100, 20_000, 5 * 2**20])))
    elif how == "full":
        return draw(st.sampled_from(FULL_GALLERIES))
    elif how == "same":  # 200 rows of the same drawing, whose files are costly to read
        parts[TABLE] = (",".join(COLUMNS) + "\n").encode() + PARTS[TABLE].splitlines(keepends=True)[1] * 200
        parts["000.png"] = draw(odd_pngs(PARTS["000.png"], 28))
        parts["000.json"] = draw(st.sampled_from(LONG)).encode()
    return draw(zips(parts))


def full_gallery(count: int, strokes: int, length: int) -> bytes:
    """Return `count` drawings of `strokes` strokes of `length` moves, which differ only in the last stroke's width."""
    path = tuple(("Q", i % 280, 1.0, 2.0, 3.25) for i in range(length))
    return pack(
        [
            GALLERY[0]._replace(strokes=(*[Stroke(20, path)] * (strokes - 1), Stroke(1 + i / 4, path)))
            for i in range(count)
        ]
    )


FULL_GALLERIES = [full_gallery(200, 1, 174), full_gallery(200, 87, 1), full_gallery(5, 1, MOST - 1)]


@st.composite
def zips(draw: Draw, parts: dict[str, bytes]) -> bytes:
    """Draw a zip of these files that may be damaged, lie about their sizes, or pack them by another method."""
    file = io.BytesIO()
    kinds = [zipfile.ZIP_DEFLATED] * 8 + [zipfile.ZIP_STORED] * 4 + [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
    how = draw(st.sampled_from(["whole"] * 20 + ["lying"] * 4 + ["one name", "many", "entries"]))
    with zipfile.ZipFile(file, "w", draw(st.sampled_from(kinds)), compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        if parts and how == "lying":
            entry = archive.getinfo(draw(st.sampled_from(sorted(parts))))
            entry.file_size = draw(st.sampled_from([0, 10, 2**31]))
        elif parts and how == "one name":
            archive.filelist += archive.filelist[:1] * draw(st.sampled_from([1, 200, 5_000]))
        elif how == "many":
            for number in range(draw(st.sampled_from([10, 500]))):
                archive.writestr(f"{number}", b"")
    if how == "entries":
        return draw(st.sampled_from(ENTRIES))
    return draw(damaged(file.getvalue(), most=draw(st.sampled_from([0, 0, 0, 2]))))


def entries(count: int, extra: bytes = b"") -> bytes:
    """Return a zip that consists of a directory of so many entries."""
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, *[0] * 9, len(extra), *[0] * 5) + extra
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count & 0xFFFF, count & 0xFFFF, len(entry) * count, 0, 0)
    return entry * count + end


ENTRIES = [entries(400), entries(3_000), entries(91_000), entries(50, bytes(65_532))]


ADDRESS = to_address(QUICK)


@st.composite
def links(draw: Draw) -> dict[str, str]:
    """Draw the parameters of an address."""
    address = {name: str(draw(st.sampled_from(choices))) for name, choices in CHOICES.items()} | {"hidden": "64-32"}
    for _ in range(draw(st.integers(0, 4))):
        name = draw(st.sampled_from([*ADDRESS, "other"]))
        address[name] = draw(
            st.one_of(
                st.text(max_size=30),
                st.sampled_from(
                    ["64-" * 5 + "64", "512-513", "-1", "６４", "1e1000", "9" * 5_000, "x" * 100_000, "٣", "64_0"]
                ),
                st.sampled_from([str(value) for value in ODD[:25]]),
            )
        )
    return address


NETWORK = parts_of((BUNDLED / "linear" / "network.keras").read_bytes())
ARCHITECTURE, WEIGHTS = json.loads(NETWORK["config.json"]), NETWORK["model.weights.h5"]


@st.composite
def networks(draw: Draw) -> bytes:
    """Draw a `.keras` file whose architecture, weights or zip are changed."""
    how = draw(st.sampled_from(["architecture", "weights", "weights", "weights", "both"]))
    architecture = draw(changed_json(ARCHITECTURE)) if how in ("architecture", "both") else ARCHITECTURE
    weights = draw(damaged(WEIGHTS)) if how == "both" else WEIGHTS
    if how == "weights":  # HDF5's own structures: the rest are numbers, which stay numbers
        start = draw(st.sampled_from([0, 0, 1_000, 2_000, 4_000]))
        weights = WEIGHTS[:start] + draw(damaged(WEIGHTS[start : start + 3_000])) + WEIGHTS[start + 3_000 :]
    try:
        text = json.dumps(architecture)
    except (RecursionError, ValueError):
        text = "[" * 100_000
    return draw(
        zips({"metadata.json": b"{}", "config.json": text.encode(errors="replace"), "model.weights.h5": weights})
    )


SMALL = write(paper(200, 150), [7], at=(40, 10), pen=10)
PHOTOGRAPHS = {kind: as_file(SMALL, kind) for kind in ("PNG", "JPEG", "WEBP")} | {
    "GREY": as_file(SMALL.convert("L"), "JPEG"),
    "PALETTE": as_file(SMALL.convert("P"), "PNG"),
    "TURNED": as_file(SMALL, "JPEG", exif=Image.Exif()),
    "GIF": as_file(SMALL, "GIF"),
}


@st.composite
def photographs(draw: Draw) -> bytes:
    """Draw a damaged picture in a file of any kind."""
    if draw(st.integers(0, 4)) == 0:
        return draw(odd_pngs(PHOTOGRAPHS["PNG"], 200))
    return draw(damaged(PHOTOGRAPHS[draw(st.sampled_from(sorted(PHOTOGRAPHS)))]))
