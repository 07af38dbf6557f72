"""What counts for a task: the same vectors as the phone passes, on both databases."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from cdtteam.assigning.progress import progress_of
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.households.models import Household
from cdtteam.tasks.models import Task
from cdtteam.visits.models import Visit
from cdtteam.web.transactions import writing
from tests.support.world import World

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "task-progress.json").read_text(encoding="utf-8"))
HOMES = "abcd"
Case = dict[str, Any]


class Names:
    """The ids for which the short names of the vectors stand."""

    def __init__(self, world: World) -> None:
        self.villages = {"village": world.villages["a"], "other": world.villages["b"]}
        self.teams = {"team": world.teams["a"], "other": world.teams["b"]}
        self.tasks: Mapping[str, UUID] = {"task": new_id(), "other": new_id()}
        self.homes = {name: new_id() for name in HOMES}
        self.author = world.members["an"]

    def task(self, given: Case) -> Task:
        """A task of the vectors."""
        listed, ended = given["household_ids"], given["ended_on"]
        ended_at = datetime.fromisoformat(f"{ended}T12:00:00+07:00") if ended else None
        return Task(
            id=self.tasks[given["id"]], village_id=self.villages[given["village_id"]], version=1, state="sent",
            team_id=self.teams[given["team_id"]], service=given["service"], unit=given["unit"], title="", text="",
            household_ids=None if listed is None else [str(self.homes[name]) for name in listed], is_focus=False,
            from_on=date.fromisoformat(given["from_on"]), due_on=date.fromisoformat(given["due_on"]),
            ended_at=ended_at, changed_at=clock.now(), created_at=clock.now(),
        )  # fmt: skip

    def visit(self, given: Case) -> Visit:
        """A visit of the vectors."""
        services = [{"code": code, "people": 1, "outcome": "done"} for code in given["services"]]
        return Visit(
            id=new_id(), village_id=self.villages[given["village_id"]], team_id=self.teams[given["team_id"]],
            author_id=self.author, household_id=self.homes.get(given["household_id"]), version=1, kind=given["kind"],
            task_id=self.tasks.get(given["task_id"]), occurred_at=datetime.fromisoformat(given["occurred_at"]),
            entered_at=clock.now(), received_at=clock.now(), participants=1, member_ids=[str(self.author)],
            services=services, withdrawn_at=clock.now() if given["withdrawn"] else None,
        )  # fmt: skip

    def home(self, name: str, into: Mapping[str, str]) -> Household:
        """A household of the vectors."""
        return Household(
            id=self.homes[name], village_id=self.villages["village"], version=1, head_name=name,
            entered_at=clock.now(), merged_into_id=self.homes.get(into.get(name, "")), indicators={}, consents={},
        )  # fmt: skip


def test_the_vectors_that_phones_pass(world: World) -> None:
    wrong = []
    for case in VECTORS["cases"]:
        names = Names(world)
        with world.app.app_context(), writing(db.session()):
            session = db.session()
            session.add_all(names.home(name, case.get("into", {})) for name in HOMES)
            session.flush()
            task = names.task(VECTORS["of"]["task"] | case["task"])
            session.add(task)
            session.add_all(names.visit(VECTORS["of"]["visit"] | visit) for visit in case["visits"])
            session.flush()
            found = progress_of(session, [task])[task.id]
            session.rollback()
        if found != case["progress"]:
            wrong.append((case["name"], found, case["progress"]))
    assert wrong == []


@pytest.mark.parametrize("number", [0, 3])
def test_many_at_once_are_told_apart(world: World, number: int) -> None:
    """Tasks that count alike are asked for together, and those that do not in turns."""
    case = VECTORS["of"]
    with world.app.app_context(), writing(db.session()):
        session, names = db.session(), Names(world)
        session.add_all(names.home(name, {}) for name in HOMES)
        tasks = []
        for place in ("village", "other"):
            names.tasks = {"task": new_id(), "other": new_id()}
            team = "team" if place == "village" else "other"
            days = {"due_on": f"2026-12-0{number + 1}", "village_id": place, "team_id": team}
            tasks.append(names.task(case["task"] | days))
        session.add_all(tasks)
        visits = [case["visit"] | {"household_id": name} for name in HOMES]
        visits += [case["visit"] | {"village_id": "other", "team_id": "other"}]
        session.add_all(names.visit(visit) for visit in visits)
        session.flush()
        assert [progress_of(session, tasks)[task.id] for task in tasks] == [4, 1]
        session.rollback()
