"""What the server must hold, in plain Python, written from the sync protocol's page and not from the server's code.

Here is what is true and what the desk does; `verdicts` judges what phones send.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from tests.machine.atlas import Atlas

Mutation = dict[str, Any]
Term = tuple[str, datetime, datetime | None]

VIETNAM = timezone(timedelta(hours=7))
MOVABLE = ("head_name", "people", "note")  # the fields that the machine updates


@dataclass
class Home:
    """A household."""

    village: str
    fields: dict[str, Any]
    sources: dict[str, tuple[int, str, datetime]]
    version: int
    moves: list[tuple[str, datetime]] = field(default_factory=list)
    is_withdrawn: bool = False

    def village_at(self, at: datetime) -> str:
        """Where it belonged at an instant."""
        return next((village for village, moved_at in self.moves if moved_at > at), self.village)


@dataclass
class Support:
    """A visit."""

    village: str
    author: str
    occurred_at: datetime
    received_at: datetime
    participants: int
    is_withdrawn: bool = False
    by_desk: bool = False


@dataclass
class Day:
    """A day's attendance."""

    village: str
    on: date
    members: frozenset[str]


@dataclass
class Asked:
    """A request for help."""

    village: str
    author: str
    state: str = "open"


@dataclass
class Assigned:
    """A task."""

    team: str
    village: str
    version: int
    state: str = "sent"
    is_withdrawn: bool = False
    moves: list[tuple[str, str, datetime]] = field(default_factory=list)
    asked_again_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether it was done or withdrawn."""
        return self.is_withdrawn or self.state == "done"

    def place_at(self, at: datetime) -> tuple[str, str]:
        """Whose it was at an instant, and where."""
        return next(
            ((team, village) for team, village, moved_at in self.moves if moved_at > at), (self.team, self.village)
        )


@dataclass
class Model:
    """Everything that mutations and the desk have done so far."""

    memberships: dict[str, list[Term]]  # member -> (team, from, until)
    services: dict[str, list[Term]]  # team -> (village, from, until)
    counters: dict[str, int]
    homes: dict[str, Home] = field(default_factory=dict)
    visits: dict[str, Support] = field(default_factory=dict)
    reports: set[tuple[str, str, str]] = field(default_factory=set)
    days: dict[str, Day] = field(default_factory=dict)
    tasks: dict[str, Assigned] = field(default_factory=dict)
    asked: dict[str, Asked] = field(default_factory=dict)
    ledger: dict[str, tuple[str, str]] = field(default_factory=dict)  # id -> (content, status)
    atlas: Atlas = field(default_factory=Atlas)
    homes_of_teams: dict[str, str] = field(default_factory=dict)  # team -> the ground under which it stands
    ends: dict[str, datetime] = field(default_factory=dict)  # of teams that have ended
    unread: dict[tuple[str, str], str] = field(default_factory=dict)  # (member, task or request) -> notification

    def team_of(self, member: str, village: str, at: datetime) -> str | None:
        """The team through which a member served a village at an instant."""
        for team, start, end in self.memberships.get(member, []):
            if holds(start, end, at) and village in self.served_by(team, at):
                return team
        return None

    def served_by(self, team: str, at: datetime) -> set[str]:
        """The villages of a team."""
        return {village for village, start, end in self.services[team] if holds(start, end, at)}

    def teams_in_force(self) -> list[str]:
        """Those that have not ended."""
        return sorted(self.services.keys() - self.ends.keys())

    def teams_of(self, member: str, at: datetime) -> set[str]:
        """The teams in which a member is."""
        return {team for team, start, end in self.memberships.get(member, []) if holds(start, end, at)}

    def places_told(self, member: str, at: datetime) -> dict[str, dict[str, tuple[str, str]]]:
        """For each team that a phone of the member knows the villages that it serves, with their name and commune."""
        today, around = at.astimezone(VIETNAM).date(), self.villages_of(member, at)
        there = self.atlas.on(today)
        return {
            team: {
                piece: (there[self.atlas.stand_in(piece, today)].name, there[self.atlas.commune_of(piece, today)].name)
                for piece in self.served_by(team, at)
            }
            for team in self.services if self.served_by(team, at) & around
        }  # fmt: skip

    def terms(self) -> tuple[Counter[Any], Counter[Any], dict[str, datetime]]:
        """Every membership, every service, and the ends of teams."""
        return _terms(self.memberships), _terms(self.services), self.ends

    def villages_of(self, member: str, at: datetime) -> set[str]:
        """The villages that a member serves."""
        return {village for team in self.teams_of(member, at) for village in self.served_by(team, at)}

    def members_on(self, village: str, on: date) -> set[str]:
        """Who was in a team of a village at any time of a civil day."""
        start = datetime.combine(on, time(), VIETNAM)
        serving = {
            team for team, terms in self.services.items() for place, *term in terms
            if place == village and touches_day(*term, start)
        }  # fmt: skip
        return {
            member for member, terms in self.memberships.items() for team, *term in terms
            if team in serving and touches_day(*term, start)
        }  # fmt: skip

    def move_home(self, home_id: str, village: str, at: datetime) -> None:
        """The desk moves a household."""
        home = self.homes[home_id]
        if home.village == village:
            return
        home.moves.append((home.village, at))
        self.counters[home.village] += 1
        home.village = village
        self.changed(home)

    def places(self, at: datetime) -> list[tuple[str, str]]:
        """The teams with the villages that they serve."""
        return sorted((team, village) for team in self.services for village in self.served_by(team, at))

    def give_task(self, task_id: str, team: str, village: str, at: datetime) -> None:
        """The desk asks a team for something."""
        self.tasks[task_id] = Assigned(team, village, 0)
        self.changed(self.tasks[task_id])
        self._tell(task_id, self.members_of(team, at))

    def withdraw_task(self, task_id: str, at: datetime) -> None:
        """The desk takes it back; who had not heard of it never does."""
        task = self.tasks[task_id]
        if not task.is_withdrawn:
            task.is_withdrawn = True
            self.changed(task)
            self._tell(task_id, self.members_of(task.team, at) - self._retract(task_id))

    def tasks_to_reopen(self, at: datetime) -> list[str]:
        """Those that stand still, of teams that still serve the village."""
        still = {id_: task for id_, task in self.tasks.items() if task.is_over or task.state in ("declined", "blocked")}
        return sorted(id_ for id_, task in still.items() if task.village in self.served_by(task.team, at))

    def reopen_task(self, task_id: str, at: datetime) -> None:
        """The desk sends it again."""
        task = self.tasks[task_id]
        task.state, task.is_withdrawn, task.asked_again_at = "sent", False, at
        self.changed(task)
        self._retract(task_id)
        self._tell(task_id, self.members_of(task.team, at))

    def reassign_task(self, task_id: str, team: str, village: str, at: datetime) -> None:
        """The desk gives it to others."""
        task = self.tasks[task_id]
        if (task.team, task.village) == (team, village):
            return
        task.moves.append((task.team, task.village, at))
        if village != task.village:
            self.counters[task.village] += 1
        others = self.members_of(task.team, at) - self.members_of(team, at) - self._retract(task_id)
        task.team, task.village, task.state, task.asked_again_at = team, village, "sent", at
        self.changed(task)
        self._tell(task_id, self.members_of(team, at) | others)

    def move_request(self, request_id: str, state: str, at: datetime) -> None:
        """What the desk does about a request for help; its author hears the answer as long as they are in a team."""
        asked = self.asked[request_id]
        asked.state = state
        self.counters[asked.village] += 1
        self._retract(request_id)
        if state == "answered" and self.teams_of(asked.author, at):
            self._tell(request_id, {asked.author})

    def review(self, visit_id: str, at: datetime) -> None:
        """The author hears what the desk did about a visit, as long as they are in a team."""
        author = self.visits[visit_id].author
        if self.teams_of(author, at):
            self._tell(visit_id, {author})

    def members_of(self, team: str, at: datetime) -> set[str]:
        """Who is in a team."""
        return {member for member in self.memberships if team in self.teams_of(member, at)}

    def unread_by(self, member: str, at: datetime) -> set[str]:
        """The notifications that a member's phone shows as not read: none when they serve nowhere."""
        own = {id_ for (whose, _), id_ in self.unread.items() if whose == member}
        return own if self.villages_of(member, at) else set()

    def replica(self, member: str, at: datetime) -> dict[str, dict[Any, Any]]:
        """What a phone of the member holds when it has pulled everything, people by id alone."""
        villages = self.villages_of(member, at)
        teams = {team for team in self.services if self.served_by(team, at) & villages}
        mates = {
            mate
            for mate, terms in self.memberships.items()
            for team, start, end in terms
            if team in teams and holds(start, end, at)
        }
        own = self.teams_of(member, at)
        tasks = {
            id_: (task.village, task.team, task.state) for id_, task in self.tasks.items()
            if not task.is_withdrawn and task.team in own and task.village in self.served_by(task.team, at)
        }  # fmt: skip
        homes = {id_: home for id_, home in self.homes.items() if home.village in villages and not home.is_withdrawn}
        visits = {
            id_: one for id_, one in self.visits.items()
            if one.village in villages and (not one.is_withdrawn or (one.by_desk and one.author == member))
        }  # fmt: skip
        return {
            "household": {id_: (home.village, *(home.fields[name] for name in MOVABLE)) for id_, home in homes.items()},
            "visit": {id_: (one.village, one.author, one.participants) for id_, one in visits.items()},
            "attendance": {id_: (one.on, one.members) for id_, one in self.days.items() if one.village in villages},
            "task": tasks,
            "request": {id_: (one.author, one.state) for id_, one in self.asked.items() if one.village in villages},
            "report": Counter(report for report in self.reports if report[1] in villages),
            "member": dict.fromkeys(mates),
            "team": dict.fromkeys(teams),
        }

    def counts(self) -> dict[str, tuple[int, int]]:
        """Visits and people of each village that has any."""
        standing = [one for one in self.visits.values() if not one.is_withdrawn]
        return {
            village: (
                sum(one.village == village for one in standing),
                sum(one.participants for one in standing if one.village == village),
            )
            for village in {one.village for one in standing}
        }

    def _tell(self, subject: str, members: set[str]) -> None:
        """Whoever had not read an earlier one has this one in its place."""
        self.unread |= {(member, subject): "" for member in members}

    def _retract(self, subject: str) -> set[str]:
        """Who had not read what was told of it, and never will."""
        heard = {member for member, about in self.unread if about == subject}
        for member in heard:
            del self.unread[member, subject]
        return heard

    def changed(self, row: Home | Assigned) -> None:
        """A row of which the village's log tells has the village's next version."""
        row.version = self.counters[row.village] = max(self.counters[row.village], row.version) + 1


def holds(start: datetime, end: datetime | None, at: datetime) -> bool:
    """Whether a term is in force at an instant."""
    return start <= at and (end is None or at < end)


def _terms(of: dict[str, list[Term]]) -> Counter[Any]:
    return Counter((whose, *term) for whose, terms in of.items() for term in terms)


def touches_day(start: datetime, end: datetime | None, day: datetime) -> bool:
    """Whether a term was in force at any time of the 24 hours from `day`."""
    return start < day + timedelta(days=1) and (end is None or end > day)
