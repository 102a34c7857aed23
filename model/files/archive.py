"""Zip files, which may come from anybody: they are measured before anything in them is unpacked."""

import codecs
import io
import struct
import zipfile

END_RECORD = struct.Struct("<4s4H2LH")  # "PK\5\6", four numbers, the directory's size and place, a comment's length
ZIP64_LOCATOR = b"PK\6\7"  # 20 bytes before the end record of archives of gigabytes: their size stands elsewhere
MAX_ENTRY_BYTES = 400  # of the directory for each file: its name, and what systems add to it

codecs.lookup("cp437")  # zipfile opens it at first use, and in the sandbox no file can be opened by then


def open_zip(data: bytes, max_files: int) -> zipfile.ZipFile:
    """Open a zip of at most so many files, all with different names.

    The size of its directory is checked before it is read, because Python takes a second for 90,000 empty entries.
    Raises zipfile.BadZipFile or another exception for anything else.
    """
    signature, *_, size, _, comment = END_RECORD.unpack(data[-END_RECORD.size :])
    if signature != b"PK\5\6" or comment or data[-END_RECORD.size - 20 :].startswith(ZIP64_LOCATOR):
        raise zipfile.BadZipFile("not a zip, or a zip with more than a directory behind its files")
    if size > max_files * MAX_ENTRY_BYTES:
        raise zipfile.BadZipFile("the directory is too long")
    archive = zipfile.ZipFile(io.BytesIO(data))
    entries = archive.infolist()
    if len(entries) > max_files or len({entry.filename for entry in entries}) < len(entries):
        raise zipfile.BadZipFile("too many files, or several of one name")
    return archive
