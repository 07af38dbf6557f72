"""What an officer does about a visit stands on it, and is told to its author: which visit, and what became of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from cdtteam.access.models import Actor, Role
from cdtteam.areas.queries import commune_of, last_names
from cdtteam.core.clock import CIVIL_ZONE, civil_date, wire_instant
from cdtteam.core.reasons import Reason, because
from cdtteam.notify.models import Topic
from cdtteam.notify.operations import Letter, Subject, notify
from cdtteam.notify.queries import people
from cdtteam.replica.work import Work
from cdtteam.support.queries import services_in_order
from cdtteam.visits.models import Act, Visit

_TITLES: dict[Act, Callable[[date, str], Reason]] = {
    Act.AMENDED: lambda on, at: because("The commune put your visit of %(at)s, %(on)s right.", on=on, at=at),
    Act.WITHDRAWN: lambda on, at: because("Your visit of %(at)s, %(on)s is not counted.", on=on, at=at),
    Act.RESTORED: lambda on, at: because("Your visit of %(at)s, %(on)s is counted again.", on=on, at=at),
}


def tell_author(actor: Actor, work: Work, visit: Visit, reason: str, act: Act, **change: Any) -> None:
    """Puts on the visit what an officer did and why, in the name of the office; a phone's own word is its author's.

    `change` are the `fields` that are other now, and `was`, what numbers stood in them. Called by operations that
    have required their own.
    """
    if actor.role is Role.VOLUNTEER:
        return
    commune_id = commune_of(work.session, visit.village_id, civil_date(work.now))
    office = last_names(work.session, [commune_id]).get(commune_id, "") if commune_id else ""
    told = {"act": act, "by": office, "at": wire_instant(work.now), "reason": reason}
    visit.review = {**told, "fields": [], **change}
    author = people(work.session, [visit.author_id], work.now)
    notify(work, list(author.values()), _letter(work, visit, act))


def _letter(work: Work, visit: Visit, act: Act) -> Letter:
    """Names the visit by when it was and what it helped with; the reason may name somebody, and is read there."""
    title = _TITLES[act](civil_date(visit.occurred_at), f"{visit.occurred_at.astimezone(CIVIL_ZONE):%H:%M}")
    names = {service.code: service.short_vi for service in services_in_order(work.session)}
    services = ", ".join(names[given["code"]] for given in visit.services)
    body = because("Supported with: %(services)s. Open the visit to read the reason.", services=services)
    subject = Subject("visit", visit.id)
    return Letter(Topic.REVIEW, title, body, f"/visit/{visit.id}", subject, collapse=f"visit:{visit.id}")
