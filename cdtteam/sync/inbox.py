"""A member's inbox on the wire: how a phone reads it, marks it and chooses what rings (docs/sync-inbox.md)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor
from cdtteam.accounts.models import User
from cdtteam.core.db import UtcDateTime
from cdtteam.notify.models import Notification, Preference
from cdtteam.notify.operations import Wish, prefer, read_notifications
from cdtteam.notify.wire import PreferNotifications, ReadNotifications, notification_data, preference_data
from cdtteam.sync.places import Case
from cdtteam.teams.models import Member

if TYPE_CHECKING:
    from cdtteam.sync.pull import Reader

SENT_FOR = timedelta(days=60)


def notification_read(case: Case, actor: Actor) -> None:
    """notification.read."""
    args: ReadNotifications = case.args
    read_notifications(actor, case.rows.work, set(args.ids), case.entered.at, opened=args.opened)


def notification_prefer(case: Case, actor: Actor) -> None:
    """notification.prefer."""
    args: PreferNotifications = case.args
    prefer(actor, case.rows.work, Wish(args.topics_off, args.digest_hour), case.entered.at)


_IDS: Any = bindparam("ids", expanding=True)
_NOTIFICATIONS = select(*Notification.__table__.c).where(
    Notification.id.in_(_IDS), Notification.made_at > bindparam("since", type_=UtcDateTime())
)
_PREFERENCES = (
    select(User.member_id, Preference.topics_off, Preference.digest_hour)
    .join(Preference, Preference.account_id == User.id)
    .where(User.member_id.in_(_IDS))
)


def load_notifications(reader: "Reader", versions: Mapping[UUID, int], _log: UUID) -> dict[UUID, dict[str, Any]]:
    """Notifications for a phone; what is too old for one is left out."""
    known = {"ids": list(versions), "since": reader.now - SENT_FOR}
    return {row.id: notification_data(row) for row in reader.session.connection().execute(_NOTIFICATIONS, known)}


def load_preferences(reader: "Reader", versions: Mapping[UUID, int], _log: UUID) -> dict[UUID, dict[str, Any]]:
    """What the member prefers."""
    rows = reader.session.connection().execute(_PREFERENCES, {"ids": list(versions)})
    return {row.member_id: preference_data(row) for row in rows}


def inboxes_in(session: Session, ids: Collection[UUID]) -> Iterable[UUID]:
    """Those of some logs of which a cursor tells that are members' inboxes and no villages."""
    return session.scalars(select(Member.id).where(Member.id.in_(ids))).all() if ids else ()
