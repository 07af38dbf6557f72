"""What deserves a look in a commune, read from its visits and households; kept in memory while none of them changes."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.areas.queries import AreaMap
from cdtteam.core.clock import CIVIL_ZONE, civil_date
from cdtteam.households.models import Household, HouseholdChange
from cdtteam.participation.columns import hex_id, json_text, pairs, plain_rows, raw_instant
from cdtteam.replica.models import VillageCounter
from cdtteam.reviewing.models import Review, Sign
from cdtteam.reviewing.signs import Look, Seen, looks_in
from cdtteam.sync.models import Quarantined
from cdtteam.teams.models import Membership, Team
from cdtteam.teams.queries import holds
from cdtteam.visits.models import Visit

LOOKED_BACK = timedelta(days=62)  # since it took place and arrived: two months, for which reports are being made
_AHEAD = datetime(2000, 1, 1, tzinfo=CIVIL_ZONE).utcoffset() or timedelta()  # of UTC: one offset since 1975
KEPT = 200  # communes whose looks a process keeps

Stamp = tuple[Any, ...]
_kept: WeakKeyDictionary[Any, OrderedDict[UUID, tuple[Stamp, list[Look]]]] = WeakKeyDictionary()
_lock = Lock()


def looks_at(actor: Actor, session: Session, areas: AreaMap, commune_id: UUID, now: datetime) -> list[Look]:
    """What deserves a look in a commune's visits, the latest day first.

    Nothing of visits is read while no village has changed and nobody has looked at anything.
    """
    require(actor, Permission.VISIT_REVIEW, commune_id)
    village_ids = areas.ground_below(commune_id)
    stamp = _stamp(session, village_ids, now)
    kept = _recall(session, commune_id)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    reviewed = reviewed_in(session, village_ids, now)
    found = looks_in(_visits(session, village_ids, now), reviewed)
    found.sort(key=lambda look: (look.on, look.sign, look.key), reverse=True)
    _keep(session, commune_id, (stamp, found))
    return found


def words_lost(actor: Actor, session: Session, areas: AreaMap, commune_id: UUID, now: datetime) -> list[Look]:
    """Households of which two people said different things, so that one word did not stand; the latest day first."""
    require(actor, Permission.VISIT_REVIEW, commune_id)
    village_ids = areas.ground_below(commune_id)
    known = reviewed_in(session, village_ids, now).get(Sign.CONFLICT, set())
    columns = (HouseholdChange.id, HouseholdChange.household_id, HouseholdChange.at, Household.village_id)
    lost = (json_text(HouseholdChange.lost) != "[]", HouseholdChange.received_at > now - LOOKED_BACK)
    here = (Household.village_id.in_(village_ids), Household.erased_at.is_(None))
    rows: Iterable[Any] = session.execute(
        select(*columns).join(Household, Household.id == HouseholdChange.household_id).where(*here, *lost)
    )
    of_home: dict[UUID, list[Any]] = {}
    for row in rows:
        if row.id.hex not in known:
            of_home.setdefault(row.household_id, []).append(row)
    return sorted(map(_conflict, of_home.values()), key=lambda look: (look.on, look.key), reverse=True)


def entries_sent_back(actor: Actor, session: Session, areas: AreaMap, commune_id: UUID, now: datetime) -> list[Look]:
    """Entries that were refused and wait on phones, a look for each member in the order of their days."""
    require(actor, Permission.VISIT_REVIEW, commune_id)
    village_ids = areas.ground_below(commune_id)
    known = reviewed_in(session, village_ids, now).get(Sign.SENT_BACK, set())
    people = (
        select(Membership.member_id, Team.id.label("team_id"), Team.home_village_id)
        .join(Team, Team.id == Membership.team_id)
        .where(Team.home_village_id.in_(village_ids), holds(Membership, now))
        .subquery()
    )
    columns = (Quarantined.mutation_id, Quarantined.digest, Quarantined.received_at)
    waiting = (Quarantined.settled_at.is_(None), Quarantined.received_at > now - LOOKED_BACK)
    theirs = select(people.c.member_id, people.c.team_id, people.c.home_village_id, *columns)
    rows = session.execute(theirs.join(Quarantined, Quarantined.member_id == people.c.member_id).where(*waiting))
    of_member: dict[UUID, list[Any]] = {}
    for row in rows:
        if entry_key(row.mutation_id, row.digest) not in known:
            of_member.setdefault(row.member_id, []).append(row)
    return sorted(map(_sent_back, of_member.values()), key=lambda look: (look.on, look.key), reverse=True)


def entry_key(mutation_id: str, digest: bytes) -> str:
    """By what a refused entry is known here."""
    return f"{mutation_id}:{digest.hex()}"


def reviewed_in(session: Session, village_ids: Sequence[UUID], now: datetime) -> dict[str, set[str]]:
    """By sign, what somebody has looked at already."""
    here = (Review.village_id.in_(village_ids), Review.decided_at > now - LOOKED_BACK)
    found: dict[str, set[str]] = {}
    for sign, subjects in session.execute(select(Review.sign, Review.subjects).where(*here)):
        found.setdefault(sign, set()).update(subjects)
    return found


def _stamp(session: Session, village_ids: Sequence[UUID], now: datetime) -> Stamp:
    """What is another one once a row of the villages has changed, or somebody has looked at something."""
    looked_at = select(func.count()).where(Review.village_id.in_(village_ids)).scalar_subquery()
    versions = select(func.count(), func.sum(VillageCounter.version), looked_at)
    row = session.execute(versions.where(VillageCounter.village_id.in_(village_ids))).one()
    return civil_date(now), *row


def _visits(session: Session, village_ids: Sequence[UUID], now: datetime) -> list[Seen]:
    columns = (
        hex_id(Visit.id), hex_id(Visit.village_id), Visit.version, hex_id(Visit.team_id), hex_id(Visit.author_id),
        hex_id(Visit.household_id), Visit.kind, raw_instant(Visit.occurred_at), Visit.participants, Visit.note,
        Visit.time_uncertain,
    )  # fmt: skip
    # They lie by villages and days, so that years of visits are not gone through.
    lately = (Visit.occurred_at > now - LOOKED_BACK, Visit.received_at > now - LOOKED_BACK)
    here = (Visit.village_id.in_(village_ids), *lately, Visit.withdrawn_at.is_(None))
    rows = plain_rows(session, select(*columns).where(*here))
    merged = _merged(session, village_ids)
    return [Seen._make((*row[:5], merged.get(row[5], row[5]), row[6], _civil(row[7]), *row[8:])) for row in rows]


def _civil(instant: Any) -> datetime:
    """An instant in the database's own form, as clocks in Vietnam show it; a sum costs a tenth of a conversion."""
    at: datetime = datetime.fromisoformat(instant) if isinstance(instant, str) else instant.astimezone(UTC)
    return at.replace(tzinfo=None) + _AHEAD


def _merged(session: Session, village_ids: Sequence[UUID]) -> dict[Any, Any]:
    """What the households of the villages that were merged are now."""
    columns = (hex_id(Household.id), hex_id(Household.merged_into_id))
    here = (Household.merged_into_id.is_not(None), Household.village_id.in_(village_ids))
    into = pairs(session, select(*columns).where(*here))
    for one in into:
        while into[one] in into:
            into[one] = into[into[one]]
    return into


def _conflict(rows: Sequence[Any]) -> Look:
    places = tuple(sorted((row.id.hex, row.village_id.hex) for row in rows))
    on: date = max(civil_date(row.at) for row in rows)
    mark = " ".join(subject for subject, _ in places)
    return Look(Sign.CONFLICT, rows[0].household_id.hex, places, None, None, on, len(places), mark=mark)


def _sent_back(rows: Sequence[Any]) -> Look:
    places = {entry_key(row.mutation_id, row.digest): row.home_village_id.hex for row in rows}
    on: date = max(civil_date(row.received_at) for row in rows)
    of, mark = rows[0], " ".join(sorted(places))
    subjects = tuple(sorted(places.items()))
    return Look(
        Sign.SENT_BACK, of.member_id.hex, subjects, of.member_id.hex, of.team_id.hex, on, len(subjects), mark=mark
    )


def _recall(session: Session, commune_id: UUID) -> tuple[Stamp, list[Look]] | None:
    with _lock:
        return _kept.get(session.get_bind(), OrderedDict()).get(commune_id)


def _keep(session: Session, commune_id: UUID, found: tuple[Stamp, list[Look]]) -> None:
    with _lock:
        of_database = _kept.setdefault(session.get_bind(), OrderedDict())
        of_database[commune_id] = found
        of_database.move_to_end(commune_id)
        while len(of_database) > KEPT:
            of_database.popitem(last=False)
