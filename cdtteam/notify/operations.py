"""Notifications are written and taken back with what caused them; their owners read them and choose what rings.

A text never holds the name of a resident or a household; those of colleagues, teams, villages and tasks may.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, update

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.accounts.models import User
from cdtteam.core.ids import new_id
from cdtteam.jobs.doorbell import ring
from cdtteam.notify.hours import rings_at
from cdtteam.notify.models import Notification, Preference, Topic
from cdtteam.notify.queries import IS_OPEN, Recipient, is_own
from cdtteam.notify.wording import Words, kept
from cdtteam.replica.work import Work

KIND, PREFERENCE = "notification", "preference"  # in logs
BELL = "push"  # the chore that rings on phones


class Subject(NamedTuple):
    """What a notification is about, with which it can be taken back: `task`, `request`, … and the row's id."""

    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Letter:
    """What is said to one or many; the columns of a Notification say what the fields mean."""

    topic: Topic
    title: Words
    body: Words
    link: str
    subject: Subject | None = None
    urgent: bool = False
    collapse: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What an account wants to be rung for, and at which hour of the civil day its digest comes."""

    topics_off: Collection[Topic]
    digest_hour: int


Mail = Iterable[tuple[Collection[Recipient], Letter]]
"""Letters, each with those to whom it goes."""


def notify(work: Work, recipients: Collection[Recipient], letter: Letter) -> UUID:
    """Puts a letter into inboxes, in the transaction of what caused it; answers the bundle's id.

    There is no actor: an operation calls it that has required its own. The caller flushes `work`, as after any change.
    """
    return notify_each(work, [(recipients, letter)])


def notify_each(work: Work, mail: Mail) -> UUID:
    """As `notify`, many letters of one act: a campaign's, each with its own task. One bundle."""
    bundle_id = new_id()
    same = {"bundle_id": bundle_id, "made_at": work.now, **dict.fromkeys(_EMPTY)}
    rows, collapsing = [], dict[str, set[Recipient]]()
    for recipients, letter in mail:
        told = dict.fromkeys(recipients)
        if letter.collapse:
            collapsing.setdefault(letter.collapse, set()).update(told)
        text = _columns(work, letter)
        rows += [{"id": new_id(), **one._asdict(), **text, **same} for one in told]
    if not rows:
        return bundle_id
    _collapse(work, collapsing)
    work.session.connection().execute(insert(Notification), rows)
    for row in rows:
        if row["member_id"]:
            work.tell(row["member_id"], KIND, row["id"], is_news=True)
    ring(work.session, BELL)
    return bundle_id


def withdraw_notifications(work: Work, *subjects: Subject, read_too: bool = False) -> set[tuple[UUID, Recipient]]:
    """Takes back what is unread about some subjects; answers pairs: a subject's id, and from whom it was taken back.

    With `read_too` also what was read, because it holds no longer. There is no actor, as with `notify`.
    """
    still = (Notification.withdrawn_at.is_(None),) if read_too else IS_OPEN
    ids: dict[str, list[UUID]] = {}
    for kind, subject_id in subjects:
        ids.setdefault(kind, []).append(subject_id)
    return {
        (row.subject_id, Recipient(row.account_id, row.member_id))
        for kind in ids
        for row in _withdraw(work, *still, Notification.subject_kind == kind, Notification.subject_id.in_(ids[kind]))
    }


def read_notifications(actor: Actor, work: Work, ids: Collection[UUID], at: datetime, *, opened: bool) -> None:
    """Marks the actor's own as read, and as opened; the first moment stays. Unknown and foreign ids are passed over."""
    require(actor, Permission.INBOX_READ)
    at = min(at, work.now)
    own = (Notification.id.in_(ids), is_own(actor))
    changed = _mark(work, Notification.read_at.is_(None), *own, read_at=at)
    if opened:
        changed += _mark(work, Notification.opened_at.is_(None), *own, opened_at=at)
    for row in changed:
        if row.member_id and row.withdrawn_at is None:
            work.tell(row.member_id, KIND, row.id)


def read_all_notifications(actor: Actor, work: Work) -> None:
    """Marks all of the actor's own as read."""
    require(actor, Permission.INBOX_READ)
    for row in _mark(work, *IS_OPEN, is_own(actor), read_at=work.now):
        if row.member_id:
            work.tell(row.member_id, KIND, row.id)


def prefer(actor: Actor, work: Work, wish: Wish, at: datetime) -> None:
    """Keeps what the actor's account is to be rung for, if there is one, unless something later was chosen."""
    require(actor, Permission.INBOX_READ)
    own = User.id == actor.user_id if actor.user_id else User.member_id == actor.member_id
    account = work.session.execute(select(User.id, User.member_id).where(own)).first()
    if account is None:
        return
    known = work.session.get(Preference, account.id, with_for_update=True)
    if known is not None and known.set_at > at:
        return
    chosen = known or Preference(account_id=account.id)
    chosen.topics_off, chosen.digest_hour = sorted(set(wish.topics_off)), wish.digest_hour
    chosen.set_at = min(at, work.now)
    work.session.add(chosen)
    work.session.flush()  # a batch may choose twice
    if account.member_id:
        work.tell(account.member_id, PREFERENCE, account.member_id)


_EMPTY = ("rung_at", "read_at", "opened_at", "withdrawn_at")


def _columns(work: Work, letter: Letter) -> dict[str, Any]:
    kind, subject_id = letter.subject or (None, None)
    return {
        "topic": letter.topic, "urgent": letter.urgent, "title": kept(letter.title), "body": kept(letter.body),
        "link": letter.link, "subject_kind": kind, "subject_id": subject_id, "collapse": letter.collapse,
        "due_at": work.now if letter.urgent else rings_at(work.now), "expires_at": letter.expires_at,
    }  # fmt: skip


def _collapse(work: Work, collapsing: dict[str, set[Recipient]]) -> None:
    """Withdraws what is still unread under a key of `collapse` in the inbox of somebody who is told anew under it."""
    if not collapsing:
        return
    inboxes = {key: {_inbox(one) for one in told} for key, told in collapsing.items()}
    brief = select(Notification.id, Notification.account_id, Notification.member_id, Notification.collapse)
    found = work.session.execute(brief.where(Notification.collapse.in_(inboxes), *IS_OPEN))
    outdated = [id_ for id_, *who, key in found if _inbox(Recipient(*who)) in inboxes[key or ""]]
    if outdated:
        _withdraw(work, *IS_OPEN, Notification.id.in_(outdated))


def _inbox(recipient: Recipient) -> UUID | None:
    """Whose inbox it is: a member's is theirs whether or not they have an account."""
    return recipient.member_id or recipient.account_id


def _withdraw(work: Work, *where: ColumnElement[bool]) -> list[Any]:
    rows = _mark(work, *where, withdrawn_at=work.now)
    for row in rows:
        if row.member_id:
            work.tell(row.member_id, KIND, row.id, gone="withdrawn")
    return rows


def _mark(work: Work, *where: ColumnElement[bool], **columns: Any) -> list[Any]:
    """Sets columns where conditions hold at this moment; answers those rows in brief."""
    brief = (Notification.id, Notification.account_id, Notification.member_id, Notification.subject_id)
    marked = update(Notification).where(*where).values(**columns).returning(*brief, Notification.withdrawn_at)
    return list(work.session.connection().execute(marked))
