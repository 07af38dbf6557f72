"""What is never collected of anybody, known by what it is called (sync protocol, "Never collected")."""

import re
from typing import Any, Final

from cdtteam.core.text import words

NEVER_COLLECTED: Final = {
    "identity": (
        r"cccd|cmnd|cmt|cmtnd|can cuoc|chung minh|dinh danh|ho chieu|so cc|cc cmnd|id card|identity|passport|id number"
    ),
    "ethnicity": r"dan toc|ethnic\w*",
    "place": r"toa do|kinh do|vi do|gps|lat|lng|long|latitude|longitude|coordinates|dinh vi",
}
"""Reason to a pattern of whole words, folded."""

_NEVER = re.compile(rf"\b({'|'.join(NEVER_COLLECTED.values())})\b")
_ALONE = "long"  # beside other words it is one of English (`how_long`), and half a position is none
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def is_never_collected(name: str) -> bool:
    """Whether a field of this name, such as `so_cccd` or `idCard`, would hold it."""
    said = words(_HUMP.sub(" ", name))
    return any(found[0] != _ALONE or said == _ALONE for found in _NEVER.finditer(said))


def collectable(value: Any) -> Any:
    """JSON-like `value` without the fields, however deep in it, that would hold what is never collected."""
    if isinstance(value, dict):
        return {key: collectable(item) for key, item in value.items() if not is_never_collected(key)}
    return [collectable(item) for item in value] if isinstance(value, list) else value
