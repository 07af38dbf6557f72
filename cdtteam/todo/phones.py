"""Of people's phones: which may hold what was never sent, whose clock is wrong, whose app is old."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from cdtteam.core.text import name_key
from cdtteam.participation.todo import Todo
from cdtteam.participation.words import count
from cdtteam.pwa.assets import FIELD_DATE
from cdtteam.todo.ground import HEARD, Ground, Phone
from cdtteam.visits.models import Visit

UNHEARD = timedelta(days=3)
WRONG = 120_000  # milliseconds: less is put right unnoticed
OLD = timedelta(days=5)  # by so much an app may be older than the server's: it renews itself when it is opened
NAMED = 12  # people in a message; more are too many to be spoken to by name


def phones_unheard(at: Ground) -> Iterator[Todo]:
    """Phones of people who record, not heard of for three days: what they hold counts once they have a network."""
    quiet = [phone for phone in at.phones if phone.last_at < at.now - UNHEARD]
    writers = _who_recorded(at, [phone.owner.member_id for phone in quiet])
    quiet = [phone for phone in quiet if phone.owner.member_id in writers]
    if quiet:
        text = ngettext(
            "%(phones)s phone has not reached the server for over three days: entries may wait on it.",
            "%(phones)s phones have not reached the server for over three days: entries may wait on them.",
            len(quiet), phones=count(len(quiet)),
        )  # fmt: skip
        message = _(
            "%(names)s: please open the app where there is a network, so that what you entered is sent and counts.",
            names=_names(quiet),
        )
        yield _todo(at, text, quiet, message, at.month.to_on)


def clocks_wrong(at: Ground) -> Iterator[Todo]:
    """Phones whose clock is wrong by minutes: what they enter may be taken for another day's."""
    wrong = [phone for phone in _heard_lately(at) if abs(phone.clock_error_ms) > WRONG]
    if wrong:
        text = ngettext(
            "The clock of %(phones)s phone is wrong.", "The clocks of %(phones)s phones are wrong.",
            len(wrong), phones=count(len(wrong)),
        )  # fmt: skip
        message = _(
            "%(names)s: the clock of your phone is wrong. Please open Settings, Date and time, and switch on automatic "
            "date and time.",
            names=_names(wrong),
        )  # fmt: skip
        yield _todo(at, text, wrong, message)


def apps_old(at: Ground) -> Iterator[Todo]:
    """Phones that use an app of before, although they reach the server."""
    newest = _day_of(FIELD_DATE)
    old = [
        phone for phone in _heard_lately(at) if newest and (day := _day_of(phone.app_version)) and newest - day >= OLD
    ]
    if old:
        text = ngettext(
            "%(phones)s phone uses an old version of the app.", "%(phones)s phones use an old version of the app.",
            len(old), phones=count(len(old)),
        )  # fmt: skip
        message = _(
            "%(names)s: please open the app where there is a network, and tap “Update” when it asks.",
            names=_names(old),
        )
        yield _todo(at, text, old, message)


def _heard_lately(at: Ground) -> list[Phone]:
    return [phone for phone in at.phones if phone.last_at > at.now - 4 * UNHEARD]


def _who_recorded(at: Ground, member_ids: Sequence[UUID]) -> set[UUID]:
    """Those who have recorded visits in the commune lately."""
    if not member_ids:
        return set()
    here = (Visit.village_id.in_([village.id for village in at.villages]), Visit.occurred_at > at.now - HEARD)
    wrote = (Visit.author_id.in_(member_ids), Visit.entered_by.is_(None))
    return set(at.session.scalars(select(Visit.author_id).where(*here, *wrote).distinct()))


def _todo(at: Ground, text: str, phones: Sequence[Phone], message: str, due_on: date | None = None) -> Todo:
    """Of one person: their page and their number; of several the list of all."""
    if len(phones) > 1:
        url = url_for("admin.people_page", commune=at.area.code)
        return Todo(text, url, _("Open the people"), due_on, message)
    owner = phones[0].owner
    call = (owner.name, owner.phone) if owner.phone else None
    return Todo(text, url_for("admin.person_page", member_id=owner.member_id), owner.name, due_on, message, call)


def _names(phones: Sequence[Phone]) -> str:
    """Whom a message speaks to."""
    names = sorted((phone.owner.name for phone in phones), key=name_key)
    first, more = ", ".join(names[:NAMED]), len(names) - NAMED
    return _("%(names)s and %(people)s others", names=first, people=count(more)) if more > 0 else first


def _day_of(version: str) -> date | None:
    """The day with which a version of the app begins."""
    try:
        return datetime.strptime(version.partition("-")[0], "%Y.%m.%d").date()  # noqa: DTZ007 — a day of the calendar
    except ValueError:
        return None
