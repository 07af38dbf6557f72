"""The figures counted in the plainest way, from raw rows: what the application's own counting is held against."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import text

from cdtteam.core.db import db

HERE = timedelta(hours=7)


def plain_figures(app: Flask, villages: Iterable[Any], first: date, last: date) -> dict[str, Any]:
    """The figures of some villages together, from the first to the last day, as the API words them."""
    here = {_id(village) for village in villages}
    visits = [
        visit for visit in _rows(app, "SELECT * FROM visit WHERE withdrawn_at IS NULL") if _in(visit, first, last)
    ]
    own = [visit for visit in visits if _id(visit["village_id"]) in here]
    households = {
        _id(one["id"]): one["merged_into_id"] for one in _rows(app, "SELECT id, merged_into_id FROM household")
    }
    named = {(_id(v["village_id"]), _end(_id(v["household_id"]), households)) for v in own if v["household_id"]}
    services: dict[str, dict[str, int]] = {}
    for visit in own:
        given = _json(visit["services"])
        for code in {one["code"] for one in given}:
            sums = services.setdefault(code, {"visits": 0, "people": 0})
            sums["visits"] += 1
            sums["people"] += sum(one["people"] for one in given if one["code"] == code)
    return {
        "visits": len(own),
        "people": sum(visit["participants"] for visit in own),
        "households": len(named),
        "households_unnamed": sum(v["kind"] == "home" and v["household_id"] is None for v in own),
        "services": services,
        **_teams(app, here, visits, first, last),
    }


def _teams(app: Flask, here: set[str], visits: list[Any], first: date, last: date) -> dict[str, Any]:
    teams = {"in_force": 0, "active": 0, "reported_nothing": 0, "silent": 0}
    members = {"in_force": 0, "active": 0}
    reports = _rows(app, "SELECT * FROM nothing_report")
    memberships = [one for one in _rows(app, "SELECT * FROM membership") if _touches(one, first, last)]
    for team in _rows(app, "SELECT * FROM team"):
        if _id(team["home_village_id"]) not in here or not _touches(team, first, last):
            continue
        own = [visit for visit in visits if _id(visit["team_id"]) == _id(team["id"])]
        there = {_id(one["member_id"]) for one in memberships if _id(one["team_id"]) == _id(team["id"])}
        took_part = {_id(member) for visit in own for member in _json(visit["member_ids"])}
        said = any(
            _id(one["team_id"]) == _id(team["id"]) and _day(one["from_on"]) <= last and _day(one["to_on"]) >= first
            for one in reports
        )
        teams["in_force"] += 1
        teams["active" if own else "reported_nothing" if said else "silent"] += 1
        members["in_force"] += len(there)
        members["active"] += len(there & took_part)
    return {"teams": teams, "members": members}


def _rows(app: Flask, statement: str) -> list[Any]:
    with app.app_context(), db.engine.connect() as connection:
        return list(connection.execute(text(statement)).mappings())


def _in(visit: Any, first: date, last: date) -> bool:
    return first <= (_instant(visit["occurred_at"]) + HERE).date() <= last


def _touches(term: Any, first: date, last: date) -> bool:
    began, ended = _instant(term["started_at"]), term["ended_at"] and _instant(term["ended_at"])
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) - HERE
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) - HERE + timedelta(days=1)
    return began < end and (ended is None or ended > max(start, began))


def _end(household: str, merged: dict[str, Any]) -> str:
    while merged[household] is not None:
        household = _id(merged[household])
    return household


def _id(value: Any) -> str:
    return str(value).replace("-", "")


def _instant(value: Any) -> datetime:
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
