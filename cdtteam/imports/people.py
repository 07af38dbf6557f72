"""Rows of a list of people."""

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.core.clock import day_start
from cdtteam.core.text import fold
from cdtteam.imports.cells import joined, read_day
from cdtteam.imports.checks import MISSING, Given, Rows, name_trouble, village_at
from cdtteam.imports.crowded import one_each, phones_in
from cdtteam.imports.lines import Judged, Line
from cdtteam.imports.marks import mark_of
from cdtteam.imports.models import UploadMade
from cdtteam.imports.places import Villages
from cdtteam.teams.models import Member, Membership, Organisation, Position, Team
from cdtteam.teams.queries import holds

_NUMBER = re.compile(r"(s?dt|so dien thoai|dien thoai|di dong|zalo|tel)?\W*[\d+]")
_EARLIEST = date(2000, 1, 1)

_POSITIONS = (
    (Position.LEADER, r"to truong|truong|leader|head"),
    (Position.DEPUTY, r"to pho|pho|pho to truong|deputy"),
    (Position.MEMBER, r"thanh vien|to vien|tv|member"),
)
_TITLE = re.compile(r"(to (truong|pho|vien)|truong|pho|thanh vien|tv)( to| cua to)?( cnscd| cong nghe so.*)?")
# In order: a secretary of the youth union of the village is of the youth union, a head of the village is that.
_ORGANISATIONS = (
    (
        Organisation.YOUTH_UNION,
        r"doan tn\w*|doan thanh nien|thanh nien|bi thu doan|chi doan|doan vien|doan|youth union",
    ),
    (Organisation.WOMEN_UNION, r"phu nu|lhpn|women|women's union"),
    (Organisation.FARMERS_UNION, r"nong dan|farmers"),
    (Organisation.VETERANS, r"cuu chien binh|ccb|veterans"),
    (Organisation.POLICE, r"cong an|police"),
    (Organisation.TEACHER, r"giao vien|nha truong|truong (tieu hoc|thcs|thpt|mam non)|teacher|school"),
    (Organisation.HEALTH, r"y te|health"),
    (Organisation.VILLAGE_HEAD, r"(truong|pho) (thon|lang|ban|ap|buon|khu pho)|(thon|khu) truong|village head"),
    (Organisation.FRONT, r"mat tran|mttq|front"),
    (Organisation.POST_TELECOM, r"buu dien|vien thong|viettel|vnpt|mobifone|post|telecom"),
)


@dataclass(frozen=True, slots=True)
class NewMember:
    """A membership that a row makes; without `team_id` in the village's new team, without `member_id` a new person.

    `village_id` is a village of today.
    """

    village_id: UUID
    team_id: UUID | None
    member_id: UUID | None
    name: str
    phone: str | None
    position: Position
    organisation: Organisation | None
    started_on: date | None
    mark: bytes = b""


@dataclass
class Mates:
    """The teams of a commune and who is in them.

    `made` are the marks of rows whose people are in their teams, whatever they are called by now.
    """

    teams: dict[UUID, list[UUID]] = field(default_factory=dict)  # by the piece of ground on which they stand
    members: dict[UUID, set[tuple[str, str]]] = field(default_factory=dict)  # by team: folded name and phone
    made: set[bytes] = field(default_factory=set)
    persons: dict[tuple[str, str], UUID] = field(default_factory=dict)  # only who has a phone number

    def of_village(self, villages: Villages, piece: UUID) -> list[UUID]:
        """The teams that a list can mean by a village: all on its ground; by an old name only those that bore it."""
        own = self.teams.get(piece, []) if piece in villages.ended else []
        return own or [team for other in villages.ground(piece) for team in self.teams.get(other, [])]


def known_mates(session: Session, villages: Villages, now: datetime) -> Mates:
    """The teams that stand in a commune's villages now, and their members."""
    known = Mates()
    teams = select(Team.id, Team.home_village_id).where(Team.home_village_id.in_(villages.names), holds(Team, now))
    for team_id, village_id in session.execute(teams.order_by(Team.id)):
        known.teams.setdefault(village_id, []).append(team_id)
        known.members[team_id] = set()
    columns = (Membership.team_id, Member.id, Member.name, Member.phone)
    joined_now = select(*columns).join(Member, Member.id == Membership.member_id).where(holds(Membership, now))
    for team_id, member_id, name, phone in session.execute(joined_now.where(Membership.team_id.in_(known.members))):
        person = (fold(name), phone or "")
        known.members[team_id].add(person)
        if phone:
            known.persons[person] = member_id
    made = select(UploadMade.mark).join(Membership, Membership.id == UploadMade.row_id).where(holds(Membership, now))
    marks = session.scalars(made.where(Membership.team_id.in_(known.members), UploadMade.mark.is_not(None)))
    known.made = {mark for mark in marks if mark}
    return known


def judge_people(rows: Rows, villages: Villages, known: Mates, today: date, secret: bytes) -> Judged[NewMember]:
    """What each row would make; a village without a team gets one with its first member."""
    lines = [
        _judge(Line(number, {key: joined(text) for key, text in own.items()}, troubles), own, villages, known, today)
        for number, given in rows
        for own, troubles in one_each(given, _telling)
    ]
    seen: dict[UUID, set[tuple[str, str]]] = {}
    for line in lines:
        entry = line.entry
        if entry is None or line.troubles:
            continue
        mates = known.members[entry.team_id] if entry.team_id else seen.setdefault(entry.village_id, set())
        person, mark = (fold(entry.name), entry.phone or ""), _mark(secret, entry)
        if _is_among(person, mates) or mark in known.made:
            line.entry, line.note = None, gettext("This person is in the team already.")
        else:
            line.entry = replace(entry, mark=mark)
        mates.add(person)
    founded = {line.entry.village_id for line in lines if line.entry and not line.troubles and not line.entry.team_id}
    return Judged(lines, len(founded))


def _mark(secret: bytes, entry: NewMember) -> bytes:
    return mark_of(secret, str(entry.village_id), entry.name, entry.phone or "")


def _is_among(person: tuple[str, str], mates: set[tuple[str, str]]) -> bool:
    """Whether somebody of that name is there with that number, or one of the two gives no number."""
    name, phone = person
    return any(name == other and (phone == number or not phone or not number) for other, number in mates)


def _judge(line: Line[NewMember], given: Given, villages: Villages, known: Mates, today: date) -> Line[NewMember]:
    village_id = village_at(line, villages)
    name, phone = line.texts.get("name", ""), _phone(line)
    if trouble := name_trouble(given["name"].strip()) if name else str(MISSING):
        line.troubles["name"] = trouble
    teams = known.of_village(villages, village_id) if village_id else []
    if len(teams) > 1:
        line.troubles["village"] = gettext("This village has several teams: please add the person on the team's page.")
    position, organisation, started_on = _position(line), _organisation(line), _day(line, today)
    if village_id is not None and position is not None and not line.troubles:
        member_id = known.persons.get((fold(name), phone)) if phone else None
        team_id = teams[0] if teams else None
        village_id = villages.village_of(village_id)
        line.entry = NewMember(village_id, team_id, member_id, name, phone, position, organisation, started_on)
    return line


def _phone(line: Line[NewMember]) -> str | None:
    text = line.texts.get("phone", "")
    if not text or "phone" in line.troubles:
        return None
    numbers = phones_in(text)
    if not numbers:
        line.troubles["phone"] = gettext("This is no phone number.")
        return None
    line.texts["phone"] = _shown(numbers[0])
    if len(numbers) > 1:
        line.remarks["phone"] = gettext("Not taken: %(numbers)s", numbers=", ".join(map(_shown, numbers[1:])))
    return numbers[0]


def _shown(number: str) -> str:
    return f"{number[:4]} {number[4:7]} {number[7:]}" if len(number) == 10 else number


def _telling(text: str, *, may_be_name: bool) -> str:
    """The field that a text beside a name is of, if any. What may be another name is one if it begins like one."""
    bare = fold(text)
    if _NUMBER.match(bare) and phones_in(text):
        return "phone"
    if _TITLE.fullmatch(bare):
        return "position"
    is_name = may_be_name and text[:1].isupper() and not any(re.fullmatch(one, bare) for _, one in _ORGANISATIONS)
    is_known = any(re.search(rf"\b({one})\b", bare) for _, one in _ORGANISATIONS)
    return "organisation" if is_known and not is_name else ""


def _position(line: Line[NewMember]) -> Position | None:
    text = fold(line.texts.get("position", ""))
    if not text:
        return Position.MEMBER
    for position, words in _POSITIONS:
        if re.match(rf"({words})\b", text):
            return position
    line.troubles["position"] = gettext("This must be leader, deputy or member.")
    return None


def _organisation(line: Line[NewMember]) -> Organisation | None:
    text = fold(line.texts.get("organisation", ""))
    if not text:
        return None
    if text in set(Organisation):
        return Organisation(text)
    found = (organisation for organisation, words in _ORGANISATIONS if re.search(rf"\b({words})\b", text))
    return next(found, Organisation.OTHER)


def _day(line: Line[NewMember], today: date) -> date | None:
    text = line.texts.get("started_on", "")
    if not text:
        return None
    found = read_day(text)
    if found is None:
        line.troubles["started_on"] = gettext("This is no day: please write it as 24/11/2026.")
        return None
    line.texts["started_on"] = f"{found:%d/%m/%Y}"  # what was read, since 45352 or 1/3/24 tells a reader little
    if found > today:
        line.troubles["started_on"] = gettext("This day has not come yet.")
    elif found < _EARLIEST:
        line.troubles["started_on"] = gettext("This day is too long ago.")
    return found


def start_of(entry: NewMember, now: datetime) -> datetime:
    """When a membership begins: at the start of its day, else now."""
    return day_start(entry.started_on) if entry.started_on else now
