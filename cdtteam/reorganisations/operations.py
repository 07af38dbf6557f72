"""The map is changed, and changed back: planned, applied and told to the phones in one transaction.

At the desk a change is put up first, looked over, and applied as it was seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.areas.applying import Basis, apply_reorganisation, apply_village_merger, undo_reorganisation
from cdtteam.areas.merging import VillageDraft, plan_village_merger
from cdtteam.areas.models import Reorganisation
from cdtteam.areas.queries import AreaMap, area_map
from cdtteam.areas.reading import Table
from cdtteam.areas.reorganising import Draft, plan_reorganisation
from cdtteam.core.problems import Problem
from cdtteam.reorganisations.changes import changes_of
from cdtteam.reorganisations.drafts import basis_of, draft_of, first_choices, village_draft_of
from cdtteam.reorganisations.models import Kind, MapDraft
from cdtteam.reorganisations.preview import map_seen
from cdtteam.reorganisations.telling import tell_reorganised, tell_undone
from cdtteam.replica.work import Work
from cdtteam.teams.merging import merge_teams
from cdtteam.teams.operations import tell_areas
from cdtteam.teams.unmerging import give_back

LONGEST_FILE_NAME = 80


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A change as it is put up."""

    id: UUID
    kind: Kind
    file_name: str
    table: Table
    on: date
    basis: Basis


def reorganise(
    actor: Actor, work: Work, draft: Draft, basis: Basis, *, on: date, seen: str | None = None
) -> Reorganisation:
    """Merges, splits, renames and moves communes from the day `on`; Refusal with every fault, Undecided for a split.

    Problem `changed_meanwhile` when the day's map is not the one that was `seen`.
    """
    require(actor, Permission.AREA_MANAGE)
    plan = plan_reorganisation(work.session, draft, on=on)
    _check_map(plan.before, seen)
    record = apply_reorganisation(work.session, plan, basis, now=work.now)
    record.applied_by = actor.user_id
    tell_areas(actor, work, plan.concerned)
    tell_reorganised(work, record, changes_of(work.session, record))
    return record


def merge_villages(
    actor: Actor, work: Work, draft: VillageDraft, basis: Basis, *, on: date, seen: str | None = None
) -> Reorganisation:
    """Merges, renames and moves villages, and their teams, from the day `on`; Refusal with every fault.

    Problem `changed_meanwhile` when the day's map is not the one that was `seen`.
    """
    require(actor, Permission.AREA_MANAGE)
    plan = plan_village_merger(work.session, draft, on=on)
    _check_map(plan.before, seen)
    record = apply_village_merger(work.session, plan, basis, now=work.now)
    record.applied_by = actor.user_id
    merge_teams(actor, work, record, plan)
    tell_areas(actor, work, plan.concerned)
    tell_reorganised(work, record, changes_of(work.session, record))
    return record


def undo(actor: Actor, work: Work, record: Reorganisation) -> None:
    """Puts the map back as it was before; a Refusal says what depends on the change."""
    require(actor, Permission.AREA_MANAGE)
    changes = changes_of(work.session, record)
    concerned = undo_reorganisation(work.session, record, now=work.now)
    record.undone_by = actor.user_id
    give_back(actor, work, record, concerned)
    # Of a commune that goes back to its name all villages are told, also those whose own terms stayed.
    there = area_map(work.session, record.effective_on)
    tell_areas(actor, work, concerned | {area.id for id_ in concerned for area in there.children.get(id_, ())})
    tell_undone(work, record, changes)


def put_up(actor: Actor, session: Session, new: NewDraft, *, now: datetime) -> MapDraft:
    """Keeps a change to be looked over, for a month at most."""
    require(actor, Permission.AREA_MANAGE)
    assert actor.user_id is not None
    row = MapDraft(
        id=new.id, kind=new.kind, file_name=new.file_name[-LONGEST_FILE_NAME:], rows=[list(one) for one in new.table],
        choices={}, effective_on=new.on, decision=new.basis.decision, decided_on=new.basis.decided_on,
        subject=new.basis.subject, made_at=now, made_by=actor.user_id,
    )  # fmt: skip
    row.choices = first_choices(row)
    session.add(row)
    session.flush()
    return row


def decide(actor: Actor, session: Session, row: MapDraft, choices: Mapping[str, str]) -> bool:
    """Adds choices to those that were made, and answers whether that made any difference.

    What cannot be chosen is passed over when it is planned.
    """
    require(actor, Permission.AREA_MANAGE)
    _refuse_applied(row)
    chosen = row.choices | dict(choices)
    is_other = chosen != row.choices
    if is_other:
        row.choices, row.version = chosen, row.version + 1
        session.flush()
    return is_other


def apply_draft(actor: Actor, work: Work, row: MapDraft, *, seen: str) -> Reorganisation:
    """Applies a change as it was looked over on the map `seen`."""
    require(actor, Permission.AREA_MANAGE)
    _refuse_applied(row)
    if row.kind == Kind.VILLAGES:
        record = merge_villages(actor, work, village_draft_of(row), basis_of(row), on=row.effective_on, seen=seen)
    else:
        record = reorganise(actor, work, draft_of(work.session, row), basis_of(row), on=row.effective_on, seen=seen)
    row.applied_as, row.version = record.id, row.version + 1
    return record


def drop(actor: Actor, session: Session, row: MapDraft) -> None:
    """Forgets a change that was not applied."""
    require(actor, Permission.AREA_MANAGE)
    _refuse_applied(row)
    session.delete(row)
    session.flush()


def _check_map(before: AreaMap, seen: str | None) -> None:
    if seen is not None and map_seen(before) != seen:
        raise Problem("changed_meanwhile")


def _refuse_applied(row: MapDraft) -> None:
    if row.applied_as is not None:
        raise Problem("changed_meanwhile")
