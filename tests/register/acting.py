"""An officer acts on households of the small province, as the desk's pages do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cdtteam.access.models import Actor
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.households.models import Decided, Household, HouseholdDecision
from cdtteam.households.operations import move_household
from cdtteam.register import operations
from cdtteam.replica.work import Work
from cdtteam.web.transactions import writing
from tests.participation.plain_count import plain_figures
from tests.participation.test_figures import ask, figures_of
from tests.support.world import OFFICER, Phone, World

PHONE = "0912345678"


def act(world: World, what: Callable[[Work], Any]) -> None:
    """One transaction."""
    with world.app.app_context(), writing(db.session()):
        work = Work(db.session(), clock.now())
        what(work)
        work.flush()


def id_of(household: dict[str, Any]) -> UUID:
    """The id of a household that a phone made."""
    return UUID(household["args"]["id"])


def merge(world: World, household: dict[str, Any], into: dict[str, Any], actor: Actor = OFFICER) -> None:
    """Makes two households one."""
    act(
        world,
        lambda work: operations.merge(
            actor, work, work.session.get_one(Household, id_of(household)), work.session.get_one(Household, id_of(into))
        ),
    )


def part(world: World, household: dict[str, Any], actor: Actor = OFFICER) -> None:
    """Makes them two again."""
    latest = select(HouseholdDecision).where(
        HouseholdDecision.household_id == id_of(household), HouseholdDecision.kind == Decided.MERGED
    )
    latest = latest.order_by(HouseholdDecision.decided_at.desc(), HouseholdDecision.id.desc()).limit(1)
    act(world, lambda work: operations.undo(actor, work, work.session.scalars(latest).one()))


def move(world: World, household: dict[str, Any], village: str, actor: Actor = OFFICER) -> None:
    """Moves a household to another village."""
    act(
        world,
        lambda work: move_household(
            actor, work, work.session.get_one(Household, id_of(household)), world.villages[village], at=work.now
        ),
    )


def erase(world: World, household: dict[str, Any], actor: Actor = OFFICER) -> None:
    """Forgets a household."""
    act(
        world,
        lambda work: operations.erase_on_request(actor, work, work.session.get_one(Household, id_of(household))),
    )


def row(world: World, household: dict[str, Any]) -> dict[str, Any]:
    """All columns of a household."""
    with world.app.app_context():
        table: Any = Household.__table__
        found = db.session.execute(select(table).where(table.c.id == id_of(household))).one()
        return dict(found._mapping)


def agreed(phone: Phone, **said: bool) -> dict[str, Any]:
    """Consents as a phone sends them."""
    return {
        purpose: {"given": given, "notice": "2026-1", "at": phone.now().isoformat()} for purpose, given in said.items()
    }


def two(world: World, name: str = "Rơ Châm Suệ") -> tuple[Phone, dict[str, Any], dict[str, Any]]:
    """A household that was entered twice: once with its number, once with its hamlet."""
    an = world.phone("an")
    a = world.villages["a"]
    double = an.household(a, name, phone=PHONE, people=4, consents=agreed(an, contact=True, named=True))
    kept = an.household(a, name, hamlet="Xóm Đông", note="Nhà cuối xóm")
    an.send(double, kept)
    return an, double, kept


def visit_to(phone: Phone, household: dict[str, Any], **args: Any) -> dict[str, Any]:
    return phone.visit(household["args"]["village_id"], household_id=household["args"]["id"], **args)


def figures(world: World) -> dict[str, Any]:
    """The province's figures of a time that holds everything, held against a plain count."""
    today = clock.civil_date(clock.now())
    first = today - timedelta(days=30)
    found = figures_of(ask(world, f"from={first}&to={today}"))
    assert found == plain_figures(world.app, world.villages.values(), first, today)
    return found
