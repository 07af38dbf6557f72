"""Visits that were amended before their row said so say so after the migration."""

from flask_migrate import downgrade, upgrade

from cdtteam.visits.models import Visit
from tests.support.wire import row_of
from tests.support.world import World


def test_the_migration_finds_what_was_amended(world: World) -> None:
    phone = world.phone("an")
    amended, withdrawn, plain = (phone.visit(world.villages["a"]) for _ in range(3))
    reason = "nhầm số người"
    changes = [
        phone.mutation("visit.amend", {"id": amended["args"]["id"], "reason": reason, "participants": people})
        for people in (4, 3)
    ]
    phone.send(amended, withdrawn, plain, *changes)
    phone.send(phone.mutation("visit.withdraw", {"id": withdrawn["args"]["id"], "reason": "ghi hai lần"}))
    before = _amended_at(world, amended, withdrawn, plain)
    assert before[0] is not None
    with world.app.app_context():
        downgrade(revision="0003")
        upgrade()
    assert _amended_at(world, amended, withdrawn, plain) == before == [before[0], None, None]


def _amended_at(world: World, *visits: dict[str, dict[str, str]]) -> list[object]:
    return [row_of(world, Visit, visit["args"]["id"]).amended_at for visit in visits]
