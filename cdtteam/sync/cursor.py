"""The cursor: the villages that a phone mirrors, each with the version seen; opaque to the phone."""

import re
from uuid import UUID

from cdtteam.core.problems import Problem

_PART = re.compile(r"([0-9a-f]{32})-(\d{1,18})", re.ASCII)


def write_cursor(seen: dict[UUID, int]) -> str:
    """`seen` as text."""
    return ".".join(f"{village_id.hex}-{version}" for village_id, version in seen.items())


def read_cursor(text: str | None) -> dict[UUID, int]:
    """The versions seen by village; Problem `malformed` (cursor)."""
    if not text:
        return {}
    parts = [_PART.fullmatch(part) for part in text.split(".")]
    if not all(parts):
        raise Problem("malformed", field="cursor")
    return {UUID(part[1]): int(part[2]) for part in parts if part}
