"""Visits of earlier months, so that a server can be measured that holds many."""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from benchmarks.bulk import Row, id_at, store_village
from cdtteam.core import clock
from cdtteam.core.ids import new_id
from cdtteam.replica.work import Work
from tests.support.world import World, add_account, add_village

OTHER_VILLAGES = 192
HOUSEHOLDS = 40
DAYS = 90
CODES = ("dvc_online", "vneid_level2", "online_safety", "cashless_payment", "health_record")


def store_visits(session: Session, world: World, count: int) -> None:
    """`count` visits of the last ninety days in the villages of the phones and in as many others as make 200.

    Put into the tables with the ledger, log, counters and marks that syncing would have left. The caller commits.
    """
    rng = random.Random(count)
    work = Work(session, clock.now())
    for number in range(OTHER_VILLAGES):
        add_village(work, world, f"s{number}", world.communes["far"])
        add_account(work, world, f"stored{number}", f"s{number}")
    work.flush()
    names = [name for name in world.villages if name[0] in "ps" and name[1:].isdigit()]
    for at, name in enumerate(names):
        share = count * (at + 1) // len(names) - count * at // len(names)
        handle = name.replace("p", "phone").replace("s", "stored")
        homes, visits = _contents(world.villages[name], world.teams[name], world.members[handle], share, rng)
        store_village(session, world.villages[name], homes, visits)


def _contents(village: UUID, team: UUID, member: UUID, count: int, rng: random.Random) -> tuple[list[Row], list[Row]]:
    device, now = new_id(), clock.now()
    began = now - timedelta(days=DAYS)
    homes: list[Row] = [
        {"id": id_at(began, rng), "village_id": village, "head_name": f"Hộ {number}", "indicators": {}, "consents": {},
         "sources": {}, "has_moved": False, "entered_at": began, "device_id": device}
        for number in range(HOUSEHOLDS)
    ]  # fmt: skip
    moments = sorted(began + timedelta(minutes=rng.random() * 60 * 24 * (DAYS - 1)) for _ in range(count))
    common: dict[str, Any] = {
        "village_id": village, "team_id": team, "author_id": member, "device_id": device, "kind": "home",
        "time_uncertain": False, "member_ids": [str(member)],
    }  # fmt: skip
    visits = [
        {**common, "id": id_at(at, rng), "household_id": rng.choice(homes)["id"], "occurred_at": at, "entered_at": at,
         "received_at": at, "participants": rng.randint(1, 3),
         "services": [{"code": rng.choice(CODES), "people": 1, "outcome": "done"}]}
        for at in moments
    ]  # fmt: skip
    return homes, visits
