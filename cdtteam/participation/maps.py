"""The maps that a reader chooses from: today's, that of the period's end, and those around each reorganisation."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext
from sqlalchemy.orm import Session

from cdtteam.areas.in_place import last_with_code
from cdtteam.areas.models import Reorganisation
from cdtteam.areas.queries import AreaOnMap, area_in_place_of, area_map, reorganisations
from cdtteam.core.periods import Period
from cdtteam.participation import words

PERIODS_END = "end"


@dataclass(frozen=True, slots=True)
class MapChoice:
    """A map by the value that asks for it."""

    value: str
    name: str


def map_value(chosen: str, period: Period) -> str:
    """What a question is asked with (contracts, "JSON") where a page was asked for a map."""
    return period.to_on.isoformat() if chosen == PERIODS_END else chosen


def map_choices(session: Session, chosen: str, period: Period) -> list[MapChoice]:
    """All that are offered; a day of one's own that was chosen stands last."""
    offered = [
        MapChoice("", gettext("Today's map")),
        MapChoice(PERIODS_END, gettext("The map of the period's end, %(day)s", day=words.day(period.to_on))),
    ]
    by_day: dict[date, list[Reorganisation]] = {}
    for record in reorganisations(session):
        if record.undone_at is None:
            by_day.setdefault(record.effective_on, []).append(record)
    for on, records in by_day.items():
        named = {"what": _named(records)}
        day, before = words.day(on), words.day(on - timedelta(days=1))
        from_on = gettext("Map from %(day)s on (%(what)s)", day=day, **named)
        until = gettext("Map until %(day)s (before %(what)s)", day=before, **named)
        offered += [MapChoice(on.isoformat(), from_on), MapChoice((on - timedelta(days=1)).isoformat(), until)]
    if chosen and chosen != "current" and chosen not in {one.value for one in offered}:
        offered.append(MapChoice(chosen, gettext("The map of %(day)s", day=words.day(date.fromisoformat(chosen)))))
    return _each_once(offered)


@dataclass(frozen=True, slots=True)
class Gone:
    """What bore a code until a day before the map's, and what it is on the map."""

    name: str
    code: str
    until_on: date
    now: AreaOnMap

    @property
    def last_on(self) -> date:
        """The last day on which it was on the map."""
        return self.until_on - timedelta(days=1)


def gone_area(session: Session, code: str, on: date) -> Gone | None:
    """What had the code last by a date on which nothing has it; None where it stands in no place on that map."""
    term = last_with_code(session, code, on)
    if term is None or term.until_on is None:
        return None
    now = area_map(session, on).by_id.get(area_in_place_of(session, term.area_id, on))
    return Gone(term.name, code, term.until_on, now) if now else None


def _named(records: list[Reorganisation]) -> str:
    names = [words.decision_name(record.decision) or record.subject or "" for record in records]
    return ", ".join(dict.fromkeys(filter(None, reversed(names)))) or gettext("a change of areas")


def _each_once(offered: list[MapChoice]) -> list[MapChoice]:
    """A day between two reorganisations is offered once, as the first of its names."""
    return list({one.value: one for one in reversed(offered)}.values())[::-1]
