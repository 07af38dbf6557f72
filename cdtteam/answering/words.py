"""Requests in words: what they are about, how far they are, how long they have waited."""

from flask_babel import gettext as _gettext
from flask_babel import ngettext

from cdtteam.admin.words import Mark
from cdtteam.participation.words import count
from cdtteam.requests.models import RequestState, Topic


def _(text: str, **values: object) -> str:
    return str(_gettext(text, **values))


def topic_name(topic: str) -> str:
    """What help is asked about; a topic of another client's own in its own words."""
    names: dict[str, str] = {
        Topic.CONNECTION: _("No signal, no network"),
        Topic.DEVICE: _("Phones and devices"),
        Topic.ACCOUNT: _("Signing in, accounts"),
        Topic.SERVICE: _("How to support residents"),
        Topic.TRAINING: _("Training for the team"),
        Topic.OTHER: _("Something else"),
    }
    return names.get(topic, topic)


def state_mark(state: str) -> Mark:
    """How far a request is."""
    return {
        RequestState.OPEN: Mark(_("Waiting for an answer"), "warn", "clock"),
        RequestState.PASSED_ON: Mark(_("Passed on to the province"), "info", "send"),
        RequestState.ANSWERED: Mark(_("Answered"), "good", "check"),
        RequestState.CLOSED: Mark(_("Request closed"), "", "none"),
    }[RequestState(state)]


def deed_words(state: str) -> str:
    """What an officer did, by the state that it came to."""
    return {
        RequestState.OPEN: "",
        RequestState.PASSED_ON: _("passed it on to the province"),
        RequestState.ANSWERED: _("answered"),
        RequestState.CLOSED: _("closed it"),
    }[RequestState(state)]


def age_words(days: int) -> str:
    """How long a request has waited, in civil days."""
    if days <= 0:
        return _("today")
    return str(ngettext("for %(days)s day", "for %(days)s days", days, days=count(days)))
