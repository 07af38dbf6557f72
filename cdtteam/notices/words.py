"""Notices in words: how somebody can be reached, why somebody was not, what is sent to the group on Zalo."""

from flask_babel import gettext as _gettext
from flask_babel import ngettext

from cdtteam.admin.words import Mark
from cdtteam.notices.models import Notice
from cdtteam.notices.queries import Line, Way
from cdtteam.participation.words import count


def _(text: str, **values: object) -> str:
    return str(_gettext(text, **values))


def kind_mark(*, is_urgent: bool) -> Mark:
    """An urgent warning or a message."""
    return Mark(_("Urgent warning"), "bad", "alert") if is_urgent else Mark(_("Message"), "info", "bell")


def way_mark(way: Way) -> Mark:
    """How somebody can be reached."""
    return {
        Way.BELL: Mark(_("The phone rings"), "good", "bell"),
        Way.APP: Mark(_("Only when the app is opened"), "warn", "phone-saved"),
        Way.OUT: Mark(_("Not in the app"), "", "none"),
    }[way]


def missed_mark(line: Line) -> Mark:
    """Why somebody may not know of it yet."""
    if line.rung_at is not None:
        return Mark(_("Sent, not shown yet"), "info", "clock")
    return way_mark(line.way)


def people_number(number: int) -> str:
    """45 people."""
    return str(ngettext("%(people)s person", "%(people)s people", number, people=count(number)))


def teams_number(number: int) -> str:
    """12 teams."""
    return str(ngettext("%(teams)s team", "%(teams)s teams", number, teams=count(number)))


def zalo_text(notice: Notice, sender: str) -> str:
    """What an officer sends to the teams' group: the notice itself. Who has not seen it is nothing for a group."""
    head = _("Urgent: %(subject)s", subject=notice.subject) if notice.is_urgent else notice.subject
    return "\n".join((head, notice.text, f"– {sender}"))
