"""Cells that hold more than one thing: several people, what they are in brackets, several phone numbers."""

import re
from dataclasses import dataclass, field
from typing import Protocol

from flask_babel import gettext

from cdtteam.core.phones import normalise_phone
from cdtteam.imports.cells import without_title
from cdtteam.imports.checks import Given

_LONGEST = 1_000  # characters of a cell with people in it; one that was cut as it was read is longer
_MOBILE = re.compile(r"0[35789]\d{8}")
_PHONE = re.compile(r"(?<![\d+])(?:(?:\+?84|0)(?:[ .()-]{0,2}\d){8,10}|[1-9]\d{8,9})(?!\d)")
_APART = re.compile(r"(?:[\n;,&]|\s+và\s+|\s+và\n)(?![^()]*\))")
_COUNTED = re.compile(r"(?:^|(?<=[\s;,]))\d{1,2}[.)]\s*(?=[^\W\d])")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_FIRST = re.compile(r"((?:tổ\s+)?(?:trưởng|phó)|thành viên|tổ viên)\s*:\s*(.+)", re.IGNORECASE)
_BEHIND = re.compile(r"(.+?)\s*(?:\s[-–]\s|:\s*)(.+)")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a cell; `says` are fields that stand there beside the name."""

    name: str
    says: dict[str, str] = field(default_factory=dict)


class Telling(Protocol):
    """Tells the field of which a text beside a name is, if any."""

    def __call__(self, text: str, *, may_be_name: bool) -> str:
        """The field, or an empty text; what `may_be_name` stands where another name could."""


def people_in(text: str, telling: Telling) -> list[Person]:
    """The people of a cell: "Nguyễn Văn A (tổ trưởng), Trần Thị B 0912345678"; one where it is not clear.

    A cell that goes on for longer than people do is one name, which is too long.
    """
    if len(text) > _LONGEST:
        return [Person(text.strip())]
    found: list[Person] = []
    for part in _APART.split(_COUNTED.sub("\n", text)):
        bare = part.strip(" \t-+•*.")
        key = telling(bare, may_be_name=True) if found and bare else ""
        if key:
            found[-1].says.setdefault(key, bare)
        elif bare:
            found.append(_person(bare, telling))
    # A line may break within a name, and a single word is no whole one.
    is_clear = len(found) < 2 or all(" " in person.name for person in found)
    return found if is_clear else [Person(text.strip())]


def _person(text: str, telling: Telling) -> Person:
    says: dict[str, str] = {}

    def take(words: str) -> bool:
        key = telling(words.strip(), may_be_name=False)
        if key:
            says.setdefault(key, words.strip())
        return bool(key)

    def outside(found: re.Match[str]) -> str:
        taken = [take(one) for one in re.split("[,;]", found[1])]
        return "" if all(taken) else found[0]

    name = _PHONE.sub(lambda found: "" if take(found[0]) else found[0], _BRACKETS.sub(outside, text))
    name = re.sub(r"[,;\s]+\)", ")", name).strip(" -–:")
    if (first := _FIRST.fullmatch(name)) and take(first[1]):
        name = first[2]
    elif (behind := _BEHIND.fullmatch(name)) and take(behind[2]):
        name = behind[1]
    return Person(without_title(name), says)


def phones_in(text: str) -> list[str]:
    """The phone numbers of a cell in their one form, mobiles first; none where what stands there is no number."""
    text = re.sub(r"(?<=\d)\.0$", "", text.strip())  # a number that was a number with a point once
    whole = normalise_phone(text)
    if whole is not None:
        return [whole]
    numbers = [normalise_phone(found) for part in re.split(r"[\n;,/|]", text) for found in _PHONE.findall(part)]
    return sorted(dict.fromkeys(number for number in numbers if number), key=lambda one: not _MOBILE.fullmatch(one))


def one_each(given: Given, telling: Telling) -> list[tuple[Given, dict[str, str]]]:
    """A row's cells for each person in it, with troubles where other cells do not say whom they mean."""
    people = people_in(given.get("name", ""), telling)
    if len(people) < 2:
        says = people[0].says if people else {}
        name = {"name": people[0].name} if people else {}
        return [(_filled(given, says) | name, {})]
    rows: list[tuple[Given, dict[str, str]]] = []
    for at, person in enumerate(people):
        own = given | {"name": person.name}
        troubles: dict[str, str] = {}
        for key in ("phone", "position", "organisation", "started_on"):
            values = _values(given.get(key, ""))
            if len(values) == len(people):
                own[key] = values[at]
            elif key in ("phone", "position") and values and not person.says.get(key):
                troubles[key] = gettext("Several people stand in this row, and not as many of these.")
            elif key in ("phone", "position"):
                own[key] = ""
        rows.append((_filled(own, person.says), troubles))
    return rows


def _filled(given: Given, says: dict[str, str]) -> Given:
    """Cells, with what stands beside the name where they are empty."""
    return given | {key: text for key, text in says.items() if not given.get(key, "").strip()}


def _values(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[\n;,/]", text) if part.strip()]
