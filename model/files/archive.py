"""Zip files, which may come from anybody: how much there is in one is known before any of it is unpacked."""

import io
import struct
import zipfile

END = struct.Struct("<4s4H2LH")  # "PK\5\6", four numbers, the directory's size and place, the length of a comment
END_64 = b"PK\6\7"  # 20 bytes before that, in archives of gigabytes: the size stands elsewhere
MAX_ENTRY = 400  # bytes of the directory that a file may take: its name, and what systems add to it


def open_zip(data: bytes, max_files: int) -> zipfile.ZipFile:
    """A zip of so many files at most, each of another name.

    Its directory's size is checked before it is read: Python takes a second for 90,000 empty entries. Raises
    zipfile.BadZipFile or another exception for anything else.
    """
    signature, *_, size, _, comment = END.unpack(data[-END.size :])
    if signature != b"PK\5\6" or comment or data[-END.size - 20 :].startswith(END_64):
        raise zipfile.BadZipFile("no zip, or one with more behind its files than a directory")
    if size > max_files * MAX_ENTRY:
        raise zipfile.BadZipFile("too long a directory")
    archive = zipfile.ZipFile(io.BytesIO(data))
    entries = archive.infolist()
    if len(entries) > max_files or len({entry.filename for entry in entries}) < len(entries):
        raise zipfile.BadZipFile("too many files, or several of one name")
    return archive
