"""Notifications and preferences between JSON and rows."""

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from cdtteam.core.clock import wire_instant
from cdtteam.notify.models import EARLIEST, LATEST, Topic
from cdtteam.notify.wording import said


class ReadNotifications(Struct):
    """Args of notification.read."""

    ids: Annotated[list[UUID], Meta(min_length=1, max_length=200)]
    opened: bool = False


class PreferNotifications(Struct):
    """Args of notification.prefer."""

    topics_off: list[Topic]
    digest_hour: Annotated[int, Meta(ge=EARLIEST, le=LATEST)]


def notification_data(row: Any) -> dict[str, Any]:
    """A notification for its member's phone, in the language at hand."""
    return {
        "topic": row.topic,
        "title": said(row.title),
        "text": said(row.body),
        "link": row.link,
        "urgent": row.urgent,
        "made_at": wire_instant(row.made_at),
        "read_at": wire_instant(row.read_at) if row.read_at else None,
    }


def preference_data(row: Any) -> dict[str, Any]:
    """What a member's account prefers."""
    return {"topics_off": row.topics_off, "digest_hour": row.digest_hour}
