"""Beginning a new line of history."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from cdtteam.replica.models import Epoch, VillageCounter

RESTORE_LEAP = 1_000_000  # above every version that the lost history can have given out


def start_epoch(session: Session, *, now: datetime, leap: int = RESTORE_LEAP) -> Epoch:
    """Names a new line of history and raises every counter, as after a restore (sync protocol, "Cursor and epoch")."""
    # The one begun last is in force, also on a machine whose clock is behind the one where the others began.
    latest = session.scalar(select(func.max(Epoch.started_at)))
    epoch = Epoch(id=uuid4(), started_at=max(now, latest + timedelta(milliseconds=1)) if latest else now)
    session.add(epoch)
    session.execute(update(VillageCounter).values(version=VillageCounter.version + leap))
    session.flush()
    return epoch
