"""Of what a commune keeps: reports, lists, households, the number that residents call."""

from collections.abc import Iterator
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from cdtteam.core.clock import civil_date
from cdtteam.households.doubles import households_waiting as look_over
from cdtteam.imports.models import KEPT
from cdtteam.imports.queries import uploads_seen
from cdtteam.monthly.deadlines import reports_owed
from cdtteam.participation.todo import Todo
from cdtteam.participation.words import count
from cdtteam.residents.queries import contact_of
from cdtteam.todo.ground import Ground, Seen

LONG = timedelta(days=30)  # so long a household may wait to be asked


def reports_to_close(at: Ground) -> Iterator[Todo]:
    """Months whose report is not closed."""
    since = min((civil_date(team.team.started_at) for team in at.teams), default=None)
    owed = reports_owed(at.actor, at.session, at.area.id, since, at.today, at.report_day) if since else []
    for report in owed:
        month = {"month": int(report.period.name[5:]), "year": report.period.name[:4]}
        text = _("The report of %(month)s/%(year)s is not closed yet.", **month)
        if report.left_by:
            text = _(
                "The report of %(month)s/%(year)s: %(communes)s ended without closing it, so it is a part of yours.",
                communes=", ".join(report.left_by), **month,
            )  # fmt: skip
        url = url_for("monthly.report_page", period=report.period.name, calendar=report.calendar)
        yield Todo(text, url, _("Open the report"), report.due_on)


def lists_not_taken_in(at: Seen) -> Iterator[Todo]:
    """Lists that were uploaded and wait to be taken in; after that they are forgotten."""
    for upload in uploads_seen(at.session, at.actor, at.now):
        if upload.is_open(at.now):
            text = _("The list “%(file)s” was uploaded and not taken in.", file=upload.file_name)
            url = url_for("imports.upload_page", upload_id=upload.id)
            yield Todo(text, url, _("Look over and take in"), civil_date(upload.uploaded_at + KEPT))


def number_for_residents(at: Ground) -> Iterator[Todo]:
    """A commune, perhaps one just made of others, on whose villages' pages residents find no number to call."""
    contact = contact_of(at.session, at.area.id)
    if contact is None or not contact.phone:
        text = _("Residents find no number of the commune on their village's page.")
        yield Todo(text, url_for("residents.phone_page", commune=at.area.code), _("Enter the number"))


def households_waiting(at: Ground) -> Iterator[Todo]:
    """Households that are likely one, and on which nobody has decided; then those that have waited long to be asked."""
    waiting = look_over(at.actor, at.session, [village.id for village in at.villages], at.now - LONG, at.now)
    if pairs := waiting.undecided:
        text = ngettext(
            "%(pairs)s pair of households may be one household.", "%(pairs)s pairs of households may be one household.",
            pairs, pairs=count(pairs),
        )  # fmt: skip
        yield Todo(text, url_for("register.doubles_page", commune=at.area.code), _("Look at them"))
    if homes := waiting.not_asked:
        text = ngettext(
            "%(households)s household has waited for over a month to be asked about its name.",
            "%(households)s households have waited for over a month to be asked about their name.",
            homes, households=count(homes),
        )  # fmt: skip
        yield Todo(text, url_for("admin.households_page", commune=at.area.code), _("See by village"))
