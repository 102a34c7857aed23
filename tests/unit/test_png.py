"""Pictures of a canvas are accepted from every browser. No other PNG ever reaches a decoder."""

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from model.files.png import HEADER, MAX_CHUNKS, MAX_METADATA_BYTES, strip_metadata, write_png

Chunk = tuple[bytes, bytes]

ROWS = b"".join(b"\0" + bytes([row]) * 4 * 5 for row in range(3))
PIXELS = zlib.compress(ROWS)
IDAT = (b"IDAT", PIXELS)
IEND = (b"IEND", b"")
SRGB = (b"sRGB", b"\0")
PROFILE = (b"iCCP", b"Display P3\0\0" + zlib.compress(bytes(600)))
EXIF = (b"eXIf", b"MM\0*\0\0\0\x08" + bytes(60))


def header(width: int = 5, height: int = 3, bits: int = 8, colour: int = 6, interlace: int = 0) -> Chunk:
    return b"IHDR", HEADER.pack(width, height, bits, colour, 0, 0, interlace)


@pytest.mark.parametrize(
    "chunks",
    [
        [header(), *[(b"IDAT", PIXELS[i : i + 3]) for i in range(0, len(PIXELS), 3)], IEND],
        [header(), PROFILE, IDAT, IEND],
        [header(), IDAT, (b"deBG", bytes(16)), IEND],
        [header(), SRGB, (b"sBIT", b"\x08\x08\x08\x08"), IDAT, IEND],
        [header(), SRGB, EXIF, (b"pHYs", bytes(9)), (b"iDOT", bytes(28)), IDAT, IEND],
    ],
    ids=["Chromium", "Chromium, wide gamut", "Firefox", "WebKitGTK", "Safari"],
)
def test_metadata_of_browsers_is_stripped(chunks: list[Chunk]) -> None:
    stripped = strip_metadata(write_png(*chunks))
    assert stripped == write_png(header(), IDAT, IEND)
    picture = np.asarray(Image.open(io.BytesIO(stripped)))
    assert picture.shape == (3, 5, 4)
    assert picture[:, 0, 0].tolist() == [0, 1, 2]


def test_a_large_honest_picture_is_accepted() -> None:
    noise = np.random.default_rng(0).bytes(100_000)
    pieces = [(b"IDAT", noise[i : i + 4096]) for i in range(0, len(noise), 4096)]
    assert strip_metadata(write_png(header(), *pieces, IEND)) == write_png(header(), (b"IDAT", noise), IEND)


@pytest.mark.parametrize(
    "chunks",
    [
        [],
        [IEND],
        [header(), IEND],
        [header(), IDAT],
        [IDAT, header(), IEND],
        [header(), header(), IDAT, IEND],
        [header(), IDAT, SRGB, IDAT, IEND],
        [header(), SRGB, SRGB, IDAT, IEND],
        [header(), *[(b"zTXt", b"a\0\0" + zlib.compress(bytes(2**20)))] * 63, IDAT, IEND],
        [header(), (b"tEXt", b"a\0b"), IDAT, IEND],
        [header(), (b"iTXt", b"a\0\0\0\0\0b"), IDAT, IEND],
        [header(), (b"acTL", bytes(8)), IDAT, IEND],
        [header(), (b"PLTE", bytes(12)), IDAT, IEND],
        [header(), *[(b"IDAT", b"")] * MAX_CHUNKS, IDAT, IEND],
        [header(), (b"iCCP", bytes(MAX_METADATA_BYTES)), EXIF, IDAT, IEND],
        [header(bits=16), IDAT, IEND],
        [header(colour=3), IDAT, IEND],
        [header(interlace=1), IDAT, IEND],
        [(b"IHDR", bytes(12)), IDAT, IEND],
        [header(), IDAT, IEND, SRGB],
        [header(), IDAT, (b"IEND", b"more"), IEND],
    ],
    ids=range(21),
)
def test_a_png_that_no_browser_writes_is_refused(chunks: list[Chunk]) -> None:
    with pytest.raises(ValueError, match="PNG"):
        strip_metadata(write_png(*chunks))


def test_a_damaged_or_truncated_png_is_refused() -> None:
    whole = write_png(header(), IDAT, IEND)
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        for data in (bytes(damaged), whole[:place]):
            with pytest.raises(ValueError, match="PNG"):
                strip_metadata(data)
