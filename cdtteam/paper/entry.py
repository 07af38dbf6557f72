"""The form on which an officer enters a team's visits from paper: its rows, what was typed, what is wrong with it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from flask_babel import gettext as _
from markupsafe import Markup

from cdtteam.admin.form import read_day
from cdtteam.core.ids import is_uuid7, new_id
from cdtteam.core.problems import Problem
from cdtteam.core.text import clean_text, fold
from cdtteam.support.models import Service

ROWS = 8
MOST_DAYS = 399  # how far back a visit may lie
KINDS = ("home", "public_place", "phone", "group")
OUTCOMES = ("done", "in_progress", "needs_follow_up", "declined")
MOST_SERVICES, MOST_PEOPLE, LONGEST_NAME, LONGEST_NOTE = 12, 2000, 120, 1000
ANSWERS = {"yes": True, "no": False}
_TYPED = ("on", "household", "kind", "services", "people", "outcome", "note", "named", "contact")


@dataclass
class Row:
    """A line of the paper; `id` and `home_id` were minted when the form was shown: sending twice is harmless."""

    number: int
    id: UUID
    home_id: UUID
    typed: dict[str, str] = field(default_factory=dict)
    is_new_home: bool = False
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def error(self) -> str:
        """All that is wrong with it, in sentences; nothing when it is well."""
        return " ".join(dict.fromkeys(self.faults.values()))

    @property
    def is_empty(self) -> bool:
        """Whether nothing but what the form brought stands in it."""
        return not any(self.typed.get(name) for name in ("household", "services", "note", "on"))

    def marks(self, name: str, *, is_first: bool) -> Markup:
        """The attributes of a field that is at fault; the reader is led to the first one."""
        if name not in self.faults:
            return Markup()
        focus = Markup(" autofocus") if is_first and name == next(iter(self.faults)) else Markup()
        return Markup(' aria-invalid="true" aria-describedby="error-{}"{}').format(self.number, focus)

    def blame(self, name: str, words: str) -> None:
        """Says what is wrong with a field; the first thing stays."""
        self.faults.setdefault(name, words)


@dataclass(frozen=True, slots=True)
class Line:
    """What a row says; `consents` are a new household's answers, by purpose."""

    id: UUID
    home_id: UUID
    on: date
    household: str
    is_new_home: bool
    kind: str
    services: list[str]
    people: int
    outcome: str
    note: str | None
    consents: Mapping[str, bool]


def fresh_rows(count: int = ROWS) -> list[Row]:
    """Empty rows with ids of their own."""
    return [Row(number, new_id(), new_id()) for number in range(1, count + 1)]


def rows_given(given: Mapping[str, str]) -> list[Row]:
    """The rows that came with a form; Problem `malformed` for ids that no form of ours brings."""
    rows = []
    for number in range(1, ROWS + 1):
        row = Row(number, _id(given.get(f"id-{number}")), _id(given.get(f"home-{number}")))
        for name in _TYPED:
            try:
                row.typed[name] = clean_text(given.get(f"{name}-{number}", ""), name).strip()
            except Problem:
                row.typed[name] = ""
                row.blame(name, _("There is something here that cannot be read."))
        row.is_new_home = bool(given.get(f"new-{number}"))
        rows.append(row)
    return rows


def read_row(row: Row, numbers: Mapping[int, Service], today: date) -> Line | None:
    """What a row says; None where something is wrong, which stands in the row then."""
    typed = row.typed
    on = _day(row, today)
    services = _services(row, numbers)
    people = _people(row)
    if len(typed["household"]) > LONGEST_NAME or len(typed["note"]) > LONGEST_NOTE:
        row.blame("note" if len(typed["note"]) > LONGEST_NOTE else "household", _("This is too long."))
    if typed["kind"] not in KINDS or typed["outcome"] not in OUTCOMES:
        row.blame("kind", _("Please choose one."))
    if row.is_new_home and not typed["household"]:
        row.blame("household", _("Please give the name of the new household."))
    consents = _consents(row) if row.is_new_home else {}
    if row.error or on is None:
        return None
    return Line(
        row.id, row.home_id, on, typed["household"], row.is_new_home, typed["kind"], services, people, typed["outcome"],
        typed["note"] or None, consents,
    )  # fmt: skip


def numbered(services: list[Service]) -> dict[int, Service]:
    """The catalogue's entries by the numbers under which they stand on the blank sheet, from 1."""
    return {service.position + 1: service for service in services}


def checked(name: str, numbers: Mapping[int, Service], today: date) -> Callable[[str], str]:
    """What is wrong with the text of one field of a line, in words; nothing when it is well."""
    readers: dict[str, Callable[[Row], object]] = {
        "on": lambda row: _day(row, today), "services": lambda row: _services(row, numbers), "people": _people,
    }  # fmt: skip

    def trouble(text: str) -> str:
        row = Row(0, new_id(), new_id(), {name: text})
        readers[name](row)
        return row.error

    return trouble


def codes_in(text: str, numbers: Mapping[int, Service]) -> list[str]:
    """The services whose numbers stand in a text that was checked."""
    return _services(Row(0, new_id(), new_id(), {"services": text}), numbers)


def same_name(one: str, other: str) -> bool:
    """Whether two texts are one name to a reader."""
    return fold(one) == fold(other)


def _id(text: str | None) -> UUID:
    try:
        found = UUID(text or "")
    except ValueError as error:
        raise Problem("malformed") from error
    if not is_uuid7(found):
        raise Problem("malformed")
    return found


def _day(row: Row, today: date) -> date | None:
    try:
        on = read_day(row.typed["on"])
    except (ValueError, TypeError):
        row.blame("on", _("Please give a day, for instance 24/11/2026."))
        return None
    if on > today:
        row.blame("on", _("This day has not come yet."))
    elif on < (earliest := today - timedelta(days=MOST_DAYS)):
        row.blame("on", _("Only days since %(day)s can be entered.", day=f"{earliest:%d/%m/%Y}"))
    return on


def _services(row: Row, numbers: Mapping[int, Service]) -> list[str]:
    found = [int(text) for text in re.findall(r"[0-9]{1,4}", row.typed["services"])]
    unknown = [number for number in found if number not in numbers]
    if not found:
        row.blame("services", _("Please give the numbers of what was helped with."))
    elif unknown or re.search(r"[^0-9\s,;.+]", row.typed["services"]):
        row.blame("services", _("There is no such number in the list."))
    elif len(set(found)) > MOST_SERVICES:
        row.blame("services", _("Twelve at the most."))
    return [numbers[number].code for number in dict.fromkeys(found) if number in numbers]


def _consents(row: Row) -> dict[str, bool]:
    """What a new household said; whether it may be named must be known, since without its word no name is kept."""
    if row.typed["named"] not in ANSWERS:
        row.blame("named", _("Please say whether this household agrees to be named."))
    return {purpose: ANSWERS[row.typed[purpose]] for purpose in ("named", "contact") if row.typed[purpose] in ANSWERS}


def _people(row: Row) -> int:
    text = row.typed["people"] or "1"
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MOST_PEOPLE):
        row.blame("people", _("Please give a number of people from 1 to 2,000."))
        return 1
    return int(text)
