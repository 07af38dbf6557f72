"""Villages with their teams, members and households, as rows to be inserted; columns that stay empty are left out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from cdtteam.access.models import Role
from cdtteam.areas.queries import AreaOnMap
from cdtteam.core.clock import wire_instant
from cdtteam.core.ids import new_id
from cdtteam.demo.names import hamlets, person, team_name
from cdtteam.demo.size import Habit, Odds
from cdtteam.teams.models import Organisation, Position

FOUNDED_AT = datetime(2022, 6, 30, 17, tzinfo=UTC)
NOTICE = "2026-1"
_PEOPLE = Odds({1: 6, 2: 14, 3: 20, 4: 26, 5: 18, 6: 10, 7: 4, 8: 2})

_ORGANISATIONS = (
    Organisation.VILLAGE_HEAD, Organisation.YOUTH_UNION, Organisation.WOMEN_UNION, Organisation.POLICE,
    Organisation.FARMERS_UNION, Organisation.TEACHER,
)  # fmt: skip


@dataclass(slots=True)
class Mate:
    """A member of a team; who has a device has signed in and sends visits."""

    id: UUID
    name: str
    position: Position
    device_id: UUID | None = None


@dataclass(slots=True)
class Village:
    """A village of the demonstration as it is being made."""

    area: AreaOnMap
    habit: Habit
    is_highland: bool
    is_own: bool
    members: int
    households: int
    rng: Random
    team_id: UUID = field(default_factory=new_id)
    mates: list[Mate] = field(default_factory=list)
    household_ids: list[UUID] = field(default_factory=list)


def team_rows(village: Village, started_at: datetime) -> dict[str, list[dict[str, Any]]]:
    """The team of a village and its people, by table."""
    term = {"started_at": started_at, "ended_at": None}
    team = {"id": village.team_id, "name": team_name(village.area.name), "home_village_id": village.area.id}
    for place in range(village.members):
        name = person(village.rng, is_highland=village.is_highland)
        village.mates.append(Mate(new_id(), name, _position(place, village.members)))
    return {
        "member": [{"id": mate.id, "name": mate.name} for mate in village.mates],
        "team": [team | term],
        "team_village": [{"id": new_id(), "team_id": village.team_id, "village_id": village.area.id} | term],
        "membership": [
            {
                "id": new_id(), "team_id": village.team_id, "member_id": mate.id, "position": mate.position,
                "organisation": _ORGANISATIONS[place % len(_ORGANISATIONS)],
            } | term
            for place, mate in enumerate(village.mates)
        ],
    }  # fmt: skip


def _position(place: int, members: int) -> Position:
    if place == 0:
        return Position.LEADER
    return Position.DEPUTY if place == 1 and members > 2 else Position.MEMBER


def account_row(mate: Mate, handle: str, made_at: datetime, first_signed_in_at: datetime | None) -> dict[str, Any]:
    """An account of a member, without a password."""
    return {
        "id": new_id(), "handle": handle, "name": mate.name, "role": str(Role.VOLUNTEER), "password_hash": None,
        "member_id": mate.id, "area_id": None, "locale": "vi", "created_at": made_at,
        "first_signed_in_at": first_signed_in_at, "disabled_at": None,
    }  # fmt: skip


def household_rows(village: Village, entered_at: datetime) -> Iterator[dict[str, Any]]:
    """The households of a village, their versions still to be given."""
    rng = village.rng
    parts = hamlets(village.area.kind)
    for number in range(1, village.households + 1):
        people = _PEOPLE.draw(rng)
        adults = max(1, people - rng.randint(0, max(0, people - 2)))
        phone = f"0900{rng.randrange(100_000, 1_000_000)}" if rng.random() < 0.3 else None
        contact = {"contact": {"given": True, "notice": NOTICE, "at": wire_instant(entered_at)}}
        id_ = new_id()
        village.household_ids.append(id_)
        yield {
            "id": id_, "village_id": village.area.id, "version": 0, "code": f"{number:03d}",
            "head_name": person(rng, is_highland=village.is_highland),
            "hamlet": parts[number * len(parts) // (village.households + 1)], "phone": phone,
            "people": people, "adults": adults,
            "indicators": _indicators(rng, adults, village.area.kind) if rng.random() < 0.4 else {},
            "consents": contact if phone else {}, "sources": {}, "has_moved": False,
            "entered_at": entered_at + timedelta(seconds=number), "created_version": 0,
        }  # fmt: skip


def _indicators(rng: Random, adults: int, kind: str) -> dict[str, bool | int | None]:
    is_farm = rng.random() < (0.2 if kind == "khu phố" else 0.8)
    known: dict[str, bool | int | None] = {
        "has_smartphone": rng.random() < 0.86,
        "has_fibre": rng.random() < 0.6,
        "is_farm_producer": is_farm,
        "adults_vneid2": rng.randint(0, adults),
        "adults_payment_account": rng.randint(0, adults),
        "adults_digital_skills": rng.randint(0, max(1, adults - 1)),
    }
    return known | ({"sells_online": rng.random() < 0.12} if is_farm else {})
