"""Reading the log."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from cdtteam.replica.models import Epoch, LogEntry

EPOCH = select(Epoch.id).order_by(Epoch.started_at.desc(), Epoch.id.desc()).limit(1)  # the one in force
_AFTER = (
    select(LogEntry.version, LogEntry.kind, LogEntry.row_id, LogEntry.gone, LogEntry.into_id)
    .where(LogEntry.village_id == bindparam("village"), LogEntry.version > bindparam("version"))
    .order_by(LogEntry.version)
    .limit(bindparam("size"))
)
_UNTIL = (
    select(LogEntry.version, LogEntry.kind, LogEntry.row_id, LogEntry.gone, LogEntry.into_id)
    .where(
        LogEntry.village_id == bindparam("village"),
        LogEntry.version <= bindparam("version"),
        LogEntry.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(LogEntry.version)
)


def current_epoch(session: Session) -> UUID:
    """The id of the line of history in force."""
    return session.scalars(EPOCH).one()


def changes_after(
    session: Session, village_id: UUID, version: int, limit: int
) -> Sequence[Row[int, str, UUID, str | None, UUID | None]]:
    """Up to `limit` entries (version, kind, row_id, gone, into_id) of a village's log after `version`, in order."""
    return session.connection().execute(_AFTER, {"village": village_id, "version": version, "size": limit}).all()


def entries_until(
    session: Session, village_id: UUID, version: int, kinds: Sequence[str]
) -> Sequence[Row[int, str, UUID, str | None, UUID | None]]:
    """The entries of a village's log about some kinds of rows up to `version`, as changes_after gives them."""
    return session.connection().execute(_UNTIL, {"village": village_id, "version": version, "kinds": kinds}).all()
