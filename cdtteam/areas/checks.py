"""What may be wrong with a change of the map, of whichever level: each fault is noted with its line."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cdtteam.areas.models import AreaTerm, Reorganisation
from cdtteam.areas.queries import AreaOnMap
from cdtteam.areas.reading import Faults
from cdtteam.core.clock import civil_date
from cdtteam.core.reasons import Fault, Reason, Refusal, because


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the file: (a part of) an old unit goes into a new one."""

    line: int
    old: str
    new: str
    name: str
    kind: str


class AppliedAlready(Refusal):
    """The Refusal of what was applied before, and by which reorganisation."""

    def __init__(self, record: Reorganisation) -> None:
        self.on, self.record_id = civil_date(record.applied_at), record.id
        super().__init__(
            [Fault(because("this was applied already, on %(day)s, as %(id)s.", day=self.on, id=record.id))]
        )


def refuse_applied(session: Session, digest: bytes) -> None:
    """AppliedAlready when the same was applied already and is in force."""
    same = select(Reorganisation).where(Reorganisation.digest == digest, Reorganisation.undone_at.is_(None))
    if found := session.scalar(same):
        raise AppliedAlready(found)


def check_rows(steps: Sequence[Step], faults: Faults) -> None:
    """Notes rows that contradict or repeat each other."""
    first: dict[str, Step] = {}
    pairs: dict[tuple[str, str], int] = {}
    for step in steps:
        told = first.setdefault(step.new, step)
        if (told.name, told.kind) != (step.name, step.kind):
            why = because(
                "%(code)s is %(name)s (%(kind)s) here, but %(other)s (%(other_kind)s) in line %(line)s.",
                code=step.new, name=step.name, kind=step.kind, other=told.name, other_kind=told.kind, line=told.line,
            )  # fmt: skip
            faults.add(step.line, why)
        line = pairs.setdefault((step.old, step.new), step.line)
        if line != step.line:
            why = because(
                "%(old)s to %(new)s is doubled: line %(line)s has it already.", old=step.old, new=step.new, line=line
            )
            faults.add(step.line, why)


def check_known(
    steps: Iterable[Step], faults: Faults, known: Mapping[str, AreaOnMap], missing: Callable[[str], Reason]
) -> None:
    """Notes old codes that are none of `known`, the areas of the map; `missing` says so."""
    for step in steps:
        if step.old not in known:
            faults.add(step.line, missing(step.old))


def check_terms(session: Session, faults: Faults, lines: Mapping[UUID, int], on: date) -> None:
    """Notes areas that cannot change on the day: it lies after what they are now, before what follows.

    `lines` says for each area which line changes it.
    """
    concerned = select(AreaTerm).where(AreaTerm.area_id.in_(lines)).order_by(AreaTerm.from_on)
    for term in session.scalars(concerned):
        if term.from_on == on:
            faults.add(lines[term.area_id], _begins(term, is_below=term.parent_id in lines))
        elif term.from_on > on or (term.until_on is not None and term.until_on > on):
            changes = term.from_on if term.from_on > on else term.until_on
            why = because(
                "%(code)s %(name)s changes again on %(day)s; that would have to be undone first.",
                code=term.code, name=term.name, day=changes,
            )  # fmt: skip
            faults.add(lines[term.area_id], why)


def _begins(term: AreaTerm, *, is_below: bool) -> Reason:
    """Why an area cannot change on its first day, and the way out; a line that names its commune does not name it."""
    named = {"code": term.code, "name": term.name, "day": term.from_on}
    if is_below:
        return because(
            "in this unit %(code)s %(name)s begins on %(day)s itself: choose another day, or undo that change first.",
            **named,
        )
    return because(
        "%(code)s %(name)s begins on %(day)s itself: choose another day, or undo that change first.", **named
    )


def check_codes(
    session: Session, steps: Sequence[Step], faults: Faults, known: Mapping[str, AreaOnMap], on: date
) -> None:
    """Notes new codes that are, or will be, those of areas that the file does not speak of."""
    olds = {known[step.old].id for step in steps}
    lines = {step.new: step.line for step in reversed(steps)}
    later = or_(AreaTerm.until_on.is_(None), AreaTerm.until_on > on)
    taken = select(AreaTerm).where(AreaTerm.code.in_(lines), later, AreaTerm.area_id.not_in(olds))
    for term in session.scalars(taken):
        why = because(
            "the code %(code)s is that of %(name)s, which is no old code here.", code=term.code, name=term.name
        )
        faults.add(lines[term.code], why)


def digest_of(*what: object) -> bytes:
    """SHA-256 of what was decided, so that the same is known again."""
    return hashlib.sha256(repr(what).encode()).digest()
