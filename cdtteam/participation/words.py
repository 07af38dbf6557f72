"""Figures, periods and standings in words, as people here write them."""

from datetime import date, datetime

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _gettext

from cdtteam.core.clock import CIVIL_ZONE
from cdtteam.core.periods import Period
from cdtteam.participation.standing import Standing
from cdtteam.participation.steps import Step

_QUARTERS = ("I", "II", "III", "IV")
NEAR = 7  # days that are counted, not dated


def _(text: str, **values: object) -> str:
    return str(_gettext(text, **values))


def count(number: int, locale: str | None = None) -> str:
    """A whole number: 1.176 in Vietnamese, 1,176 in English."""
    if -1000 < number < 1000:
        return str(number)
    text = f"{number:,}"
    return text if is_english(locale) else text.replace(",", ".")


def percent(share: float | None, locale: str | None = None) -> str:
    """A share of 0 to 1: 98,6% in Vietnamese; a dash where there is none. Only all is 100% and only none is 0%."""
    if share is None:
        return "–"
    return f"{_tenths(_shown_tenths(share), locale)}%"


def _shown_tenths(share: float) -> int:
    tenths = round(share * 1000)
    return min(999, max(1, tenths)) if 0 < share < 1 else tenths


def _tenths(tenths: int, locale: str | None = None) -> str:
    text = f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)
    return text if is_english(locale) else text.replace(".", ",")


def difference(now: float | None, then: float | None, *, is_share: bool) -> tuple[str, str]:
    """Which way a figure has gone since (more, less, same, none), and by how much, as it is said of what is shown."""
    if now is None or then is None:
        return "none", _("not comparable: there was no team") if now is not then else _("no team")
    gone = _shown_tenths(now) - _shown_tenths(then) if is_share else int(now - then)
    if gone == 0:
        return "same", _("unchanged")
    way, number = ("more" if gone > 0 else "less"), abs(gone)
    if is_share:
        points = _tenths(number)
        up, down = _("up %(points)s points", points=points), _("down %(points)s points", points=points)
        return way, up if gone > 0 else down
    return way, _("%(number)s more", number=count(number)) if gone > 0 else _("%(number)s fewer", number=count(number))


def decision_name(decision: str | None) -> str:
    """A decision by its number and sign, with the kind of document that the sign tells of (Decree 30/2020/NĐ-CP)."""
    if not decision or not decision[0].isdigit():
        return decision or ""
    kinds = {"QĐ": _("Decision %(number)s", number=decision), "NQ": _("Resolution %(number)s", number=decision)}
    sign = decision.upper()
    return next((name for mark, name in kinds.items() if f"/{mark}" in sign), decision)


def day(on: date) -> str:
    """24/11/2026."""
    return f"{on:%d/%m/%Y}"


def due_words(due_on: date | None, today: date) -> str:
    """By when something is to be done: a day that is far off, days that are near, days that have gone by."""
    if due_on is None:
        return _("when there is time")
    days = (due_on - today).days
    if days < 0:
        return str(ngettext("%(days)s day late", "%(days)s days late", -days, days=count(-days)))
    if days == 0:
        return _("due today")
    if days <= NEAR:
        return str(ngettext("%(days)s day left", "%(days)s days left", days, days=days))
    return _("due %(day)s", day=f"{due_on:%d/%m}" if due_on.year == today.year else day(due_on))


def moment(instant: datetime) -> str:
    """An instant as a clock here shows it: 16:05, 24/11/2026."""
    return f"{instant.astimezone(CIVIL_ZONE):%H:%M, %d/%m/%Y}"


def period_name(period: Period, *, is_report: bool) -> str:
    """What people call the period."""
    name, year = period.name, period.name[:4]
    if ".." in name:
        return _("From %(first)s to %(last)s", first=day(period.from_on), last=day(period.to_on))
    if len(name) == 10:
        return _("Day %(day)s", day=day(period.from_on))
    if is_report and "W" not in name:
        return _("Report period: %(name)s", name=_civil_name(name, year))
    return _civil_name(name, year)


def _civil_name(name: str, year: str) -> str:
    suffix = name[5:]
    if suffix.startswith("W"):
        return _("Week %(week)s of %(year)s", week=int(suffix[1:]), year=year)
    if suffix.startswith("Q"):
        return _("Quarter %(quarter)s of %(year)s", quarter=_QUARTERS[int(suffix[1:]) - 1], year=year)
    if suffix.isdecimal():
        return _("Month %(month)s/%(year)s", month=int(suffix), year=year)
    return {
        "H1": _("First half of %(year)s", year=year),
        "H2": _("Second half of %(year)s", year=year),
        "9M": _("Nine months of %(year)s", year=year),
        "": _("Year %(year)s", year=year),
    }[suffix]


def standing_words(standing: Standing) -> str:
    """A team's standing, the cause of silence included."""
    return {
        Standing.ACTIVE: _("Active"),
        Standing.REPORTED_NOTHING: _("Nothing to report"),
        Standing.NEVER_SIGNED_IN: _("Never signed in"),
        Standing.NO_CONTACT: _("Phone did not connect in the period"),
        Standing.REFUSED: _("Entries need correcting"),
        Standing.NO_ENTRIES: _("No visit recorded"),
    }[standing]


def standing_hint(standing: Standing) -> str:
    """What can be done about a silent team."""
    return {
        Standing.NEVER_SIGNED_IN: _("Help the team to sign in for the first time."),
        Standing.NO_CONTACT: _("Their phone may hold visits: ask them to open the app where there is a network."),
        Standing.REFUSED: _("What they sent was not accepted: ask them to look under “Needs attention”."),
        Standing.NO_ENTRIES: _("The phone is connected: ask the team what they need."),
    }.get(standing, "")


def pillar_name(pillar: str) -> str:
    """A pillar of digital transformation."""
    names = {
        "government": _("Digital government"),
        "economy": _("Digital economy"),
        "society": _("Digital society"),
    }
    return names.get(pillar, pillar)


def position_name(position: str) -> str:
    """A member's position in the team."""
    names = {"leader": _("Leader"), "deputy": _("Deputy"), "member": _("Member")}
    return names.get(position, position)


def kind_name(kind: str) -> str:
    """Where or how a visit was."""
    names = {
        "home": _("At home"),
        "public_place": _("At a public place"),
        "phone": _("By phone"),
        "group": _("Group session"),
    }
    return names.get(kind, kind)


def outcome_words(outcome: str) -> str:
    """What came of a support topic."""
    names = {
        "done": _("Done"),
        "in_progress": _("Still being done"),
        "needs_follow_up": _("Will come back"),
        "declined": _("No need yet"),
    }
    return names.get(outcome, outcome)


def step_name(on: date, step: Step) -> str:
    """A step of a time series: a day, the week from a day, a month."""
    if step is Step.MONTH:
        return f"{on:%m/%Y}"
    if step is Step.WEEK:
        return _("week from %(day)s", day=day(on))
    return day(on)


def is_english(locale: str | None = None) -> bool:
    """Whether this answer is in English, which a caller with hundreds of numbers knows beforehand."""
    return str(get_locale() if locale is None else locale) == "en"
