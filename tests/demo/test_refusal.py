"""A household of the demonstration refuses to be named: its name is in no table afterwards."""

import json
from uuid import UUID

from flask import Flask

from cdtteam.core import clock
from cdtteam.core.db import Base, db
from cdtteam.demo.accounts import demo_accounts
from tests.support.world import Phone

NAME = "Đinh Thị Quỳnh-Không-Trùng"


def tables_with(app: Flask, text: str) -> set[str]:
    """The tables in whose rows a text stands."""
    with app.app_context():
        rows = [(t.name, row) for t in Base.metadata.sorted_tables for row in db.session.execute(t.select())]
    said = [(name, b"".join(v if isinstance(v, bytes) else str(v).encode() for v in row).decode(errors="replace"))
            for name, row in rows]  # fmt: skip
    return {name for name, words in said if text in words or json.dumps(text)[1:-1] in words}


def test_its_name_is_nowhere(app: Flask) -> None:
    with app.app_context():
        volunteer = next(one for one in demo_accounts(db.session(), clock.now()) if one["role"] == "volunteer")
    client = app.test_client()
    phone = Phone(client, UUID(str(volunteer["member_id"])))
    given = {"sign_in": volunteer["sign_in"], "password": volunteer["password"], "device_id": str(phone.device_id)}
    assert client.post("/api/v1/session", json=given).status_code == 200
    phone.send()
    visited = {row["household_id"] for row in phone.kind("visit").values()}
    key = next(id_ for id_ in phone.kind("household") if id_ in visited)
    named = {"id": key, "base_version": None, "head_name": NAME}
    refused = {"id": key, "consents": {"named": {"given": False, "notice": "2026-1"}}}
    phone.send(phone.mutation("household.update", named), phone.mutation("household.update", {**named, "people": 0}))
    assert tables_with(app, NAME) == {"household", "household_change", "quarantine"}
    seen = phone.kind("household")[key]["version"]
    before = len(phone.kind("visit"))
    assert phone.send(phone.mutation("household.update", refused | {"base_version": seen}))[0]["status"] == "applied"
    assert tables_with(app, NAME) == set()
    assert key not in phone.kind("household")
    assert key not in {row["household_id"] for row in phone.kind("visit").values()}
    assert len(phone.kind("visit")) == before
