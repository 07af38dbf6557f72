"""Drafts that nobody applied are forgotten after a month."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cdtteam.reorganisations.models import KEPT, MapDraft


def forget_old_drafts(session: Session, now: datetime) -> None:
    """Deletes drafts that have waited for too long."""
    session.execute(delete(MapDraft).where(MapDraft.made_at < now - KEPT))
