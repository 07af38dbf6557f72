"""Organisations, states and what is wrong with a field, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _gettext

from cdtteam.core.clock import civil_date
from cdtteam.teams.models import Organisation


@dataclass(frozen=True, slots=True)
class Mark:
    """A state as a badge: words, the kind of its colour, and the icon."""

    words: str
    kind: str
    icon: str


def _(text: str, **values: object) -> str:
    return str(_gettext(text, **values))


def organisation_name(code: str | None) -> str:
    """On whose behalf a member is in the team; a dash where nobody said."""
    names = {
        Organisation.YOUTH_UNION: _("Youth union"),
        Organisation.WOMEN_UNION: _("Women's union"),
        Organisation.FARMERS_UNION: _("Farmers' union"),
        Organisation.VETERANS: _("Veterans' association"),
        Organisation.POLICE: _("Police"),
        Organisation.TEACHER: _("Teacher"),
        Organisation.HEALTH: _("Health worker"),
        Organisation.VILLAGE_HEAD: _("Village head"),
        Organisation.FRONT: _("Fatherland Front"),
        Organisation.POST_TELECOM: _("Post and telecommunications"),
        Organisation.OTHER: _("Another organisation"),
    }
    return names[Organisation(code)] if code else "–"


def phone_shown(phone: str | None) -> str:
    """0912 345 678; a foreign number stays as it is."""
    if phone and len(phone) == 10 and phone.startswith("0"):
        return f"{phone[:4]} {phone[4:7]} {phone[7:]}"
    return phone or ""


def first_day(started_at: datetime) -> str:
    """The day on which something began: 24/11/2026."""
    return f"{civil_date(started_at):%d/%m/%Y}"


def last_day(ended_at: datetime) -> str:
    """The last day of what was in force until before an instant."""
    return f"{civil_date(ended_at - timedelta(microseconds=1)):%d/%m/%Y}"


def text_trouble(kind: str) -> str:
    """What is wrong with what was typed, by itself."""
    return {
        "missing": _("Please fill this in."),
        "date": _("Please give a day, for instance 24/11/2026."),
        "tel": _("This is no phone number. For instance: 0912 345 678."),
        "choice": _("Please choose one."),
        "number": _("Please give a whole number."),
    }.get(kind, _("There is something here that cannot be read."))


def too_long(length: int, longest: int) -> str:
    """What is wrong with a text of so many characters."""
    return _("This is too long: %(length)s characters, at most %(longest)s.", length=length, longest=longest)


def field_trouble(name: str) -> str:
    """Why what was typed cannot be, with what there is already."""
    return {
        "name": _("There is a person of this name with this phone number. Please take them from the list."),
        "started_on": _("The first day cannot be later than today."),
        "from_on": _("The day cannot be later than today, nor before this person came."),
        "last_on": _("The last day cannot be before the first one, and what has ended stays as it was."),
        "member_id": _("This person is in the team already, or in none any more."),
        "village_id": _("The team serves this village already."),
        "nobody": _("Please choose somebody from the list, or give a name."),
        "two_leaders": _("This team has a leader already. Tick the box if there are to be two."),
        "team_id": _("This team has ended."),
        "on": _("On this day not everybody who went was in this team for this village."),
        "more": _("At least one topic must stay."),
        "contact": _("A phone number is kept only where the household agrees to be called."),
        "adults": _("More adults than people in the household."),
        "household": _("This household is not in this village any more."),
    }.get(name, _("Something in this entry is not right."))
