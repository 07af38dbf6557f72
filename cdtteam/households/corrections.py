"""What the desk corrected in households, as their teams' phones tell it until it was seen."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from cdtteam.accounts.models import User
from cdtteam.areas.queries import last_names
from cdtteam.core.clock import wire_instant
from cdtteam.core.db import UtcDateTime
from cdtteam.households.models import HouseholdChange

TOLD_FOR = timedelta(days=60)  # as long as a phone's inbox reaches back

_CORRECTED = (
    select(
        HouseholdChange.household_id, HouseholdChange.at, HouseholdChange.wanted, HouseholdChange.before,
        HouseholdChange.lost, User.area_id,
    )
    .join(User, User.id == HouseholdChange.officer_id)
    .where(
        HouseholdChange.household_id.in_(bindparam("ids", expanding=True)),
        HouseholdChange.at > bindparam("since", type_=UtcDateTime()),
    )
    .order_by(HouseholdChange.at)
)  # fmt: skip


def corrections_of(
    session: Session, household_ids: Collection[UUID], now: datetime
) -> dict[UUID, list[dict[str, Any]]]:
    """What was corrected lately in some households, the latest last; those in which nothing was are absent.

    Of each: the office (`by`), when (`at`), the flat names of the fields, and of the household's name what it `was`.
    """
    known = {"ids": list(household_ids), "since": now - TOLD_FOR}
    rows = [row for row in session.connection().execute(_CORRECTED, known) if set(row.wanted) - set(row.lost)]
    offices = last_names(session, {row.area_id for row in rows if row.area_id}) if rows else {}
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        fields = sorted(set(row.wanted) - set(row.lost))
        was = {"was": {name: row.before[name] for name in fields if name == "head_name" and row.before.get(name)}}
        told = {"by": offices.get(row.area_id, ""), "at": wire_instant(row.at), "fields": fields, **was}
        found.setdefault(row.household_id, []).append(told)
    return found
