"""Beginning a new line of history."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from cdtteam.replica.models import Epoch, VillageCounter

RESTORE_LEAP = 1_000_000  # above every version that the lost history can have given out


def start_epoch(session: Session, *, now: datetime, leap: int = RESTORE_LEAP) -> Epoch:
    """Names a new line of history and raises every counter, as after a restore (sync protocol, "Cursor and epoch")."""
    epoch = Epoch(id=uuid4(), started_at=now)
    session.add(epoch)
    session.execute(update(VillageCounter).values(version=VillageCounter.version + leap))
    session.flush()
    return epoch
