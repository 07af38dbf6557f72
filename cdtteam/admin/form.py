"""A form of the desk as data: its fields, what was typed, what is wrong, what stands meanwhile."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from cdtteam.admin.words import field_trouble, text_trouble, too_long
from cdtteam.core.clock import civil_date, day_after, day_start
from cdtteam.core.phones import normalise_phone
from cdtteam.core.problems import Problem
from cdtteam.core.text import clean_text
from cdtteam.teams.models import Organisation
from cdtteam.teams.operations import Capacity
from cdtteam.web.forms import new_form_id

Kind = Literal["text", "long", "number", "tel", "date", "choice", "select", "tick"]
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


@dataclass
class Field:
    """One field; `current` is what stands in the database where somebody else changed it meanwhile.

    `check` says what is wrong with what was typed, beyond its kind; nothing when it is well.
    """

    name: str
    label: str
    kind: Kind = "text"
    value: str = ""
    options: Sequence[tuple[str, str]] = ()
    help: str = ""
    is_required: bool = False
    longest: int = 120
    check: Callable[[str], str] | None = None
    error: str = ""
    current: str = ""

    def words(self, value: str) -> str:
        """A value as a reader sees it."""
        if self.kind == "date" and value:
            return f"{read_day(value):%d/%m/%Y}"
        return dict(self.options).get(value, value)


@dataclass
class Form:
    """A form with its title; `version` is that of the row that it was made from."""

    title: str
    about: str
    back: str
    submit: str
    fields: list[Field]
    version: str = ""
    note: str = ""
    is_danger: bool = False
    form_id: str = field(default_factory=lambda: str(new_form_id()))
    trouble: str = ""
    is_stale: bool = False
    details: Any = None
    warning: str = ""

    def __getitem__(self, name: str) -> Field:
        return next(one for one in self.fields if one.name == name)

    @property
    def first_wrong(self) -> str:
        """The field that the reader should come to."""
        return next((one.name for one in self.fields if one.error), "")

    def take(self, given: Mapping[str, str]) -> None:
        """Puts what was typed in place of what stood there, and looks for what is wrong in itself."""
        self.form_id, self.version = given.get("form_id", ""), given.get("version", "")
        for one in self.fields:
            try:
                typed = given.get(one.name, "").replace("\r\n", "\n")  # as browsers end the lines of long texts
                one.value = clean_text(typed, one.name).strip()
            except Problem:
                one.value, one.error = "", text_trouble("unreadable")
                continue
            one.error = _trouble(one)

    def values(self, now: datetime, seen: str) -> "Values":
        """What the fields say, once nothing is wrong."""
        return Values({one.name: one.value for one in self.fields}, now, seen)

    def blame(self, problem: Problem) -> None:
        """Puts an operation's refusal at its field, or above the form when it has none."""
        name = _FIELDS.get(problem.field or "", problem.field or "")
        if problem.code == "invalid_field" and any(one.name == name for one in self.fields):
            self[name].error = field_trouble(name)
        else:
            self.trouble = field_trouble(name) if problem.code == "invalid_field" else problem.message

    def stands_now(self, fresh: "Form") -> None:
        """Shows beside what was typed what somebody else made of it; sent again, it is meant."""
        self.is_stale, self.version = True, fresh.version
        for one in self.fields:
            standing = fresh[one.name]
            one.current = standing.words(standing.value) if standing.value != one.value else ""


_FIELDS = {"started_at": "started_on", "ended_at": "last_on", "at": "from_on"}


@dataclass(frozen=True)
class Values:
    """What a form says, read by kind; `seen` is the version of the row that its reader saw."""

    given: Mapping[str, str]
    now: datetime
    seen: str

    def text(self, name: str) -> str:
        """A text."""
        return self.given[name]

    def phone(self, name: str) -> str | None:
        """A phone number in its one form."""
        return normalise_phone(self.given[name]) if self.given[name] else None

    def is_ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.given[name])

    def number(self, name: str) -> int | None:
        """A whole number; None where there is none."""
        return int(self.given[name]) if self.given[name] else None

    def day(self, name: str) -> date | None:
        """A day; None where there is none."""
        return read_day(self.given[name]) if self.given[name] else None

    def id(self, name: str) -> UUID:
        """The id that was chosen; a choice is one of the options, so it is one."""
        return UUID(self.given[name])

    def beginning(self, name: str) -> datetime:
        """From when on: a day's first instant; today is now, for what was done this morning was done before."""
        on = read_day(self.given[name])
        return self.now if on == civil_date(self.now) else day_start(on)

    def end(self, name: str) -> datetime | None:
        """The instant after a last day; None where there is none."""
        return day_start(day_after(read_day(self.given[name]))) if self.given[name] else None


def read_capacity(values: Values) -> Capacity:
    """What a form says of somebody beside the position."""
    organisation = Organisation(values.text("organisation")) if values.text("organisation") else None
    return Capacity(organisation, values.is_ticked("is_guest"), values.end("last_on"))


def _trouble(one: Field) -> str:
    if not one.value:
        return text_trouble("missing") if one.is_required else ""
    check = _CHECKS.get(one.kind)
    if check is not None and not check(one.value):
        return text_trouble(one.kind)
    if one.kind in ("choice", "select") and one.value not in dict(one.options):
        return text_trouble("choice")
    if len(one.value) > one.longest:
        return too_long(len(one.value), one.longest)
    return one.check(one.value) if one.check else ""


def read_day(text: str) -> date:
    """2026-11-24 as browsers send it, or 24/11/2026 as people type it where a browser has no field for days."""
    parts = text.split("/")
    return date(*(int(part) for part in reversed(parts))) if len(parts) == 3 else date.fromisoformat(text)


def _is_day(text: str) -> bool:
    try:
        return EARLIEST <= read_day(text) <= LATEST
    except ValueError:
        return False


def is_number(text: str) -> bool:
    """Whether a text is a whole number as people type it."""
    return text.isascii() and text.isdigit() and len(text) < 10


_CHECKS: dict[str, Callable[[str], Any]] = {"date": _is_day, "tel": normalise_phone, "number": is_number}
