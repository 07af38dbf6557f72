"""What members did: counted from the visits in which they took part, by the functions that count for villages."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cdtteam.participation.columns import plain_rows
from cdtteam.participation.days import count_visits, counted_columns, members_of
from cdtteam.participation.summaries import Sum, Summary, merged_households
from cdtteam.visits.models import Visit

_MEMBERS = 6  # the place of `member_ids` in `counted_columns`


def shares_of(session: Session, *where: ColumnElement[bool]) -> dict[UUID, Summary]:
    """What visits come to for each member who was along.

    Each of several who went together has the whole visit, so that shares do not add up to a team's figures.
    """
    taken: dict[str, list[Sequence[Any]]] = {}
    for row in plain_rows(session, select(*counted_columns()).where(Visit.withdrawn_at.is_(None), *where)):
        for member in set(members_of(row[_MEMBERS])):
            taken.setdefault(member, []).append(row)
    merged = merged_households(session) if taken else {}
    return {UUID(member): _sum(visits, merged) for member, visits in taken.items()}


def _sum(visits: Sequence[Sequence[Any]], merged: Mapping[str, str]) -> Summary:
    whole = Sum([])
    whole.add(date.min, count_visits(visits))
    return whole.summary(merged)
