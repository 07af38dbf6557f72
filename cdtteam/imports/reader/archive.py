"""The archive that a workbook is: looked over before anything in it is read."""

import io
import zipfile
from xml.parsers import expat

from cdtteam.core.zips import BROKEN
from cdtteam.imports.reader.wire import Fault

PARTS = 2_000
UNPACKED = 160 * 1024 * 1024
RATIO = 200  # sheets pack 10 to 60 times, bombs 1,000 times
SMALL = 1024 * 1024

_READ = 64 * 1024
_TYPE = b"spreadsheetml.sheet.main+xml"


class _Begun(Exception):
    """The first element has come, after which no declaration can."""


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
                        _refuse_declarations(part.read(_READ))
    except BROKEN as error:
        raise Fault("unreadable") from error


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    # What an entry says of its size is what is read of it at most: more is an error of the archive.
    if len(entries) > PARTS or sum(entry.file_size for entry in entries) > UNPACKED:
        raise Fault("too_large")
    if any(entry.file_size > SMALL and entry.file_size > RATIO * entry.compress_size for entry in entries):
        raise Fault("too_large")


def _refuse_declarations(start: bytes) -> None:
    """Refuses a document type: no office program writes one, and entities are declared there."""

    def refuse(*_: object) -> None:
        raise Fault("not_allowed")

    def begin(*_: object) -> None:
        raise _Begun

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    try:
        parser.Parse(start, False)
    except _Begun:
        return
    except expat.ExpatError as error:
        raise Fault("unreadable") from error
    if start:  # so long a preamble is no office program's either
        raise Fault("not_allowed")
