"""What the desk's pages of reports show, made ready for the templates."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask_babel import gettext

from cdtteam.access.models import Actor, Permission, Role
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.core.periods import Period
from cdtteam.core.text import natural_key
from cdtteam.monthly.facts import Facts, Subject
from cdtteam.monthly.models import ReportDraft, ReportEdition, ReportTemplate
from cdtteam.monthly.placeholders import Closing, Report, filled
from cdtteam.monthly.press.faults import Place
from cdtteam.monthly.printing import Refused
from cdtteam.monthly.texts import Texts
from cdtteam.participation import words

MONTHS_OFFERED = 13
TURN = 20  # from this day of the month on, the month itself is reported and not the one before


@dataclass(slots=True)
class Page:
    """The page on which a report is written."""

    subject: Subject
    area: AreaOnMap
    facts: Facts
    texts: Texts
    draft: ReportDraft | None
    editions: Sequence[ReportEdition]
    earlier: Sequence[ReportEdition]  # of communes that became this one, as is what was typed before
    typed_before: Sequence[tuple[str, Texts]]
    templates: Sequence[ReportTemplate]
    areas: list[tuple[str, str]]
    may_write: bool
    today: date
    form_id: UUID
    left_by: Sequence[str]  # communes that ended without closing the period: it is a part of this report
    late: int  # visits that came, were amended or withdrawn after the latest closing
    error: str | None = None
    stored: Texts | None = None  # what somebody else saved meanwhile
    data: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.data = filled(Report(self.facts, self.texts))

    @property
    def number(self) -> int:
        """The number that the next closing gets."""
        return self.editions[0].number + 1 if self.editions else 1

    @property
    def seen(self) -> int:
        """The version of the draft on which the page stands."""
        return self.draft.version if self.draft else 0

    @property
    def period_name(self) -> str:
        """What people call the period."""
        return period_name(self.facts)

    @property
    def is_over(self) -> bool:
        """Whether the period has ended."""
        return self.subject.period.to_on < self.today

    @property
    def has_begun(self) -> bool:
        """Whether the period has begun, before which nothing can be closed."""
        return self.subject.period.from_on <= self.today

    @property
    def query(self) -> str:
        """The parameters that name this report."""
        given = {"area": self.area.code, "period": self.subject.period.name, "calendar": self.subject.calendar}
        return urlencode(given)

    @property
    def periods(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Groups of periods to choose from."""
        return period_choices(self.today)


def period_name(facts: Facts) -> str:
    """What people call a report's period."""
    period = Period(facts.period, facts.from_on, facts.to_on)
    return words.period_name(period, is_report=facts.calendar == "report")


def default_period(today: date) -> str:
    """The month that is to be reported now."""
    return f"{today:%Y-%m}" if today.day >= TURN else _months_back(today, 1)


def _months_back(today: date, number: int) -> str:
    year, month = divmod(today.year * 12 + today.month - 1 - number, 12)
    return f"{year}-{month + 1:02d}"


def period_choices(today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Months first, then the longer periods of this year and the last."""
    months = [_months_back(today, number) for number in range(-1, MONTHS_OFFERED)]
    years = (today.year, today.year - 1)
    longer = [f"{year}-{suffix}" for year in years for suffix in ("Q4", "Q3", "Q2", "Q1")]
    long = [f"{year}{suffix}" for year in years for suffix in ("", "-9M", "-H2", "-H1")]
    return [
        (gettext("Months"), [(name, _named(name)) for name in months]),
        (gettext("Quarters"), [(name, _named(name)) for name in longer]),
        (gettext("Half-years, nine months, years"), [(name, _named(name)) for name in long]),
    ]


def _named(period: str) -> str:
    return words.period_name(Period(period, date.min, date.max), is_report=False)


def areas_to_choose(actor: Actor, areas: AreaMap) -> list[tuple[str, str]]:
    """Code and name of the areas of which the reader may choose; none for whoever has one."""
    if actor.role is Role.COORDINATOR:
        return []
    communes = sorted(areas.of_level(Level.COMMUNE), key=lambda area: natural_key(area.name))
    provinces = areas.of_level(Level.PROVINCE)
    return [(area.code, area.name) for area in (*provinces, *communes)]


def may_write(actor: Actor, area: AreaOnMap) -> bool:
    """Whether the reader may write and close the area's report."""
    return actor.may(Permission.REPORT_CLOSE) and (actor.role is not Role.COORDINATOR or actor.area_id == area.id)


def closing_of(edition: ReportEdition) -> Closing:
    """When an edition was closed, as documents say it."""
    return Closing(edition.number, edition.closed_at)


def file_name(facts: Facts, kind: str) -> tuple[str, str]:
    """A file's name in ASCII and in Vietnamese."""
    calendar = "-ky" if facts.calendar == "report" else ""
    name = f"Báo cáo CNSCĐ {facts.area_name} {facts.period}{calendar}.{kind}"
    return f"bao-cao-{facts.area_code}-{facts.period}{calendar}.{kind}", name.replace("/", "-")


def refusal(refused: Refused) -> str:
    """Why a template is not taken, and where the fault is."""
    name = refused.name
    texts: dict[str, str] = {
        "unknown": gettext("There is no placeholder “%(name)s”.", name=name),
        "not_allowed": gettext("A template may not contain this: %(name)s.", name=name),
        "outside": gettext("The file refers to something outside itself: %(name)s.", name=name),
        "formula": gettext("A sheet with a row that is repeated may hold no formula: %(name)s.", name=name),
        "pictures": gettext("Pictures and charts of a workbook would be lost: %(name)s.", name=name),
        "kind": gettext("This is neither a Word file (.docx) nor a workbook (.xlsx) without macros."),
        "too_large": gettext("The template is too large, or too long to fill in."),
    }
    text = texts.get(refused.code) or gettext("The file could not be read as a template.")
    return f"{text} {place_of(refused.place)}".strip()


def place_of(place: Place) -> str:
    """Where something stands in a template."""
    if place.cell:
        return str(gettext("Place: sheet “%(sheet)s”, cell %(cell)s.", sheet=place.part, cell=place.cell))
    if place.number:
        named = next((name for part, name in _parts().items() if place.part.startswith(part)), place.part)
        values = {"part": named, "number": place.number, "near": place.near}
        return str(gettext("Place: %(part)s, paragraph %(number)s: “%(near)s”.", **values))
    return str(gettext("Place: %(part)s.", part=place.part)) if place.part else ""


def _parts() -> dict[str, str]:
    return {
        "document": gettext("the text"),
        "header": gettext("the page's head"),
        "footer": gettext("the page's foot"),
        "footnotes": gettext("the footnotes"),
    }
