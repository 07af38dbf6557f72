"""What counts for a task, when it is due, and whom to visit next: the pure part, in the browser that runs it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.field.engine import Model

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "task-progress.json").read_text(encoding="utf-8"))
TODAY = "2026-11-27"
SLOWER = 6
MOST_MS = 50


def on_the_phone(visit: dict[str, Any]) -> dict[str, Any]:
    """A visit of the vectors as the phone keeps it."""
    row = {**VECTORS["of"]["visit"], **visit}
    row["services"] = [{"code": code} for code in row["services"]]
    return {**row, "gone": "withdrawn"} if row["withdrawn"] else row


def test_progress_is_the_servers(model: Model) -> None:
    counted = {
        case["name"]: model(
            "task",
            "progressOf",
            {**VECTORS["of"]["task"], **case["task"]},
            [on_the_phone(visit) for visit in case["visits"]],
            case.get("into", {}),
        )
        for case in VECTORS["cases"]
    }
    assert counted == {case["name"]: case["progress"] for case in VECTORS["cases"]}


def task(due_on: str, state: str = "sent", **more: Any) -> dict[str, Any]:
    return {**VECTORS["of"]["task"], "title": "VNeID", "due_on": due_on, "state": state, **more}


def test_home_counts_what_is_open_soon_and_late(model: Model) -> None:
    tasks = [
        task("2026-11-26"),
        task("2026-11-27", "accepted"),
        task("2026-11-30", "blocked"),
        task("2026-12-01", "seen"),
        task("2026-11-20", "done"),
        task("2026-11-28", "declined"),
        task("2026-11-28", gone="withdrawn"),
    ]
    assert model("task", "taskCounts", tasks, TODAY) == {"open": 4, "overdue": 1, "soon": 2, "gone": 1}


def test_overdue_tasks_come_first_and_what_is_over_last(model: Model) -> None:
    tasks = [task("2026-12-05"), task("2026-11-01", "done"), task("2026-11-20"), task("2026-11-25", "declined")]
    order = model("task", "inOrderOfDue", tasks)
    assert [one["due_on"] for one in order] == ["2026-11-20", "2026-12-05", "2026-11-25", "2026-11-01"]


@pytest.mark.parametrize(
    ("fields", "leads"),
    [
        ({}, True),
        ({"focus": False}, False),
        ({"from_on": "2026-11-28"}, False),
        ({"due_on": "2026-11-26"}, False),
        ({"state": "declined"}, False),
    ],
)
def test_a_focus_leads_while_it_runs(model: Model, fields: dict[str, Any], leads: bool) -> None:
    assert model("task", "isFocusOn", {**task("2026-12-05"), "focus": True, **fields}, TODAY) is leads


def household(name: str, last: str | None = None, hamlet: str = "Xóm 1") -> dict[str, Any]:
    return {"id": name, "hamlet": hamlet, "last_visit_at": f"{last}T02:00:00Z" if last else None}


def visit(name: str, on: str, **more: Any) -> dict[str, Any]:
    return on_the_phone({"household_id": name, "occurred_at": f"{on}T02:00:00Z", "services": ["bank"], **more})


def reasons(groups: list[dict[str, Any]]) -> dict[str, list[tuple[str, str]]]:
    return {group["hamlet"]: [(one["household"]["id"], one["why"]) for one in group["next"]] for group in groups}


def test_promises_come_first_then_tasks_then_who_waits_longest(model: Model) -> None:
    households = [
        household("longest", "2026-03-12"),
        household("lately", "2026-11-20"),
        household("never"),
        household("wanted", "2026-10-01"),
        household("helped", "2026-11-25"),
        household("promised", "2026-11-20"),
        household("late promise", "2026-10-20"),
        household("far promise", "2026-10-20"),
        household("kept promise", "2026-11-22"),
    ]
    visits = [
        visit("promised", "2026-11-20", follow_up_on="2026-11-28"),
        visit("late promise", "2026-10-20", follow_up_on="2026-11-01"),
        visit("far promise", "2026-10-20", follow_up_on="2027-01-20"),
        visit("kept promise", "2026-11-22"),
        visit("kept promise", "2026-11-01", follow_up_on="2026-11-21"),
        visit("helped", "2026-11-25", services=["vneid"]),
        visit("never", "2026-11-26", follow_up_on="2026-11-27", withdrawn=True),
    ]
    tasks = [task("2026-12-05", household_ids=["wanted", "helped"])]
    groups = model("next", "whomNext", households, visits, tasks, TODAY)
    assert reasons(groups) == {
        "Xóm 1": [
            ("late promise", "follow_up"),
            ("promised", "follow_up"),
            ("wanted", "task"),
            ("never", "never"),
            ("longest", "last"),
            ("lately", "last"),
            ("kept promise", "last"),
            ("helped", "last"),
            ("far promise", "later"),
        ]
    }
    by_name = {one["household"]["id"]: one for one in groups[0]["next"]}
    assert (by_name["promised"]["on"], by_name["wanted"]["on"]) == ("2026-11-28", "2026-12-05")


def test_hamlets_follow_their_most_urgent_household(model: Model) -> None:
    households = [
        household("a", "2026-11-01", "Xóm 1"),
        household("b", None, "Xóm 2"),
        household("c", "2026-11-01", "Xóm 3"),
        household("d", "2026-01-01", "Xóm 1"),
    ]
    visits = [visit("c", "2026-11-01", follow_up_on="2026-11-28")]
    groups = model("next", "whomNext", households, visits, [], TODAY)
    assert reasons(groups) == {
        "Xóm 3": [("c", "follow_up")],
        "Xóm 2": [("b", "never")],
        "Xóm 1": [("d", "last"), ("a", "last")],
    }


def test_what_ended_waits_or_begins_later_wants_nobody(model: Model) -> None:
    tasks = [
        task("2026-12-05", "done"),
        task("2026-12-05", "blocked"),
        task("2026-12-05", from_on="2026-12-01"),
        task("2026-12-05", unit="visits"),
    ]
    assert reasons(model("next", "whomNext", [household("a")], [], tasks, TODAY)) == {"Xóm 1": [("a", "never")]}


TIMED = """async ([base, today]) => {
  const { whomNext } = await import(`${base}/field/model/next.js`);
  const day = (n) => new Date(Date.parse('2026-11-27T02:00:00Z') - n * 86400000).toISOString();
  const households = Array.from({ length: 400 }, (_, n) => ({ id: `h${n}`, hamlet: `Xóm ${n % 7}`,
    last_visit_at: n % 5 ? day(n % 300) : null }));
  const visits = Array.from({ length: 5000 }, (_, n) => ({ village_id: 'village', team_id: 'team',
    household_id: `h${n % 400}`, kind: 'home', occurred_at: day(n % 399),
    services: [{ code: n % 3 ? 'bank' : 'vneid' }],
    follow_up_on: n % 4 ? null : day(-n % 9).slice(0, 10) }));
  const list = households.filter((_, n) => n % 2).map(({ id }) => id);
  const tasks = ['2026-12-01', '2026-12-05', '2026-12-31'].map((due_on, n) => ({ id: `t${n}`, village_id: 'village',
    team_id: 'team', service: n ? 'bank' : 'vneid', unit: 'households', household_ids: n ? null : list,
    from_on: '2026-10-01', due_on, state: 'accepted', title: 'VNeID' }));
  const took = [];
  for (let run = 0; run < 12; run += 1) {
    const begun = performance.now();
    whomNext(households, visits, tasks, today);
    took.push(performance.now() - begun);
  }
  return Math.min(...took);
}"""


def test_400_households_are_ordered_in_50_ms_on_a_cheap_phone(model: Model) -> None:
    """The best of several runs, since what else the machine does is not the phone's fault."""
    session = model.page.context.new_cdp_session(model.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    assert model.page.evaluate(TIMED, [model.base, TODAY]) < MOST_MS
    session.detach()
