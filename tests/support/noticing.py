"""What tests of notices need: browsers that ring, and what was told and read."""

from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cdtteam.accounts.models import SignIn, User
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.notify.models import Notification
from cdtteam.push.models import Delivery, DeliveryState, Subscription
from cdtteam.web.transactions import writing
from tests.support.world import World


def rings(world: World, handle: str, device: str = "phone") -> UUID:
    """Gives the account of `handle`, where it is signed in, a browser that rings; answers the subscription's id."""
    endpoint = f"https://fcm.googleapis.com/fcm/send/{handle}-{device}"
    digest = sha256(endpoint.encode()).digest()
    with world.app.app_context(), writing(db.session()):
        account = db.session.scalars(select(User.id).where(User.handle == handle)).one()
        device_id = db.session.scalars(select(SignIn.device_id).where(SignIn.user_id == account)).first()
        subscription_id = new_id()
        db.session.add(
            Subscription(
                id=subscription_id, account_id=account, device_id=device_id, endpoint=endpoint, digest=digest,
                host="fcm.googleapis.com", p256dh="", auth="", vapid_key="", made_at=clock.now(),
            )
        )  # fmt: skip
    return subscription_id


def delivered(world: World, notification: Notification, subscription_id: UUID, **times: datetime | None) -> None:
    """Puts on record what became of a delivery: `sent_at`, `shown_at`, `opened_at`."""
    with world.app.app_context(), writing(db.session()):
        db.session.add(
            Delivery(
                id=new_id(), notification_id=notification.id, subscription_id=subscription_id,
                host="fcm.googleapis.com", urgent=notification.urgent, state=DeliveryState.SENT,
                due_at=notification.due_at, expires_at=notification.made_at, **times,
            )
        )  # fmt: skip


def told(world: World, *where: Any) -> list[Notification]:
    """All notifications, in order."""
    with world.app.app_context():
        return list(db.session().scalars(select(Notification).where(*where).order_by(Notification.id)))


def read_by(world: World, handle: str, at: datetime, *, opened: bool = False) -> None:
    """Lets a member have read all that they were told."""
    with world.app.app_context(), writing(db.session()):
        own = select(Notification).where(Notification.member_id == world.members[handle])
        for one in db.session.scalars(own):
            one.read_at, one.opened_at = at, at if opened else None
