"""By which a list knows that a household refused to be named: a digest of village and name under the server's key.

It stands apart from the household's row, so that nothing says whose it is; whoever has the database and not the key
can try no names on it. Another household of that name in that village is left out of lists as well, and is added by
its team when it agrees: a refusal weighs more.
"""

import hmac
from collections.abc import Collection, Iterable
from uuid import UUID

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.core.text import fold
from cdtteam.core.upsert import insert_missing
from cdtteam.households.models import RefusedName
from cdtteam.replica.work import Work

LENGTH = 16  # octets


def mark_of(village_id: UUID, name: str) -> bytes:
    """The digest of a name in a village, however it is written."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(key, f"refused name\0{village_id}\0{fold(name)}".encode(), "sha256")[:LENGTH]


def keep_refusals(work: Work, village_ids: Collection[UUID], names: Iterable[str]) -> None:
    """Remembers that households of these names refused, in each of the villages.

    A phone that heard the refusal at the first visit sends a dash in the name's place: then nobody can know it again.
    """
    spoken = {name for name in names if any(letter.isalpha() for letter in name)}
    rows = [{"village_id": village, "mark": mark_of(village, name)} for name in spoken for village in village_ids]
    if rows:
        insert_missing(work.session.connection(), RefusedName, rows)


def refused_marks(session: Session, village_ids: Collection[UUID]) -> set[bytes]:
    """The digests of the villages."""
    return set(session.scalars(select(RefusedName.mark).where(RefusedName.village_id.in_(village_ids))))
