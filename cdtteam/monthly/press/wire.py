"""What goes to the press and what comes back, as MessagePack."""

from typing import Any, Literal

from msgspec import Struct

from cdtteam.monthly.press.faults import Code, Place

Kind = Literal["docx", "xlsx"]


class Order(Struct):
    """A template to be filled with `data`; `shape` is an example of it, none of whose lists is empty.

    `title`, `author` and `made` (RFC 3339) are what the file will say of itself.
    """

    kind: Kind
    template: bytes
    data: dict[str, Any]
    shape: dict[str, Any]
    title: str
    author: str
    made: str


class Delivery(Struct):
    """The filled file, or what is wrong with the template."""

    file: bytes = b""
    fault: Code | None = None
    name: str = ""
    place: Place | None = None
