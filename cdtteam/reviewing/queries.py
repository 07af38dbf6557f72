"""What the pages of reviewing show: looks with names, a visit with its story, what was done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require, visible
from cdtteam.accounts.models import User
from cdtteam.areas.ground import name_on
from cdtteam.areas.queries import AreaMap
from cdtteam.core.clock import civil_date
from cdtteam.households.fields import PLAIN
from cdtteam.households.group import standing
from cdtteam.households.models import Household, HouseholdChange
from cdtteam.households.queries import now_known_as
from cdtteam.reviewing.models import Review
from cdtteam.reviewing.signs import Look
from cdtteam.sync.models import Quarantined
from cdtteam.teams.models import Member, Team
from cdtteam.visits.models import Act, Visit, VisitChange

MOST = 200  # of a list


@dataclass(frozen=True, slots=True)
class Line:
    """A look with whose it is and where, as far as it is one team's, one member's, one village's."""

    look: Look
    team: str
    author: str
    village: str


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit with the names in it."""

    visit: Visit
    team: str
    author: str
    village: str
    household: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done about a visit; `before` is what the fields said until then."""

    at: datetime
    act: str
    who: str
    reason: str
    before: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """Something that an officer did: `visit_id`, when it was and `whose` where it was about one visit."""

    at: datetime
    act: str
    who: str
    sign: str
    on: date
    number: int
    visit_id: UUID | None
    reason: str
    occurred_at: datetime | None = None
    whose: str = ""


@dataclass(frozen=True, slots=True)
class LostWord:
    """A word about a household that did not stand: the fields with what was said and what stands."""

    at: datetime
    who: str
    fields: list[tuple[str, Any, Any]]


@dataclass(frozen=True, slots=True)
class SentBack:
    """An entry that was refused: when it came, and the code of the reason."""

    at: datetime
    code: str


def lines_of(session: Session, areas: AreaMap, looks: Sequence[Look]) -> list[Line]:
    """Looks with the names of teams, members and villages."""
    teams = names_of(session, Team, (look.team_id for look in looks))
    people = names_of(session, Member, (look.author_id for look in looks))
    found = []
    for look in looks:
        villages = {village for _, village in look.places}
        village = (name_on(areas, UUID(villages.pop())) or "–") if len(villages) == 1 else ""
        found.append(Line(look, teams.get(look.team_id or "", ""), people.get(look.author_id or "", ""), village))
    return found


def visit_seen(actor: Actor, session: Session, visit_id: UUID, now: datetime) -> Visit | None:
    """A visit that the actor may review; None for another commune's as for one that there is not."""
    require(actor, Permission.VISIT_REVIEW)
    wanted = select(Visit).where(Visit.id == visit_id).execution_options(populate_existing=True)
    return session.scalars(visible(wanted, actor, Visit.village_id, now)).one_or_none()


def visits_seen(
    actor: Actor, session: Session, areas: AreaMap, visit_ids: Iterable[str], now: datetime
) -> list[VisitLine]:
    """Visits that the actor may review with their names, in the order in which they were made."""
    require(actor, Permission.VISIT_REVIEW)
    wanted = select(Visit).where(Visit.id.in_([UUID(one) for one in visit_ids]))
    visits = session.scalars(visible(wanted, actor, Visit.village_id, now).order_by(Visit.occurred_at, Visit.id)).all()
    merged = now_known_as(session, {visit.household_id for visit in visits if visit.household_id})
    homes = {visit.id: merged.get(visit.household_id, visit.household_id) for visit in visits if visit.household_id}
    teams = names_of(session, Team, (visit.team_id.hex for visit in visits))
    people = names_of(session, Member, (visit.author_id.hex for visit in visits))
    heads = names_of(session, Household, (home.hex for home in homes.values() if home))
    return [
        VisitLine(
            visit, teams[visit.team_id.hex], people[visit.author_id.hex], name_on(areas, visit.village_id) or "–",
            heads.get(home.hex, "") if (home := homes.get(visit.id)) else "",
        )
        for visit in visits
    ]  # fmt: skip


def story_of(session: Session, visit: Visit) -> list[Event]:
    """What was done about a visit, the latest first."""
    changes = session.scalars(select(VisitChange).where(VisitChange.visit_id == visit.id)).all()
    people = names_of(session, Member, (one.author_id.hex for one in changes if one.author_id))
    users = names_of(session, User, (one.entered_by.hex for one in changes if one.entered_by))
    found = []
    for one in changes:
        by, names = (one.author_id, people) if one.author_id else (one.entered_by, users)
        found.append(Event(one.at, act_of(one.before), names.get(by.hex, "") if by else "", one.reason, one.before))
    found.sort(key=lambda event: event.at, reverse=True)
    return _without_topics_that_stayed(visit, found)


def _without_topics_that_stayed(visit: Visit, story: list[Event]) -> list[Event]:
    """Where only the number of people changed, the topics changed with it, and nobody reads a difference in them."""
    after, found = visit.services, []
    for event in story:
        before = event.before.get("services", after)
        is_same = "participants" in event.before and _topics(before) == _topics(after)
        kept = {name: value for name, value in event.before.items() if not (is_same and name == "services")}
        found.append(replace(event, before=kept))
        after = before
    return found


def _topics(services: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["code"], one["outcome"]) for one in services]


def act_of(before: dict[str, Any]) -> Act:
    """What a change of a visit was, by what it replaced: a withdrawal changes no field."""
    if "withdrawn_at" in before:
        return Act.RESTORED
    return Act.AMENDED if before else Act.WITHDRAWN


def done_in(actor: Actor, session: Session, areas: AreaMap, commune_id: UUID) -> list[Done]:
    """What officers did in a commune about what deserved a look, the latest first."""
    require(actor, Permission.VISIT_REVIEW, commune_id)
    village_ids = areas.ground_below(commune_id)
    kept = select(Review).where(Review.village_id.in_(village_ids)).order_by(Review.decided_at.desc()).limit(MOST)
    reviews = session.scalars(kept).all()
    columns = (VisitChange.received_at, VisitChange.entered_by, VisitChange.reason, VisitChange.before,
               Visit.id, Visit.occurred_at, Visit.author_id, Visit.team_id)  # fmt: skip
    here = (Visit.village_id.in_(village_ids), Visit.review.is_not(None), VisitChange.entered_by.is_not(None))
    at_desk = select(*columns).join(Visit, Visit.id == VisitChange.visit_id).where(*here)
    rows = session.execute(at_desk.order_by(VisitChange.received_at.desc()).limit(MOST)).all()
    users = names_of(session, User, [one.hex for one in {review.decided_by for review in reviews if review.decided_by}])
    users |= names_of(session, User, [one.hex for one in {row.entered_by for row in rows}])
    people = names_of(session, Member, {row.author_id.hex for row in rows})
    teams = names_of(session, Team, {row.team_id.hex for row in rows})
    found = [
        Done(one.decided_at, "kept", users.get(one.decided_by.hex, "") if one.decided_by else "", one.sign, one.on,
             len(one.subjects), None, "")
        for one in reviews
    ]  # fmt: skip
    found += [
        Done(row.received_at, act_of(row.before), users.get(row.entered_by.hex, ""), "", civil_date(row.occurred_at), 1,
             row.id, row.reason, row.occurred_at, _whose(row, people, teams))
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]


def _whose(row: Any, people: dict[str, str], teams: dict[str, str]) -> str:
    names = (people.get(row.author_id.hex), teams.get(row.team_id.hex))
    return " · ".join(name for name in names if name)


def lost_words(session: Session, look: Look) -> tuple[Household, list[LostWord]]:
    """The household of a conflict as it stands now, and the words about it that did not stand."""
    household = standing(session, session.get_one(Household, UUID(look.key)))
    wanted = select(HouseholdChange).where(HouseholdChange.id.in_([UUID(one) for one in look.subjects]))
    changes = session.scalars(wanted.order_by(HouseholdChange.at)).all()
    people = names_of(session, Member, (one.author_id.hex for one in changes if one.author_id))
    found = []
    for one in changes:
        fields = [(name, one.wanted.get(name), getattr(household, name)) for name in PLAIN if name in one.lost]
        found.append(LostWord(one.at, people.get(one.author_id.hex, "") if one.author_id else "", fields))
    return household, found


def entries_of(session: Session, look: Look) -> list[SentBack]:
    """The refused entries of a look, in the order in which they came; what they say stays on the phone."""
    keys = [subject.rpartition(":")[0] for subject in look.subjects]
    columns = (Quarantined.received_at, Quarantined.code)
    of = (Quarantined.mutation_id.in_(keys), Quarantined.settled_at.is_(None))
    rows = session.execute(select(*columns).where(*of).order_by(Quarantined.received_at))
    return [SentBack(*row) for row in rows]


def find_look(looks: Iterable[Look], sign: str, key: str) -> Look | None:
    """The look of a sign that has that key, or is about that subject."""
    own = [look for look in looks if look.sign == sign]
    return next((look for look in own if look.key == key), None) or next(
        (look for look in own if key in look.subjects), None
    )


def names_of(
    session: Session, model: type[Team] | type[Member] | type[User] | type[Household], ids: Iterable[str | None]
) -> dict[str, str]:
    """Names by id as 32 hexadecimal digits."""
    wanted = {UUID(one) for one in ids if one}
    name: Any = Household.head_name if model is Household else model.name  # type: ignore[union-attr]
    rows = session.execute(select(model.id, name).where(model.id.in_(wanted))) if wanted else ()
    return {row[0].hex: row[1] for row in rows}
