"""Signs in calm words: what is seen, and the good reason that there may be for it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _gettext
from flask_babel import ngettext

from cdtteam.admin.words import Mark
from cdtteam.participation.words import count, day, kind_name, moment, outcome_words
from cdtteam.reviewing.models import Sign
from cdtteam.reviewing.signs import Look


def _(text: str, **values: object) -> str:
    return str(_gettext(text, **values))


def sign_name(sign: str) -> str:
    """What is seen."""
    return {
        Sign.MANY_A_DAY: _("Many visits on one day"),
        Sign.SAME_NOTE: _("The same note with several visits"),
        Sign.SAME_HOME: _("One household several times on one day"),
        Sign.MANY_PEOPLE: _("Very many people in one visit"),
        Sign.TIME: _("The day is not quite certain"),
        Sign.CONFLICT: _("Two people changed one household"),
        Sign.SENT_BACK: _("Entries wait on a phone"),
    }[Sign(sign)]


def sign_reason(sign: str) -> str:
    """Why it may well be right."""
    return {
        Sign.MANY_A_DAY: _("Perhaps the visits of a whole week were entered afterwards, all with the same day."),
        Sign.SAME_NOTE: _("Perhaps one sentence was kept for the same work in many homes."),
        Sign.SAME_HOME: _("Perhaps each person of the household was entered alone, or one visit was entered again."),
        Sign.MANY_PEOPLE: _("Perhaps it was a meeting of the whole village, or a digit slipped in."),
        Sign.TIME: _("The phone's clock was set between entering and sending. The visit counts all the same."),
        Sign.CONFLICT: _("Each of them may have learnt something new. The later word stands."),
        Sign.SENT_BACK: _("The system could not take them yet. They are kept on the phone; a call often helps."),
    }[Sign(sign)]


def keep_words(sign: str) -> str:
    """What the button says that takes it off the list."""
    return _("I have seen it") if sign in (Sign.CONFLICT, Sign.SENT_BACK) else _("Leave it as it is")


def number_words(look: Look) -> str:
    """What a look is about, counted."""
    number = count(look.number)
    if look.sign is Sign.MANY_PEOPLE:
        return str(ngettext("%(number)s person", "%(number)s people", look.number, number=number))
    if look.sign is Sign.CONFLICT:
        return str(ngettext("%(number)s word did not stand", "%(number)s words did not stand", look.number,
                            number=number))  # fmt: skip
    if look.sign is Sign.SENT_BACK:
        return str(ngettext("%(number)s entry", "%(number)s entries", look.number, number=number))
    return str(ngettext("%(number)s visit", "%(number)s visits", look.number, number=number))


def night_words(look: Look) -> str:
    """That visits were at night, which by itself says nothing."""
    if not look.at_night:
        return ""
    return str(
        ngettext(
            "%(visits)s of them late at night: perhaps entered after the day's work.",
            "%(visits)s of them late at night: perhaps entered after the day's work.",
            look.at_night, visits=count(look.at_night),
        )
    )  # fmt: skip


def act_mark(act: str) -> Mark:
    """What became of something that was looked at."""
    return {
        "kept": Mark(_("Left as it is"), "good", "check"),
        "amended": Mark(_("Put right"), "info", "pencil"),
        "withdrawn": Mark(_("Not counted"), "warn", "none"),
        "restored": Mark(_("Counted again"), "good", "undo"),
    }[act]


def done_words(done: str | None) -> str:
    """What was done a moment ago; nothing for what no form of ours says."""
    return {
        "kept": _("Noted: it stays as it is, and has left the list."),
        "amended": _("Put right. The figures have it, and the team reads why."),
        "unchanged": _("Nothing was changed."),
        "withdrawn": _("Done: the visit is not counted. Its author reads why."),
        "restored": _("Done: the visit counts again."),
    }.get(done or "", "")


def field_words(name: str) -> str:
    """A field of a visit as people call it; nothing for what nobody reads."""
    return {
        "occurred_at": _("Day"),
        "household_id": _("Household"),
        "kind": _("Where or how"),
        "participants": _("Number of people"),
        "services": _("Topics"),
        "note": _("Note"),
        "member_ids": _("Who went"),
        "follow_up_on": _("Come back on"),
    }.get(name, "")


def value_words(name: str, value: Any, names: dict[str, str]) -> str:
    """What a field said before, as the history keeps it; `names` are those of services, households and people."""
    if value is None:
        return "–"
    readers: dict[str, Callable[[], str]] = {
        "occurred_at": lambda: moment(datetime.fromisoformat(value)),
        "kind": lambda: kind_name(value),
        "services": lambda: "; ".join(f"{names.get(one['code'], one['code'])}: {_given(one)}" for one in value),
        "household_id": lambda: names.get(value, _("Household")),
        "member_ids": lambda: ", ".join(names.get(one, "–") for one in value),
        "follow_up_on": lambda: day(date.fromisoformat(value)),
    }
    return readers.get(name, lambda: str(value))()


def _given(service: dict[str, Any]) -> str:
    return outcome_words(service["outcome"])
