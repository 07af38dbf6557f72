"""What is in a database, in a backup or out of one, told by SQL that every version of the schema understands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from cdtteam.core.clock import civil_date
from cdtteam.core.problems import Problem

Ask = Callable[[str], Sequence[Any]]  # the rows that a statement answers

# No database of ours is without these.
OURS = {"alembic_version", "area", "epoch", "team", "user_account", "village_counter", "visit"}


@dataclass(frozen=True, slots=True)
class Contents:
    """How many rows each table has; the migration; the visits that count, and the civil day of the newest."""

    rows: Mapping[str, int]
    revision: str
    visits: int
    newest_on: date | None


def contents(ask: Ask, tables: set[str]) -> Contents:
    """The contents of a database of ours with these tables; Problem `invalid_file` when it is none."""
    if not tables >= OURS:
        raise Problem("invalid_file", detail="This is no database of cdtteam.")
    rows = {name: int(ask(f'SELECT count(*) FROM "{name}"')[0][0]) for name in sorted(tables)}  # noqa: S608 — a table
    revisions = ask("SELECT version_num FROM alembic_version")
    visits, newest = ask("SELECT count(*), max(occurred_at) FROM visit WHERE withdrawn_at IS NULL")[0]
    return Contents(rows, str(revisions[0][0]) if revisions else "", int(visits), _day(newest))


def _day(instant: datetime | str | None) -> date | None:
    if instant is None:
        return None
    moment = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return civil_date(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)
