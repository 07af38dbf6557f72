"""A team that asks for help, and who answers in the small province."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from cdtteam.access.models import Actor
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.replica.work import Work
from cdtteam.requests.models import Request
from cdtteam.web.transactions import writing
from tests.support.world import Phone, World


def asks(phone: Phone, world: World, village: str = "a", /, **args: Any) -> dict[str, Any]:
    """A request.raise; `at` and `member_id` belong to its head."""
    head = {name: args.pop(name) for name in ("at", "member_id") if name in args}
    given = {
        "id": str(new_id()), "village_id": str(world.villages[village]), "topic": "connection",
        "text": "Làng không có sóng, tổ không gửi được.",
    }  # fmt: skip
    return phone.mutation("request.raise", given | args, **head)


def asked(world: World, handle: str = "an", village: str = "a", **args: Any) -> str:
    """The id of a request that has arrived."""
    phone = world.phone(handle)
    raised = asks(phone, world, village, **args)
    assert [result["status"] for result in phone.send(raised)] == ["applied"]
    return str(raised["args"]["id"])


def at_desk(
    world: World, actor: Actor, operation: Callable[..., Any], request_id: str, *args: Any, **more: Any
) -> None:
    """One of the desk's operations on a request."""
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        operation(actor, work, work.session.get_one(Request, UUID(request_id)), *args, **more)
        work.flush()
