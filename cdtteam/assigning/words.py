"""Tasks in words: how far they are, what was said and done, how much of how much."""

from flask_babel import gettext as _gettext

from cdtteam.admin.words import Mark
from cdtteam.campaigns.models import Unit
from cdtteam.participation.words import count
from cdtteam.tasks.models import Deed, State


def _(text: str, **values: object) -> str:
    return str(_gettext(text, **values))


def state_mark(state: str) -> Mark:
    """How far a team has come."""
    return {
        State.SENT: Mark(_("Given out"), "", "clock"),
        State.SEEN: Mark(_("Seen"), "", "check"),
        State.ACCEPTED: Mark(_("Accepted"), "info", "check"),
        State.DECLINED: Mark(_("Not taken on"), "bad", "alert"),
        State.BLOCKED: Mark(_("Stuck"), "warn", "alert"),
        State.DONE: Mark(_("Done"), "good", "check"),
    }[State(state)]


def withdrawn_mark() -> Mark:
    """A task that was taken back."""
    return Mark(_("Task taken back"), "", "undo")


def closed_mark() -> Mark:
    """A task that was not done when its campaign was closed."""
    return Mark(_("Not done when the campaign ended"), "", "clock")


def change_words(what: str, *, took_effect: bool) -> str:
    """What somebody said or did about a task."""
    words = {
        State.SEEN: _("has seen the task"),
        State.ACCEPTED: _("takes it on"),
        State.DECLINED: _("does not take it on"),
        State.BLOCKED: _("is stuck"),
        State.DONE: _("says that it is done"),
        Deed.EXTENDED: _("extended it"),
        Deed.WITHDRAWN: _("took it back"),
        Deed.REOPENED: _("sent it again"),
        Deed.REASSIGNED: _("gave it to others"),
        Deed.CLOSED: _("ended the campaign"),
    }[_CODES[what]]
    return words if took_effect else _("%(words)s (came late, changes nothing)", words=words)


def done_words(done: str | None) -> str:
    """What was done a moment ago; nothing for what no form of ours says."""
    return {
        "given": _("Given out. Phones receive it at their next contact."),
        "extended": _("Extended. Phones receive the new last day at their next contact."),
        "closed": _("The campaign is closed. Phones are told at their next contact."),
        "withdrawn": _("Taken back. It leaves the team's phones at their next contact."),
        "reopened": _("Sent again. The team gets it as new at its next contact."),
        "reassigned": _("Given to others. It leaves the phones of the team that had it."),
    }.get(done or "", "")


_CODES: dict[str, State | Deed] = {str(code): code for code in (*State, *Deed)}


def unit_name(unit: str) -> str:
    """What a target counts."""
    return _("households") if unit == Unit.HOUSEHOLDS else _("visits")


def amount(done: int, target: int | None, unit: str) -> str:
    """34 of 120 households, or 34 households where nobody said how many."""
    if target is None:
        return f"{count(done)} {unit_name(unit)}"
    return _("%(done)s of %(target)s %(unit)s", done=count(done), target=count(target), unit=unit_name(unit))


def trouble_of(name: str) -> str:
    """What is wrong with a field, where only the operation can know; or nothing."""
    return {
        "due_on": _("The last day cannot be past, nor before the first one."),
        "target": _("Please give a whole number from 1 to 100,000."),
        "team_id": _("This team does not serve this village any more. Please look at the list again."),
        "member_id": _("This person is not in the team any more."),
        "household_ids": _("Please tick households that are in this village now."),
        "village_id": _("A task with a list of households stays in its village."),
        "service": _("This support topic is not in the catalogue."),
        "places": _("Please tick at least one."),
    }.get(name, "")
