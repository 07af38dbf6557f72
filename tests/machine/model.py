"""What the server must hold, in plain Python, written from the sync protocol's page and not from the server's code."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Mutation = dict[str, Any]
Term = tuple[str, datetime, datetime | None]

MOVABLE = ("head_name", "people", "note")  # the fields that the machine updates


class Refused(Exception):
    """A mutation is refused with the code that is its text."""


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


@dataclass
class Batch:
    """One request as it arrives: who is signed in, on what device, and how its clock was as it left."""

    signed_in: str
    device: str
    sent_at: datetime
    arrival: datetime
    mutations: list[Mutation]
    refused_rows: set[str] = field(default_factory=set)

    def corrected(self, mutation: Mutation) -> tuple[datetime, datetime]:
        """When it was entered and when it happened, by the protocol's section on time."""
        at, after = datetime.fromisoformat(mutation["at"]), mutation.get("after")
        error = self.arrival - self.sent_at
        entered = at + error if abs(error) > timedelta(minutes=2) else at
        if after is not None:
            entered = min(max(entered, datetime.fromisoformat(after)), self.arrival)
        happened = mutation["args"].get("occurred_at")
        occurred = entered if happened is None else datetime.fromisoformat(happened) + (entered - at)
        if after is not None:
            occurred = min(occurred, self.arrival)
        for moment in (entered, occurred):
            if not timedelta(days=-400) <= moment - self.arrival <= timedelta(minutes=10):
                raise Refused("implausible_time")
        return entered, occurred


@dataclass
class Model:
    """Everything that mutations and the desk have done so far."""

    memberships: dict[str, list[Term]]  # member -> (team, from, until)
    services: dict[str, list[Term]]  # team -> (village, from, until)
    counters: dict[str, int]
    homes: dict[str, Home] = field(default_factory=dict)
    visits: dict[str, Support] = field(default_factory=dict)
    reports: set[tuple[str, str, str]] = field(default_factory=set)
    ledger: dict[str, tuple[str, str]] = field(default_factory=dict)  # id -> (content, status)

    def team_of(self, member: str, village: str, at: datetime) -> str | None:
        """The team through which a member served a village at an instant."""
        for team, start, end in self.memberships.get(member, []):
            if holds(start, end, at) and village in self.served_by(team, at):
                return team
        return None

    def served_by(self, team: str, at: datetime) -> set[str]:
        """The villages of a team."""
        return {village for village, start, end in self.services[team] if holds(start, end, at)}

    def villages_of(self, member: str, at: datetime) -> set[str]:
        """The villages that a member serves."""
        teams = [team for team, start, end in self.memberships.get(member, []) if holds(start, end, at)]
        return {village for team in teams for village in self.served_by(team, at)}

    def judge(self, batch: Batch) -> list[str]:
        """`applied`, `conflict`, `duplicate`, or the code of the refusal, for each mutation in its turn."""
        return [self._judge(batch, mutation) for mutation in batch.mutations]

    def move_home(self, home_id: str, village: str, at: datetime) -> None:
        """The desk moves a household."""
        home = self.homes[home_id]
        if home.village == village:
            return
        home.moves.append((home.village, at))
        self.counters[home.village] += 1
        home.village = village
        self._changed(home)

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
        homes = {id_: home for id_, home in self.homes.items() if home.village in villages and not home.is_withdrawn}
        visits = {id_: one for id_, one in self.visits.items() if one.village in villages and not one.is_withdrawn}
        return {
            "household": {id_: (home.village, *(home.fields[name] for name in MOVABLE)) for id_, home in homes.items()},
            "visit": {id_: (one.village, one.author, one.participants) for id_, one in visits.items()},
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

    def _judge(self, batch: Batch, mutation: Mutation) -> str:
        content = json.dumps({key: value for key, value in mutation.items() if key != "id"}, sort_keys=True)
        if mutation["id"] in self.ledger:
            return "duplicate" if self.ledger[mutation["id"]][0] == content else "id_reused"
        try:
            status = JUDGES[mutation["type"]](self, batch, mutation)
        except Refused as refusal:
            if mutation["type"] in ("household.create", "visit.record"):
                batch.refused_rows.add(mutation["args"]["id"])
            return str(refusal)
        self.ledger[mutation["id"]] = content, status
        return status

    def _changed(self, row: Home) -> None:
        row.version = self.counters[row.village] = max(self.counters[row.village], row.version) + 1

    def _check(self, batch: Batch, mutation: Mutation, village: str | None, at: datetime) -> None:
        """Whoever is signed in vouches for another author; where the village is not known yet, that is asked later."""
        author = mutation["member_id"]
        if village is None or author == batch.signed_in:
            return
        if not (self.team_of(author, village, at) and self.team_of(batch.signed_in, village, at)):
            raise Refused("wrong_author")

    def _scope(self, mutation: Mutation, village: str, at: datetime) -> str:
        team = self.team_of(mutation["member_id"], village, at)
        if team is None:
            raise Refused("out_of_scope")
        return team

    def _record(self, batch: Batch, mutation: Mutation) -> str:
        args = mutation["args"]
        if args["id"] in self.visits:
            raise Refused("id_reused")
        if args["services"][0]["code"] == "no_such":
            raise Refused("unknown_service")
        entered, occurred = batch.corrected(mutation)
        home_id = args["household_id"]
        home = self.homes.get(home_id)
        village = self._village_of(home, mutation, occurred) if home else args["village_id"]
        self._check(batch, mutation, village, entered if home_id and not home else occurred)
        if home_id and not home:
            raise Refused("depends_on_refused" if home_id in batch.refused_rows else "unknown_household")
        self._scope(mutation, village, occurred)
        self.counters[village] += 1
        self.visits[args["id"]] = Support(village, mutation["member_id"], occurred, batch.arrival, args["participants"])
        return "applied"

    def _village_of(self, home: Home, mutation: Mutation, occurred: datetime) -> str:
        """Where the household belonged; as sent where the author cannot have known that it had left."""
        author, belonged, sent = mutation["member_id"], home.village_at(occurred), mutation["args"]["village_id"]
        ever = {home.village, *(village for village, _ in home.moves)}
        knew_only_this = self.team_of(author, sent, occurred) and not self.team_of(author, belonged, occurred)
        return sent if sent in ever and knew_only_this else belonged

    def _visit(self, batch: Batch, mutation: Mutation) -> tuple[Support, datetime]:
        entered, _ = batch.corrected(mutation)
        visit = self.visits.get(mutation["args"]["id"])
        self._check(batch, mutation, visit.village if visit else None, visit.occurred_at if visit else entered)
        if visit is None:
            raise Refused("depends_on_refused" if mutation["args"]["id"] in batch.refused_rows else "unknown_row")
        self._scope(mutation, visit.village, visit.occurred_at)
        if visit.author != mutation["member_id"]:
            raise Refused("not_author")
        if entered > visit.received_at + timedelta(hours=72):
            raise Refused("too_late")
        return visit, entered

    def _amend(self, batch: Batch, mutation: Mutation) -> str:
        visit, _ = self._visit(batch, mutation)
        if visit.is_withdrawn:
            raise Refused("withdrawn")
        visit.participants = mutation["args"]["participants"]
        self.counters[visit.village] += 1
        return "applied"

    def _withdraw(self, batch: Batch, mutation: Mutation) -> str:
        visit, _ = self._visit(batch, mutation)
        self.counters[visit.village] += not visit.is_withdrawn
        visit.is_withdrawn = True
        return "applied"

    def _create(self, batch: Batch, mutation: Mutation) -> str:
        args = mutation["args"]
        if args["id"] in self.homes:
            raise Refused("id_reused")
        entered, _ = batch.corrected(mutation)
        self._check(batch, mutation, args["village_id"], entered)
        self._scope(mutation, args["village_id"], entered)
        home = Home(args["village_id"], {name: args.get(name) for name in MOVABLE}, {}, 0)
        self._changed(home)
        home.sources = dict.fromkeys(MOVABLE, (home.version, batch.device, entered))
        self.homes[args["id"]] = home
        return "applied"

    def _home(self, batch: Batch, mutation: Mutation) -> tuple[Home, datetime]:
        entered, _ = batch.corrected(mutation)
        home_id = mutation["args"]["id"]
        home = self.homes.get(home_id)
        self._check(batch, mutation, home.village_at(entered) if home else None, entered)
        if home is None:
            raise Refused("depends_on_refused" if home_id in batch.refused_rows else "unknown_household")
        self._scope(mutation, home.village_at(entered), entered)
        return home, entered

    def _update(self, batch: Batch, mutation: Mutation) -> str:
        home, entered = self._home(batch, mutation)
        if home.is_withdrawn:
            raise Refused("withdrawn")
        base = mutation["args"]["base_version"]
        taken, has_clash = {}, False
        for name in MOVABLE:
            if name not in mutation["args"]:
                continue
            value = mutation["args"][name]
            version, device, at = home.sources[name]
            is_later = (entered, batch.device) >= (at, device)
            clashes = (base is None or version > base) and device != batch.device and home.fields[name] != value
            has_clash |= clashes
            if is_later or (home.fields[name] != value and not clashes):
                taken[name] = value
        if taken:
            self._changed(home)
            home.fields |= taken
            home.sources |= dict.fromkeys(taken, (home.version, batch.device, entered))
        return "conflict" if has_clash else "applied"

    def _leave(self, batch: Batch, mutation: Mutation) -> str:
        home, _ = self._home(batch, mutation)
        if not home.is_withdrawn:
            home.is_withdrawn = True
            self._changed(home)
        return "applied"

    def _report(self, batch: Batch, mutation: Mutation) -> str:
        args = mutation["args"]
        entered, _ = batch.corrected(mutation)
        self._check(batch, mutation, args["village_id"], entered)
        report = (self._scope(mutation, args["village_id"], entered), args["village_id"], args["period"])
        self.counters[args["village_id"]] += report not in self.reports
        self.reports.add(report)
        return "applied"

    def _discard(self, batch: Batch, mutation: Mutation) -> str:
        batch.corrected(mutation)
        return "applied"


JUDGES: dict[str, Callable[[Model, Batch, Mutation], str]] = {
    "visit.record": Model._record,
    "visit.amend": Model._amend,
    "visit.withdraw": Model._withdraw,
    "household.create": Model._create,
    "household.update": Model._update,
    "household.withdraw": Model._leave,
    "report.nothing": Model._report,
    "mutation.discard": Model._discard,
}


def holds(start: datetime, end: datetime | None, at: datetime) -> bool:
    """Whether a term is in force at an instant."""
    return start <= at and (end is None or at < end)
