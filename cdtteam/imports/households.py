"""Rows of a list of households."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.core.text import fold, is_one_name
from cdtteam.households.likeness import sound
from cdtteam.households.models import Household
from cdtteam.households.refusals import mark_of as name_mark
from cdtteam.households.refusals import refused_marks
from cdtteam.imports.cells import joined, read_whole, without_title
from cdtteam.imports.checks import MISSING, Given, Rows, name_trouble, note_trouble, short_trouble, village_at
from cdtteam.imports.lines import Judged, Line
from cdtteam.imports.marks import mark_of
from cdtteam.imports.models import UploadMade
from cdtteam.imports.places import Villages


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household that a row makes; `fields` as households.operations takes them."""

    village_id: UUID
    fields: dict[str, Any]
    mark: bytes


@dataclass
class Known:
    """The households of a commune's villages, by number and by name with hamlet, and those that refused to be named.

    `sounds` are those that were there before the list, with name and hamlet, by how they are called.
    `made` are the marks of rows that became a household which is there, whatever it is called by now;
    `forgotten` are the marks of rows of earlier lists, `refused` those of names, for what never was in a list.
    """

    codes: set[tuple[UUID, str]] = field(default_factory=set)
    names: dict[tuple[UUID, str, str], set[tuple[str, str]]] = field(default_factory=dict)  # name and number
    sounds: dict[tuple[UUID, str], tuple[str, str | None]] = field(default_factory=dict)
    made: set[bytes] = field(default_factory=set)
    forgotten: set[bytes] = field(default_factory=set)
    refused: set[bytes] = field(default_factory=set)

    def add(self, village_id: UUID, code: str | None, name: str, hamlet: str | None) -> None:
        """Takes a household up."""
        if code:
            self.codes.add((village_id, fold(code)))
        self.names.setdefault((village_id, fold(name), fold(hamlet or "")), set()).add((name, fold(code or "")))

    def holds(self, places: list[UUID], code: str | None, name: str, hamlet: str | None) -> bool:
        """Whether it is the same household: by its number, or by name and hamlet where one of the two has no number.

        Of several pieces of ground the first is that of the number: on each of the others it may be another's.
        """
        if code and (places[0], fold(code)) in self.codes:
            return True
        key = (fold(name), fold(hamlet or ""))
        alike = (found for place in places for found in self.names.get((place, *key), ()))
        return any(
            is_one_name(name, other) and (not (code and number) or fold(code) == number) for other, number in alike
        )

    def alike(self, places: list[UUID], name: str) -> str:
        """Which household that was there before a row may mean, in words; nothing where none is called like it."""
        known = next((found for place in places if (found := self.sounds.get((place, sound(name))))), None)
        if known is None:
            return ""
        called = f"{known[0]}, {known[1]}" if known[1] else known[0]
        return str(gettext("It may be a household that is there already: %(household)s.", household=called))

    def has_refused(self, places: list[UUID], name: str) -> bool:
        """Whether a household of that name has refused to be named on one of several pieces of ground."""
        return any(name_mark(place, name) in self.refused for place in places)


def known_households(session: Session, villages: Villages) -> Known:
    """What there is already in a commune; withdrawn households are not there."""
    known = Known()
    columns = (Household.village_id, Household.code, Household.head_name, Household.hamlet)
    there = (Household.withdrawn_at.is_(None), Household.erased_at.is_(None))
    for row in session.execute(select(*columns).where(Household.village_id.in_(villages.names), *there)):
        known.add(row[0], row[1], row[2] or "", row[3])
        known.sounds.setdefault((row[0], sound(row[2] or "")), (row[2] or "", row[3]))
    made = select(UploadMade.mark).join(Household, Household.id == UploadMade.row_id)
    marked = made.where(UploadMade.mark.is_not(None))
    known.made = {
        mark for mark in session.scalars(marked.where(Household.village_id.in_(villages.names), *there)) if mark
    }
    known.forgotten = {mark for mark in session.scalars(marked.where(Household.erased_at.is_not(None))) if mark}
    known.refused = refused_marks(session, villages.names)
    return known


def judge_households(rows: Rows, villages: Villages, known: Known, secret: bytes) -> Judged[NewHousehold]:
    """What each row would make; the first of two rows that mean the same household stands."""
    lines = [_judge(number, given, villages) for number, given in rows]
    for line in lines:
        if line.entry is None or line.troubles:
            continue
        village_id, own = line.entry.village_id, line.entry.fields
        entry = NewHousehold(village_id, own, _mark(secret, village_id, own))
        meant, ground = villages.meant_by(village_id), villages.ground(village_id)
        if known.holds(meant, own["code"], own["head_name"], own["hamlet"]) or _has_come(
            known.made, secret, ground, own
        ):
            line.entry, line.note = None, gettext("It is there already.")
        elif _has_come(known.forgotten, secret, ground, own) or known.has_refused(ground, own["head_name"]):
            line.entry, line.note = None, gettext("It has asked not to be named.")
        else:
            known.add(village_id, own["code"], own["head_name"], own["hamlet"])
            line.entry, line.note = entry, known.alike(ground, own["head_name"])
    return Judged(lines)


def _judge(number: int, given: Given, villages: Villages) -> Line[NewHousehold]:
    given = given | {"head_name": without_title(given.get("head_name", ""))}
    line: Line[NewHousehold] = Line(number, {key: joined(text) for key, text in given.items()})
    village_id = village_at(line, villages)
    for key, check in _CHECKS.items():
        text = given.get(key, "").strip()
        if text and (trouble := check(text)):
            line.troubles[key] = trouble
    if not line.texts.get("head_name"):
        line.troubles["head_name"] = str(MISSING)
    if village_id is not None and not line.troubles:
        texts = {key: line.texts.get(key) or None for key in ("code", "head_name", "hamlet", "note")}
        people = read_whole(line.texts["people"]) if line.texts.get("people") else None
        line.entry = NewHousehold(village_id, {**texts, "people": people}, b"")
    return line


def _has_come(marks: set[bytes], secret: bytes, ground: list[UUID], own: dict[str, Any]) -> bool:
    """Whether an earlier list brought the row, under one of the names of its village, as one of those with marks."""
    return any(_mark(secret, piece, own) in marks for piece in ground)


def _people(text: str) -> str:
    number = read_whole(text)
    return "" if number is not None and 1 <= number <= 50 else gettext("This must be a number from 1 to 50.")


_CHECKS: dict[str, Callable[[str], str]] = {
    "code": short_trouble, "head_name": name_trouble, "hamlet": short_trouble, "people": _people, "note": note_trouble,
}  # fmt: skip


def _mark(secret: bytes, village_id: UUID, own: dict[str, Any]) -> bytes:
    return mark_of(secret, str(village_id), *(own[key] or "" for key in ("code", "head_name", "hamlet")))
