"""What the officers of communes are told in their inboxes when the map of their commune changes, and changes back."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from cdtteam.areas.models import Reorganisation
from cdtteam.core.reasons import Reason, because
from cdtteam.notify.models import Topic
from cdtteam.notify.operations import Letter, notify_each
from cdtteam.notify.queries import Recipient, officers_of
from cdtteam.reorganisations.changes import Change
from cdtteam.replica.work import Work

MOST_NAMED = 3  # units in one notification


def tell_reorganised(work: Work, record: Reorganisation, changes: Sequence[Change]) -> None:
    """Tells the coordinators of the communes before and after what becomes of what, and from which day on."""
    mail = []
    for officer, own in _by_officer(work, changes).items():
        became = _listed(_became(change) for change in own)
        body = because("From %(day)s on: %(changes)s", day=record.effective_on, changes=became)
        mail.append(([officer], _letter(record, because("The map of your commune changes"), body)))
    notify_each(work, mail)


def tell_undone(work: Work, record: Reorganisation, changes: Sequence[Change]) -> None:
    """Tells the same people that it does not hold; takes the place of what they have not read of it yet."""
    mail = []
    for officer, own in _by_officer(work, changes).items():
        names = _listed(name for change in own for name in change.olds)
        body = because("As before %(day)s again: %(names)s", day=record.effective_on, names=names)
        mail.append(([officer], _letter(record, because("The change of your commune's map was undone"), body)))
    notify_each(work, mail)


def _by_officer(work: Work, changes: Sequence[Change]) -> dict[Recipient, list[Change]]:
    """What concerns each officer; one of a commune that has ended is found at the commune in its place."""
    known: dict[UUID, list[Recipient]] = {}
    found: dict[Recipient, list[Change]] = {}
    for change in changes:
        for commune_id in change.communes:
            if commune_id not in known:
                known[commune_id] = officers_of(work.session, commune_id, work.now)
        for officer in {one for commune_id in change.communes for one in known[commune_id]}:
            found.setdefault(officer, []).append(change)
    return found


def _letter(record: Reorganisation, title: Reason, body: Reason) -> Letter:
    return Letter(Topic.WARNING, title, body, "/desk/", collapse=f"map:{record.id}")


def _became(change: Change) -> str:
    name = change.unit.name
    return name if change.olds == [name] else f"{', '.join(change.olds)} → {name}"


def _listed(names: Iterable[str]) -> str:
    given = list(dict.fromkeys(names))
    return "; ".join(given[:MOST_NAMED]) + (" …" if len(given) > MOST_NAMED else "")
