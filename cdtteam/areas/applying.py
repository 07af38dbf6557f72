"""A planned reorganisation is applied, or undone while nothing depends on it.

Who may do so is asked above this floor. Versions of villages are not touched: what phones are to learn of it is told by
whoever knows which teams there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, delete, func, insert, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from cdtteam.areas.merging import VillagePlan
from cdtteam.areas.models import Area, AreaTerm, Level, Reorganisation, ReorganisedTerm
from cdtteam.areas.queries import hold_map, in_force
from cdtteam.areas.reorganising import Plan
from cdtteam.core.clock import civil_date
from cdtteam.core.db import Base
from cdtteam.core.ids import new_id
from cdtteam.core.reasons import Fault, Reason, Refusal, because, refuse


@dataclass(frozen=True, slots=True)
class Basis:
    """What a reorganisation rests on: a decision's number and sign, its date, its subject."""

    decision: str | None = None
    decided_on: date | None = None
    subject: str | None = None


def apply_reorganisation(session: Session, plan: Plan, basis: Basis, *, now: datetime) -> Reorganisation:
    """Ends and begins terms as planned; answers the record by which it can be undone."""
    record = _record(session, plan, basis, now)
    change = _Change(session, record.id, plan.on)
    ids = {code: unit.kept.id if unit.kept else new_id() for code, unit in plan.units.items()}
    made = [ids[code] for code, unit in plan.units.items() if unit.kept is None]
    if made:
        session.execute(insert(Area), [{"id": id_, "level": Level.COMMUNE} for id_ in made])
    for code, unit in plan.units.items():
        change.begin(ids[code], code, unit.name, unit.kind, plan.province.id)
    for village_id, code in plan.moving.items():
        village = plan.before.by_id[village_id]
        change.begin(village_id, village.code, village.name, village.kind, ids[code])
    successors = {area_id: ids[code] for area_id, code in plan.ended.items()}
    change.end(successors | {district.id: plan.province.id for district in plan.districts})
    change.write()
    return record


def apply_village_merger(session: Session, plan: VillagePlan, basis: Basis, *, now: datetime) -> Reorganisation:
    """Ends and begins terms as planned; answers the record by which it can be undone. Teams are not touched."""
    record = _record(session, plan, basis, now)
    change = _Change(session, record.id, plan.on)
    for code, unit in plan.units.items():
        change.begin(unit.kept.id, code, unit.name, unit.kind, unit.commune.id)
    change.end(plan.ended)
    change.write()
    return record


def _record(session: Session, plan: Plan | VillagePlan, basis: Basis, now: datetime) -> Reorganisation:
    record = Reorganisation(
        id=new_id(), effective_on=plan.on, digest=plan.digest, applied_at=now,
        decision=basis.decision, decided_on=basis.decided_on, subject=basis.subject,
    )  # fmt: skip
    session.add(record)
    session.flush()
    return record


class _Change:
    """Terms that end and begin on one day, written together."""

    def __init__(self, session: Session, record_id: UUID, on: date) -> None:
        self._session = session
        self._record_id = record_id
        self._on = on
        self._begun: dict[UUID, dict[str, object]] = {}
        self._successors: dict[UUID, UUID] = {}

    def begin(self, area_id: UUID, code: str, name: str, kind: str, parent_id: UUID) -> None:
        self._begun[area_id] = {
            "area_id": area_id, "from_on": self._on, "code": code, "name": name, "kind": kind, "parent_id": parent_id,
        }  # fmt: skip

    def end(self, successors: dict[UUID, UUID]) -> None:
        self._successors |= successors

    def write(self) -> None:
        concerned = self._begun.keys() | self._successors.keys()
        here = (AreaTerm.area_id.in_(concerned), in_force(self._on))
        ended = [tuple(row) for row in self._session.execute(select(AreaTerm.area_id, AreaTerm.from_on).where(*here))]
        self._session.execute(update(AreaTerm).where(*here).values(until_on=self._on).execution_options(**_NO_SYNC))
        for area_id, successor_id in self._successors.items():
            last = (AreaTerm.area_id == area_id, AreaTerm.until_on == self._on)
            values = {"successor_id": successor_id}
            self._session.execute(update(AreaTerm).where(*last).values(values).execution_options(**_NO_SYNC))
        self._session.execute(insert(AreaTerm), list(self._begun.values()))
        terms = [(area_id, from_on, False) for area_id, from_on in ended]
        terms += [(area_id, self._on, True) for area_id in self._begun]
        rows = [
            {"reorganisation_id": self._record_id, "area_id": area_id, "from_on": from_on, "is_new": is_new}
            for area_id, from_on, is_new in terms
        ]
        self._session.execute(insert(ReorganisedTerm), rows)
        self._session.expire_all()


_NO_SYNC = {"synchronize_session": False}


def undo_reorganisation(session: Session, record: Reorganisation, *, now: datetime) -> set[UUID]:
    """Puts every term back as it was before; answers the areas that it concerned.

    A Refusal says what depends on it, as `obstacles` does.
    """
    hold_map(session)
    session.refresh(record)
    if record.undone_at is not None:
        raise refuse(because("it was undone already, on %(day)s.", day=civil_date(record.undone_at)))
    if found := obstacles(session, record):
        raise Refusal([Fault(reason) for reason in found], because("it cannot be undone any more:"))
    begun, ended = _terms(session, record)
    made = _ids(begun) - _ids(ended)
    key = tuple_(AreaTerm.area_id, AreaTerm.from_on)
    for terms in _parts(ended):
        opened = update(AreaTerm).where(key.in_(terms)).values(until_on=None, successor_id=None)
        session.execute(opened.execution_options(**_NO_SYNC))
    villages = _ids(begun) - made
    # Children first: a village's term names the commune that goes after it.
    for area_ids in (villages, made):
        session.execute(
            delete(AreaTerm)
            .where(AreaTerm.area_id.in_(area_ids), AreaTerm.from_on == record.effective_on)
            .execution_options(**_NO_SYNC)
        )
    session.execute(delete(Area).where(Area.id.in_(made)).execution_options(**_NO_SYNC))
    record.undone_at = now
    session.flush()
    session.expire_all()
    return _ids(begun | ended)


def obstacles(session: Session, record: Reorganisation) -> list[Reason]:
    """What depends on a reorganisation, so that it cannot be undone any more; nothing where it can.

    A later change of the same areas, something that stands under or at an area that it made, a later end of what an
    area would go back to, or another area that has taken its code.
    """
    begun, ended = _terms(session, record)
    dependents = _dependents(session, begun, _ids(begun) - _ids(ended))
    return [*dependents, *_lost_parents(session, ended), *_lost_codes(session, record)]


_Terms = set[tuple[UUID, date]]  # an area's id and the term's first day


def _terms(session: Session, record: Reorganisation) -> tuple[_Terms, _Terms]:
    """The terms that a reorganisation began, and those that it ended."""
    columns = (ReorganisedTerm.area_id, ReorganisedTerm.from_on, ReorganisedTerm.is_new)
    rows = session.execute(select(*columns).where(ReorganisedTerm.reorganisation_id == record.id)).all()
    begun, ended = ({(row.area_id, row.from_on) for row in rows if row.is_new is is_new} for is_new in (True, False))
    return begun, ended


def _ids(terms: _Terms) -> set[UUID]:
    return {area_id for area_id, _ in terms}


def _dependents(session: Session, begun: _Terms, made: set[UUID]) -> list[Reason]:
    """A reason for each thing that would be left hanging."""
    areas = {area_id for area_id, _ in begun}
    later = select(AreaTerm.code, AreaTerm.name, AreaTerm.until_on).where(
        AreaTerm.area_id.in_(areas), AreaTerm.until_on.is_not(None), AreaTerm.from_on.in_({on for _, on in begun})
    )
    found = [
        because("%(code)s %(name)s changed again on %(day)s.", code=code, name=name, day=until)
        for code, name, until in session.execute(later)
    ]
    own = and_(AreaTerm.parent_id.in_(made), or_(AreaTerm.area_id.not_in(areas)))
    for code, name in session.execute(select(AreaTerm.code, AreaTerm.name).where(own)):
        found.append(because("%(code)s %(name)s was put under a unit that it made.", code=code, name=name))
    for table, count in _references(session, made):
        found.append(because("%(count)s rows of “%(table)s” belong to units that it made.", count=count, table=table))
    return found


def _lost_parents(session: Session, ended: _Terms) -> list[Reason]:
    """A reason for each area to which some would go back and that has ended through another reorganisation."""
    key, back = tuple_(AreaTerm.area_id, AreaTerm.from_on), {area_id for area_id, _ in ended}
    parents = set[UUID | None]()
    for terms in _parts(ended):
        parents |= set(session.scalars(select(AreaTerm.parent_id).where(key.in_(terms))))
    over = (AreaTerm.area_id.in_(parents - back - {None}), AreaTerm.successor_id.is_not(None))
    rows = session.execute(select(AreaTerm.code, AreaTerm.name, AreaTerm.until_on).where(*over))
    return [
        because("%(code)s %(name)s, to which units would go back, ended on %(day)s.", code=code, name=name, day=until)
        for code, name, until in rows
    ]


def _lost_codes(session: Session, record: Reorganisation) -> list[Reason]:
    """A reason for each code that would come back and that an area of the same level has taken since."""
    own = select(ReorganisedTerm.area_id).where(ReorganisedTerm.reorganisation_id == record.id)
    came = and_(ReorganisedTerm.area_id == AreaTerm.area_id, ReorganisedTerm.from_on == AreaTerm.from_on)
    other, area, its_area = aliased(AreaTerm), aliased(Area), aliased(Area)
    taken = (
        select(other.code, other.name)
        .select_from(AreaTerm)
        .join(ReorganisedTerm, came)
        .join(other, and_(other.code == AreaTerm.code, other.area_id.not_in(own)))
        .join(area, area.id == AreaTerm.area_id)
        .join(its_area, and_(its_area.id == other.area_id, its_area.level == area.level))
        .where(ReorganisedTerm.reorganisation_id == record.id, ReorganisedTerm.is_new.is_(False))
        .where(or_(other.until_on.is_(None), other.until_on > record.effective_on))
    )
    rows = session.execute(taken.distinct())
    return [because("the code %(code)s is that of %(name)s now.", code=code, name=name) for code, name in rows]


def _references(session: Session, made: set[UUID]) -> Iterable[tuple[str, int]]:
    """How many rows of other rooms' tables point at the areas."""
    for table in Base.metadata.sorted_tables:
        if table.name == AreaTerm.__tablename__:
            continue
        for column in table.columns:
            if any(key.target_fullname == "area.id" for key in column.foreign_keys):
                count = session.scalar(select(func.count()).select_from(table).where(column.in_(made)))
                if count:
                    yield table.name, count


def _parts(keys: _Terms, size: int = 500) -> Iterable[list[tuple[UUID, date]]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]
