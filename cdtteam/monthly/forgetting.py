"""Drafts of reports may call a household by name: those paragraphs go when it is to be forgotten.

Closed reports are the office's papers and stay as they were handed out.
"""

from collections.abc import Callable, Collection
from uuid import UUID

from sqlalchemy import or_, select

from cdtteam.areas.models import Area, Level
from cdtteam.areas.queries import communes_ever, with_forerunners
from cdtteam.core.clock import civil_date
from cdtteam.core.db import ERASED
from cdtteam.core.text import TAKEN_OUT
from cdtteam.monthly.models import ReportDraft
from cdtteam.monthly.texts import TOLD
from cdtteam.replica.work import Work


def forget_in_drafts(work: Work, village_ids: Collection[UUID], names_it: Callable[[str], bool]) -> int:
    """Takes it out of what communes of the villages, ended ones included, and the province typed; in how many drafts.

    Whoever has such a draft open hears that it changed. There is no actor: it belongs to an erasure, which has required
    its own.
    """
    drafts = _drafts_of(work, village_ids)
    found = 0
    for draft in drafts:
        typed = {name: draft.texts.get(name) or "" for name in TOLD}
        kept = {name: _without(text, names_it) for name, text in typed.items()}
        if kept != typed:
            work.session.info[ERASED] = True
            draft.texts, draft.version, found = draft.texts | kept, draft.version + 1, found + 1
    return found


def _drafts_of(work: Work, village_ids: Collection[UUID]) -> list[ReportDraft]:
    session, today = work.session, civil_date(work.now)
    communes = communes_ever(session, village_ids, today)
    here = [ReportDraft.area_id.in_(with_forerunners(area_id, today)) for area_id in communes]
    wanted = select(ReportDraft).join(Area, Area.id == ReportDraft.area_id)
    wanted = wanted.where(or_(Area.level == Level.PROVINCE, *here)).order_by(ReportDraft.id)
    return list(session.scalars(wanted.with_for_update(of=ReportDraft)))


def _without(text: str, names_it: Callable[[str], bool]) -> str:
    """The text with TAKEN_OUT for each paragraph that names it, for all where a name runs over two of them."""
    lines = [TAKEN_OUT if names_it(line) else line for line in text.split("\n")]
    return TAKEN_OUT if names_it("\n".join(lines)) else "\n".join(lines)
