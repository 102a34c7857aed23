"""PNG files as browsers write a canvas. They may come from anybody, so they are taken apart before a decoder sees them.

A decoder inflates a PNG's metadata (text, colour profiles) before it comes to the pixels, however large that is and
however often it occurs. So a file is walked chunk by chunk first, which costs little, and the decoder is given nothing
but its header, pixels and end.
"""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = struct.Struct(">IIBBBBB")  # width, height, bits, colour type, compression, filter, interlace
COLOUR_TYPES = (0, 2, 4, 6)  # grey, RGB, and both with alpha; a canvas never has a palette (3)

# The metadata that browsers add to a canvas' picture. Tried: Chromium 156 (nothing, and iCCP for a canvas of wide
# gamut), Firefox 153 (deBG, behind the pixels), WebKitGTK 2.50 (sRGB and sBIT). The others are Apple's (eXIf, pHYs and
# iDOT, iCCP in older Safaris), or come from earlier versions of these.
METADATA = frozenset(
    {b"sRGB", b"gAMA", b"cHRM", b"cICP", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"eXIf", b"iDOT", b"deBG"}
)
MAX_METADATA_BYTES = 16_000  # of all of it: a colour profile has up to four thousand
MAX_CHUNKS = 100  # Chromium writes one for every 4,096 bytes of pixels, and 100,000 bytes are honest


def strip_metadata(data: bytes) -> bytes:
    """Return the PNG with nothing but its header, pixels and end.

    Raises ValueError for a file that no browser makes of a canvas. Does not check the picture's size.
    """
    if not data.startswith(SIGNATURE):
        raise ValueError("not a PNG")
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
    return write_png((b"IHDR", header), (b"IDAT", b"".join(pixels)), (b"IEND", b""))


def read_chunk(data: bytes, place: int) -> tuple[bytes, bytes, int]:
    """Return the kind and content of the chunk at a place, and the next chunk's place. Raises ValueError if damaged."""
    if place + 12 > len(data):
        raise ValueError("a PNG that is cut short")
    (length,) = struct.unpack_from(">I", data, place)
    end = place + 8 + length
    if end + 4 > len(data):
        raise ValueError("a PNG that is cut short")
    if struct.unpack_from(">I", data, end) != (zlib.crc32(data[place + 4 : end]),):
        raise ValueError("a PNG that is damaged")
    return data[place + 4 : place + 8], data[place + 8 : end], end + 4


def write_png(*chunks: tuple[bytes, bytes]) -> bytes:
    """Return a PNG of these chunks, each a kind and its content."""
    return SIGNATURE + b"".join(write_chunk(*chunk) for chunk in chunks)


def write_chunk(kind: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG: length, kind, content, checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def check_order(kinds: list[bytes]) -> None:
    """Raise ValueError unless a browser writes chunks of these kinds, which end with IEND, in this order."""
    added = [kind for kind in kinds if kind not in (b"IHDR", b"IDAT", b"IEND")]
    if not METADATA.issuperset(added) or len(set(added)) < len(added):
        raise ValueError("a PNG with metadata that no browser adds")
    if kinds[0] != b"IHDR" or kinds.count(b"IHDR") > 1:
        raise ValueError("a PNG that does not begin with its one header")
    pieces = [place for place, kind in enumerate(kinds) if kind == b"IDAT"]
    if not pieces or pieces[-1] - pieces[0] >= len(pieces):
        raise ValueError("a PNG whose pixels are not in one piece")


def check_header(header: bytes) -> None:
    """Raise ValueError for a picture that no canvas gives: interlaced, with a palette, or not of 8 bits."""
    if len(header) != HEADER.size:
        raise ValueError("a PNG whose header has another length")
    _, _, bits, colour_type, *methods = HEADER.unpack(header)
    if bits != 8 or colour_type not in COLOUR_TYPES or any(methods):
        raise ValueError("a PNG of a kind that no canvas has")
