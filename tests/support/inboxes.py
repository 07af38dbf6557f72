"""Inboxes of the small province: what stands in whose, and letters to put there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cdtteam.accounts.models import User
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.notify.models import Notification, Topic
from cdtteam.notify.operations import Letter
from cdtteam.notify.queries import Recipient, people
from cdtteam.notify.wording import said
from cdtteam.replica.work import Work
from cdtteam.web.transactions import writing
from tests.support.world import Phone, World


@contextmanager
def at_work(world: World, now: datetime | None = None) -> Iterator[Work]:
    """One transaction."""
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), now or clock.now())
        yield work
        work.flush()


def a_letter(title: str = "Họp giao ban", **more: Any) -> Letter:
    """Something to say."""
    return Letter(**{"topic": Topic.WARNING, "title": title, "body": "8 giờ sáng mai", "link": "/", **more})


def who(work: Work, world: World, *handles: str) -> list[Recipient]:
    """Members of the small province as recipients."""
    found = people(work.session, [world.members[handle] for handle in handles], work.now)
    return [found[world.members[handle]] for handle in handles]


def inbox(world: World, handle: str) -> list[tuple[str, str, str]]:
    """Title, text and link of what stands unread in somebody's inbox, in Vietnamese and in order."""
    own = select(Notification).join(User, _is_of).where(User.handle == handle)
    unread = own.where(Notification.read_at.is_(None), Notification.withdrawn_at.is_(None))
    with world.app.app_context():
        rows = db.session.scalars(unread.order_by(Notification.id))
        return [(said(row.title), said(row.body), row.link) for row in rows]


_is_of = (Notification.account_id == User.id) | (Notification.member_id == User.member_id)


def titles(world: World, handle: str) -> list[str]:
    """The titles of what stands unread in somebody's inbox."""
    return [title for title, *_ in inbox(world, handle)]


def notifications() -> list[Notification]:
    """All rows, in order."""
    return list(db.session.scalars(select(Notification).order_by(Notification.id)))


def pull(phone: Phone, *mutations: Any) -> dict[str, dict[str, Any]]:
    """The notifications that a phone holds after a sync in which it asks for its inbox."""
    phone.send(*mutations, inbox=True)
    return phone.kind("notification")


def reads(phone: Phone, *ids: str | UUID, opened: bool = False, **header: Any) -> dict[str, Any]:
    """A notification.read."""
    return phone.mutation("notification.read", {"ids": [str(one) for one in ids], "opened": opened}, **header)
