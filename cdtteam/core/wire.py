"""From JSON to typed values: one way to say which field is wrong, one way to keep what is not known."""

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from cdtteam.core.never import collectable
from cdtteam.core.problems import Problem
from cdtteam.core.text import clean_tree

T = TypeVar("T")

Reason = Annotated[str, Meta(min_length=1, max_length=500)]

# What of a household or visit only the server says: nobody else's word on it is sent on.
_OURS = {"amended_at", "corrected", "counted", "entered_for", "review"}

_PATH = re.compile(r"at `(?:key in )?\$(.*)`$")
_MISSING = re.compile(r"missing required field `(\w+)`")


def convert(value: object, kind: type[T]) -> T:
    """JSON-like `value` as `kind`, strictly; Problem `invalid_field` with the path of the first thing wrong."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise Problem("invalid_field", field=_path(str(error))) from error
    except UnicodeEncodeError as error:
        clean_tree(value)  # says where the lone surrogate is
        raise Problem("invalid_field") from error


def prepare_types() -> None:
    """Has msgspec look at every Struct now, before there are threads.

    It looks at one when it is first read, and shows it to others while it is half done: two first requests that come
    at the same moment would end the process.
    """
    for kind in _below(Struct):
        msgspec.json.Decoder(kind)


def _below(kind: type[Struct]) -> Iterator[type[Struct]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def unknown_fields(given: dict[str, Any], known: Iterable[str]) -> dict[str, Any] | None:
    """The entries of `given` that are not `known`, kept as they came; None when there are none.

    What the server alone says of a row under such a name is not among them, nor what is never collected.
    """
    rest = {key: value for key, value in given.items() if key not in known and key not in _OURS}
    return collectable(rest) or None


def _path(message: str) -> str:
    at = _PATH.search(message)
    path = at[1].replace("[...]", "").lstrip(".") if at else ""
    missing = _MISSING.search(message)
    return ".".join(part for part in (path, missing[1] if missing else "") if part)
