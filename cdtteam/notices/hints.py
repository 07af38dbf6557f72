"""What in a text looks as if it named residents: its writer is asked to look again, and decides."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require, visible
from cdtteam.households.models import Household
from cdtteam.imports.crowded import phones_in

LONGEST_NAME = 6  # words
_AROUND = ".,;:!?()[]\"'“”‘’…–-/"  # stands at words without being of them


class Hints(NamedTuple):
    """The households that a text calls by name, as it writes them, and the phone numbers in it."""

    names: list[str]
    numbers: list[str]


def hints_in(actor: Actor, session: Session, text: str, now: datetime) -> Hints:
    """What in a text an officer should look at; of households those that they may see."""
    require(actor, Permission.NOTICE_SEND)
    standing = (Household.withdrawn_at.is_(None), Household.merged_into_id.is_(None), Household.erased_at.is_(None))
    wanted: Any = select(Household.head_name).where(Household.head_name.in_(_may_be_names(text)), *standing).distinct()
    names = session.scalars(visible(wanted, actor, Household.village_id, now))
    return Hints(sorted(names), phones_in(text))


def _may_be_names(text: str) -> set[str]:
    """Every few words that stand together, as they are and as names are written."""
    words = [bare for word in text.split() if (bare := word.strip(_AROUND))]
    spans = (
        " ".join(words[start : start + length])
        for length in range(2, LONGEST_NAME + 1)
        for start in range(len(words) - length + 1)
    )
    return {name for span in spans for name in (span, span.title())}
