"""Households' fields, why they are gone and what they have in common, in words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _gettext

from cdtteam.households.likeness import Alike


def _(text: str) -> str:
    return str(_gettext(text))


def field_name(name: str) -> str:
    """A field as people call it; answers and what a newer app sent go together."""
    group = name.partition(".")[0]
    return {
        "code": _("Household number"),
        "head_name": _("Head of the household"),
        "hamlet": _("Hamlet"),
        "phone": _("Phone number"),
        "people": _("People in the household"),
        "adults": _("Adults"),
        "note": _("Note"),
        "indicators": _("What it has and can do"),
        "consents": _("What it agrees to"),
    }.get(group, _("Other details"))


def purpose_name(purpose: str) -> str:
    """For what a household's word is asked."""
    return {"named": _("To be named"), "contact": _("To be called")}[purpose]


def consent_words(said: Mapping[str, Any] | None) -> str:
    """A household's word on a purpose; none where nobody has asked."""
    if not said:
        return _("Not asked yet")
    return _("Agree") if said["given"] else _("Do not agree")


def gone_words(gone: str | None) -> str:
    """Why a household is on no list any more."""
    return {
        "withdrawn": _("Withdrawn"),
        "merged": _("One with another household"),
        "erased": _("Erased at its request"),
    }.get(gone or "", "")


def done_words(done: str | None) -> str:
    """What was done a moment ago; nothing for what no form of ours says."""
    return {
        "merged": _("Made one: the two are one household now. This can be taken back on the page of the other one."),
        "corrected": _("Corrected. The team's phones receive it at their next contact."),
        "unchanged": _("Nothing was changed."),
        "moved": _("Moved. The phones of the team there receive the household at their next contact."),
        "withdrawn": _("Withdrawn: it is on no list any more. It can be brought back on this page."),
        "restored": _("Brought back: it stands on the list again."),
        "erased": _("Erased: nothing of the household is kept."),
        "parted": _("They are two households again, each with its own visits."),
    }.get(done or "", "")


def alike_words(why: str) -> str:
    """What two households have in common."""
    return {
        Alike.NAME_AND_PHONE: _("same name and phone number"),
        Alike.NAME: _("same name"),
        Alike.PHONE: _("same phone number"),
        Alike.NAME_NEAR: _("same name, another hamlet"),
        Alike.NAME_ELSEWHERE: _("same name, another village"),
    }[Alike(why)]


def reason_words(reason: str) -> str:
    """Why an officer withdraws a household, as it is kept with it."""
    return {"moved": _("Moved away"), "mistake": _("Entered by mistake"), "other": _("Another reason")}[reason]
