"""A phone as its owner has it: an outbox, what needs attention, and what was acknowledged, beside the replica."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tests.machine.model import MOVABLE, Mutation
from tests.machine.verdicts import Batch
from tests.support.world import Phone

MENDABLE = ("unknown_household", "unknown_row", "depends_on_refused")


@dataclass
class Handset(Phone):
    """Keeps every entry until the server has said what became of it, and what was acknowledged for 35 days."""

    name: str = ""
    outbox: list[Mutation] = field(default_factory=list)
    attention: dict[str, tuple[Mutation, str]] = field(default_factory=dict)
    sent: dict[str, Mutation] = field(default_factory=dict)
    minted: set[str] = field(default_factory=set)
    after: str | None = None

    def enter(self, type_: str, args: dict[str, Any], **header: Any) -> Mutation:
        """Saves an entry."""
        made = self.mutation(type_, args, **({"after": self.after} if self.after else {}), **header)
        self.outbox.append(made)
        self.minted.add(made["id"])
        return made

    def batch(self, mutations: list[Mutation], arrival: datetime) -> Batch:
        """A request of this phone as it arrives."""
        return Batch(str(self.member_id), str(self.device_id), self.now(), arrival, mutations)

    def mark(self, mutations: list[Mutation], results: list[dict[str, Any]]) -> None:
        """Takes what was judged out of the outbox."""
        judged = {mutation["id"] for mutation in mutations}
        self.outbox = [mutation for mutation in self.outbox if mutation["id"] not in judged]
        for mutation, result in zip(mutations, results, strict=True):
            self.sent.pop(mutation["id"], None)
            if result["status"] == "refused":
                self.attention[mutation["id"]] = mutation, result["code"]
            else:
                self.attention.pop(mutation["id"], None)
                self.sent[mutation["id"]] = mutation

    def absorb(self, answer: dict[str, Any]) -> None:
        """Applies a page; after a restore everything acknowledged goes out again, before what is new."""
        if self.epoch not in (None, answer["epoch"]) and answer["cursor"] is None:
            waiting = {mutation["id"] for mutation in self.outbox}
            self.outbox[:0] = [one for one in self.sent.values() if one["id"] not in waiting]
            self.sent.clear()
        seen = self._versions()
        self.take(answer)
        assert all(self._versions().get(village, version) >= version for village, version in seen.items())
        self.after = answer["server_time"]

    def retry(self, codes: tuple[str, ...] = MENDABLE) -> None:
        """Sends again what was refused for want of another entry."""
        for mutation_id, (mutation, code) in list(self.attention.items()):
            if code in codes:
                del self.attention[mutation_id]
                self.outbox.append(mutation)

    def replica(self) -> dict[str, dict[Any, Any]]:
        """What the phone holds, in the model's words."""
        homes, visits = self.kind("household"), self.kind("visit")
        reports = [(row["team_id"], row["village_id"], row["period"]) for row in self.kind("report").values()]
        return {
            "household": {id_: (row["village_id"], *(row[name] for name in MOVABLE)) for id_, row in homes.items()},
            "visit": {id_: (row["village_id"], row["author_id"], row["participants"]) for id_, row in visits.items()},
            "attendance": {
                id_: (date.fromisoformat(row["on"]), frozenset(row["member_ids"]))
                for id_, row in self.kind("attendance").items()
            },
            "task": {id_: (row["village_id"], row["team_id"], row["state"]) for id_, row in self.kind("task").items()},
            "request": {id_: (row["author_id"], row["state"]) for id_, row in self.kind("request").items()},
            "report": {report: reports.count(report) for report in reports},
            "member": dict.fromkeys(self.kind("member")),
            "team": dict.fromkeys(self.kind("team")),
        }

    def unread(self) -> set[str]:
        """The notifications that were not read yet."""
        return {id_ for id_, row in self.kind("notification").items() if row["read_at"] is None}

    def places(self) -> dict[str, dict[str, tuple[str, str]]]:
        """For each team the villages that it serves, as they are called here, each with its commune."""
        return {
            id_: {place["id"]: (place["name"], place["commune_name"]) for place in team["villages"]}
            for id_, team in self.kind("team").items()
        }

    def _versions(self) -> dict[str, int]:
        parts = [part.split("-") for part in (self.cursor or "").split(".") if part]
        return {village: int(version) for village, version in parts}
