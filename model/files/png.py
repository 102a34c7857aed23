"""PNG files as browsers write a canvas, which may come from anybody: taken apart before a decoder sees them.

A decoder inflates what a PNG says about itself (text, colour profiles) before it comes to the pixels, however much and
often that is. So a file is walked chunk by chunk first, which costs little, and the decoder is given its header, pixels
and end alone.
"""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = struct.Struct(">IIBBBBB")  # width, height, bits, colour type, compression, filter, interlace
COLOUR_TYPES = (0, 2, 4, 6)  # grey, RGB, and both with alpha; a palette (3) is nothing that a canvas has

# What browsers add to a canvas' picture. Tried: Chromium 156 nothing, and iCCP for a canvas of wide gamut; Firefox 153
# deBG, behind the pixels; WebKitGTK 2.50 sRGB and sBIT. The others are Apple's (eXIf, pHYs and iDOT, iCCP in older
# Safaris), or of earlier versions of these.
METADATA = frozenset(
    {b"sRGB", b"gAMA", b"cHRM", b"cICP", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"eXIf", b"iDOT", b"deBG"}
)
MAX_METADATA_BYTES = 16_000  # bytes of them together: a colour profile has up to four thousand
MAX_CHUNKS = 100  # Chromium begins another one with pixels after 4,096 bytes, and 100,000 bytes are honest


def strip_metadata(data: bytes) -> bytes:
    """The same picture with nothing but its header, pixels and end.

    Raises ValueError for what no browser makes of a canvas. The picture's size is not looked at.
    """
    if not data.startswith(SIGNATURE):
        raise ValueError("no PNG")
    kinds: list[bytes] = []
    pixels: list[bytes] = []
    header, added, place = b"", 0, len(SIGNATURE)
    while b"IEND" not in kinds:
        kind, content, place = read_chunk(data, place)
        kinds.append(kind)
        if kind == b"IHDR":
            header = content
        elif kind == b"IDAT":
            pixels.append(content)
        else:
            added += len(content)
        if len(kinds) > MAX_CHUNKS or added > MAX_METADATA_BYTES:
            raise ValueError("a PNG with too much in it")
    check_order(kinds)
    check_header(header)
    if place != len(data):
        raise ValueError("a PNG with something behind its end")
    chunks = ((b"IHDR", header), (b"IDAT", b"".join(pixels)), (b"IEND", b""))
    return SIGNATURE + b"".join(write_chunk(*chunk) for chunk in chunks)


def read_chunk(data: bytes, place: int) -> tuple[bytes, bytes, int]:
    """The kind and content of the chunk at a place, and the next one's place. Raises ValueError where there is none."""
    if place + 12 > len(data):
        raise ValueError("a PNG that is cut short")
    (length,) = struct.unpack_from(">I", data, place)
    end = place + 8 + length
    if end + 4 > len(data):
        raise ValueError("a PNG that is cut short")
    if struct.unpack_from(">I", data, end) != (zlib.crc32(data[place + 4 : end]),):
        raise ValueError("a PNG that is damaged")
    return data[place + 4 : place + 8], data[place + 8 : end], end + 4


def write_chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG: length, kind, content, checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def check_order(kinds: list[bytes]) -> None:
    """Raise ValueError unless chunks of these kinds, which end with IEND, are what a browser writes."""
    added = [kind for kind in kinds if kind not in (b"IHDR", b"IDAT", b"IEND")]
    if not METADATA.issuperset(added) or len(set(added)) < len(added):
        raise ValueError("a PNG with what no browser adds")
    if kinds[0] != b"IHDR" or kinds.count(b"IHDR") > 1:
        raise ValueError("a PNG that does not begin with its one header")
    pieces = [place for place, kind in enumerate(kinds) if kind == b"IDAT"]
    if not pieces or pieces[-1] - pieces[0] >= len(pieces):
        raise ValueError("a PNG whose pixels are not in one piece")


def check_header(header: bytes) -> None:
    """Raise ValueError for a picture that is none of a canvas: interlaced, with a palette, not of 8 bits."""
    if len(header) != HEADER.size:
        raise ValueError("a PNG whose header has another length")
    _, _, bits, colour_type, *methods = HEADER.unpack(header)
    if bits != 8 or colour_type not in COLOUR_TYPES or any(methods):
        raise ValueError("a PNG of a kind that no canvas has")
