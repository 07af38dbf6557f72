"""The archive that a workbook is: looked over before anything in it is read."""

import io
import zipfile

from cdtteam.core.zips import BROKEN, PREAMBLE, DeclaringError, UnreadableError, refuse_declarations
from cdtteam.imports.reader.wire import Fault

PARTS = 2_000
UNPACKED = 160 * 1024 * 1024
RATIO = 200  # sheets pack 10 to 60 times, bombs 1,000 times
SMALL = 1024 * 1024

_TYPE = b"spreadsheetml.sheet.main+xml"


def check_archive(content: bytes) -> None:
    """Fault when the archive is no workbook, unpacks to too much, or declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_sizes(archive.infolist())
            types = archive.read("[Content_Types].xml") if "[Content_Types].xml" in archive.namelist() else b""
            if _TYPE not in types:
                raise Fault("no_sheet")
            for entry in archive.infolist():
                if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                    with archive.open(entry) as part:
                        refuse_declarations(part.read(PREAMBLE))
    except DeclaringError as error:
        raise Fault("not_allowed") from error
    except (*BROKEN, UnreadableError) as error:
        raise Fault("unreadable") from error


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    # What an entry says of its size is what is read of it at most: more is an error of the archive.
    if len(entries) > PARTS or sum(entry.file_size for entry in entries) > UNPACKED:
        raise Fault("too_large")
    if any(entry.file_size > SMALL and entry.file_size > RATIO * entry.compress_size for entry in entries):
        raise Fault("too_large")
