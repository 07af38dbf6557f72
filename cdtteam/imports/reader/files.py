"""From a file's bytes to its sheets, by what it is and not by what it is called."""

from cdtteam.imports.reader.plain import read_plain
from cdtteam.imports.reader.wire import Delivery, Fault, Sheet

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and .xlsx behind a password


def read_file(content: bytes) -> Delivery:
    """The sheets of a workbook or of a CSV file, or what is wrong; nothing that a file holds makes this raise."""
    try:
        return Delivery(_sheets(content)) if content.strip() else Delivery(fault="empty")
    except Fault as fault:
        return Delivery(fault=fault.code)
    except MemoryError:
        return Delivery(fault="too_large")
    except Exception:  # noqa: BLE001 — files may be broken in ways that their readers were never told of
        return Delivery(fault="unreadable")


def _sheets(content: bytes) -> list[Sheet]:
    if content.startswith(_OLE):
        raise Fault("old_format")
    if content.startswith(_ZIP):
        from cdtteam.imports.reader.workbook import read_workbook  # noqa: PLC0415 — a CSV file does not pay for it

        sheets = read_workbook(content)
    else:
        sheets = [read_plain(content)]
    if not any(sheet.rows for sheet in sheets):
        raise Fault("empty")
    return [sheet for sheet in sheets if sheet.rows]
