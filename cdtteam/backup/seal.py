"""The marks of backups, with a checksum: neither SQLite nor pg_restore notices every damage to content.

In an SQLite file the header's two fields for applications hold our sign and the checksum; a dump of PostgreSQL has them
behind its end, where pg_restore does not look. So both stay files that their own tools open.
"""

import os
import zlib
from pathlib import Path

SQLITE = b"SQLite format 3\0"
_SIGN_AT, _SIGN = 68, b"cdtB"  # application_id
_SUM_AT = 60  # user_version
_TRAIL = b"\ncdtB"  # and four bytes of checksum
_CHUNK = 1 << 20


def is_sealed(head: bytes) -> bool:
    """Whether a file with this head is a backup that `seal` has marked."""
    return head.startswith(SQLITE) and head[_SIGN_AT : _SIGN_AT + 4] == _SIGN


def seal(path: Path) -> None:
    """Marks an SQLite file that nobody has open."""
    with path.open("r+b") as file:
        file.seek(_SIGN_AT)
        file.write(_SIGN)
        file.flush()
        checksum = _checksum(path)
        file.seek(_SUM_AT)
        file.write(checksum)
        file.flush()
        os.fsync(file.fileno())


def is_intact(path: Path) -> bool:
    """Whether a marked file is as it was when it was marked."""
    with path.open("rb") as file:
        file.seek(_SUM_AT)
        return file.read(4) == _checksum(path)


def unseal(path: Path) -> None:
    """Takes the mark away from a copy that is going to change."""
    with path.open("r+b") as file:
        for place in (_SIGN_AT, _SUM_AT):
            file.seek(place)
            file.write(bytes(4))


def seal_dump(path: Path) -> None:
    """Marks a dump."""
    with path.open("ab") as file:
        file.write(_TRAIL + _dump_checksum(path, path.stat().st_size))


def is_dump_intact(path: Path) -> bool:
    """Whether a marked dump is as it was when it was marked; one without a mark may have been made by hand."""
    end = path.stat().st_size - len(_TRAIL) - 4
    if end < 0:
        return True
    with path.open("rb") as file:
        file.seek(end)
        trail = file.read()
    return not trail.startswith(_TRAIL) or trail.endswith(_dump_checksum(path, end))


def _dump_checksum(path: Path, size: int) -> bytes:
    found = 0
    with path.open("rb") as file:
        while chunk := file.read(min(_CHUNK, size)):
            found = zlib.crc32(chunk, found)
            size -= len(chunk)
    return found.to_bytes(4, "big")


def _checksum(path: Path) -> bytes:
    with path.open("rb") as file:
        first = bytearray(file.read(_CHUNK))
        first[_SUM_AT : _SUM_AT + 4] = bytes(4)
        found = zlib.crc32(first)
        while chunk := file.read(_CHUNK):
            found = zlib.crc32(chunk, found)
    return found.to_bytes(4, "big")
