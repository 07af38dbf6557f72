"""What can be wrong with a template, as it is told across the process border."""

from typing import Literal

from msgspec import Struct

Code = Literal["unreadable", "not_allowed", "outside", "unknown", "too_large", "formula", "pictures", "kind"]


class Place(Struct):
    """Where in a template: a paragraph of a part with the words around it, or a sheet's cell."""

    part: str = ""
    number: int = 0  # of the paragraph; 0 in a workbook
    near: str = ""
    cell: str = ""


class Fault(Exception):
    """A template that is not taken, with the thing at fault and its place."""

    def __init__(self, code: Code, name: str = "", place: Place | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.name = name[:200]
        self.place = place or Place()
