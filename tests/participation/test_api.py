"""GET /api/v1/participation: its words, its periods, its doors."""

import json
from datetime import timedelta
from typing import Any

from flask import Flask

from cdtteam.access.models import SYSTEM
from cdtteam.accounts.models import Device, DeviceContact, User
from cdtteam.accounts.tokens import issue_token
from cdtteam.areas.models import AreaTerm
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.demo.size import SMALL
from cdtteam.participation.figures import participation
from cdtteam.participation.questions import read_question
from cdtteam.participation.standing import Standing
from cdtteam.teams.models import TeamDay
from cdtteam.web.transactions import writing
from tests.participation.test_figures import ask
from tests.support.world import World

KEYS = {
    "area", "period", "from", "to", "map", "as_of", "teams", "members", "visits", "people", "households",
    "households_unnamed", "services", "rows",
}  # fmt: skip


def get(world: World, handle: str, query: str) -> Any:
    return world.client(handle).get(f"/api/v1/participation?{query}")


def test_the_answers_words_and_zeros(world: World) -> None:
    answer = ask(world, "period=2026-11")
    assert answer.keys() == KEYS
    assert (answer["area"], answer["period"], answer["map"]) == ("52", "2026-11", "current")
    assert [row["code"] for row in answer["rows"]] == ["21601", "21604"]
    for row in answer["rows"]:
        assert row.keys() == (KEYS - {"area", "period", "from", "to", "map", "as_of", "rows"}) | {"code", "name"}
        assert (row["visits"], row["people"], row["services"], row["teams"]["active"]) == (0, 0, {}, 0)
    assert answer["teams"] == {"in_force": 3, "active": 0, "reported_nothing": 0, "silent": 3}
    assert answer["members"] == {"in_force": 4, "active": 0}


PERIODS = [
    ("period=2026-11-24", "2026-11-24", "2026-11-24"),
    ("period=2026-W48", "2026-11-23", "2026-11-29"),
    ("period=2026-W53", "2026-12-28", "2027-01-03"),
    ("period=2026-02", "2026-02-01", "2026-02-28"),
    ("period=2026-Q4", "2026-10-01", "2026-12-31"),
    ("period=2026-H1", "2026-01-01", "2026-06-30"),
    ("period=2026-9M", "2026-01-01", "2026-09-30"),
    ("period=2026", "2026-01-01", "2026-12-31"),
    ("from=2026-11-03&to=2026-11-05", "2026-11-03", "2026-11-05"),
    ("period=2026-11&calendar=report", "2026-10-15", "2026-11-14"),
    ("period=2026-01&calendar=report", "2025-12-15", "2026-01-14"),
    ("period=2026-Q1&calendar=report", "2025-12-15", "2026-03-14"),
    ("period=2026&calendar=report", "2025-12-15", "2026-12-14"),
    ("period=2026-W48&calendar=report", "2026-11-23", "2026-11-29"),
    ("from=1901-01-01&to=9998-01-01", "1901-01-01", "9998-01-01"),
]


def test_every_kind_of_period(world_on_sqlite: World) -> None:
    who = world_on_sqlite.client("tinh")
    for query, first, last in PERIODS:
        answer = ask(world_on_sqlite, query, who)
        assert (answer["from"], answer["to"]) == (first, last), query


REFUSED = [
    ("", 422, "invalid_field", "period"),
    ("period=2026-13", 422, "invalid_field", "period"),
    ("period=tháng này", 422, "invalid_field", "period"),
    ("period=2026-11&calendar=lunar", 422, "invalid_field", "calendar"),
    ("from=2026-11-05&to=2026-11-03", 422, "invalid_field", "to"),
    ("from=2026-11-05", 422, "invalid_field", "to"),
    ("period=2026-11&map=hôm qua", 422, "invalid_field", "map"),
    ("period=2026-11&map=2026-W48-1", 422, "invalid_field", "map"),
    ("from=2026-W48-1&to=20261130", 422, "invalid_field", "from"),
    ("period=2026-11&by=hamlet", 422, "invalid_field", "by"),
    ("period=2026-11&by=district&area=21601", 422, "invalid_field", "by"),
    ("period=2026-11&area=99999", 404, "not_found", None),
    ("period=2026-11&area=%00", 422, "invalid_field", "area"),
    ("period=2026-11&map=1850-01-01", 404, "not_found", None),
]


def test_what_cannot_be_answered_is_said(world_on_sqlite: World) -> None:
    who = world_on_sqlite.client("tinh")
    for query, status, code, field in REFUSED:
        answer = who.get(f"/api/v1/participation?{query}")
        assert answer.content_type == "application/problem+json", query
        assert (answer.status_code, answer.json["code"], answer.json.get("field")) == (status, code, field), query


ACCESS = [
    ("tinh", "", 200), ("tinh", "21604", 200), ("tinh", "va", 200), ("quantri", "52", 200),
    ("xa", "", 200), ("xa", "21601", 200), ("xa", "va", 200), ("xa", "21604", 403), ("xa", "vc", 403),
    ("xa", "52", 403),
    ("xakhac", "21604", 200), ("xakhac", "21601", 403),
    ("an", "", 403), ("an", "va", 403), ("nobody", "21601", 403),
]  # fmt: skip


def test_who_may_see_what(world_on_sqlite: World) -> None:
    clients = {handle: world_on_sqlite.client(handle) for handle in {who for who, _, _ in ACCESS}}
    for handle, area, status in ACCESS:
        answer = clients[handle].get(f"/api/v1/participation?period=2026-11&area={area}")
        assert answer.status_code == status, (handle, area)
        if status == 403:
            expected = "out_of_scope" if handle.startswith("xa") else "forbidden"
            assert answer.json["code"] == expected
    assert clients["xa"].get("/api/v1/participation?period=2026-11").json["area"] == "21601"
    signed_out = world_on_sqlite.app.test_client().get("/api/v1/participation?period=2026-11")
    assert (signed_out.status_code, signed_out.json["code"]) == (401, "signed_out")


def test_a_village_belongs_to_the_commune_of_the_maps_date(world: World) -> None:
    phone = world.phone("an")
    phone.send(phone.visit(world.villages["a"]))
    today = clock.civil_date(clock.now())
    moved_on = today - timedelta(days=10)
    with world.app.app_context(), writing(db.session()):
        term = db.session().query(AreaTerm).filter_by(area_id=world.villages["a"]).one()
        term.until_on = moved_on
        fields = {"code": "va2", "name": "Thôn A", "kind": "thôn", "parent_id": world.communes["far"]}
        db.session().add(AreaTerm(area_id=world.villages["a"], from_on=moved_on, **fields))
    for name, near, far in (("current", 0, 1), (str(moved_on), 0, 1), (str(moved_on - timedelta(1)), 1, 0)):
        answer = ask(world, f"period={today}&map={name}")
        assert [row["visits"] for row in answer["rows"]] == [near, far], name
        assert answer["map"] == name
    assert get(world, "xa", f"period={today}&area=va2").status_code == 403
    assert get(world, "xakhac", f"period={today}&area=va2").status_code == 200


def test_an_area_that_changes_without_a_new_row_is_noticed(world_on_sqlite: World) -> None:
    world, who = world_on_sqlite, world_on_sqlite.client("tinh")
    ask(world, "period=2026-11", who)
    with world.app.app_context(), writing(db.session()):
        db.session().query(AreaTerm).filter_by(area_id=world.villages["a"]).one().parent_id = world.communes["far"]
    assert [row["teams"]["in_force"] for row in ask(world, "period=2026-11", who)["rows"]] == [1, 2]


def causes(world: World, query: str) -> dict[str, int]:
    """How many teams are silent for which cause."""
    with world.app.app_context():
        now = clock.now()
        given = dict(part.split("=") for part in query.split("&"))
        answer = participation(SYSTEM, db.session(), read_question(given, now, report_day=15), now)
        return {cause.value: teams for cause, teams in answer.figures.causes.items()}


def test_why_a_team_is_silent(world: World) -> None:
    today = clock.civil_date(clock.now())
    query = f"from={today - timedelta(3)}&to={today}"
    assert causes(world, query) == {Standing.NEVER_SIGNED_IN: 3}
    with world.app.app_context(), writing(db.session()):
        session = db.session()
        for name in ("an", "chi", "dung"):
            session.query(User).filter_by(handle=name).one().first_signed_in_at = clock.now() - timedelta(days=100)
        device = Device(id=new_id(), key=None, first_seen_at=clock.now())
        session.add(device)
        session.flush()
        contact = {"device_id": device.id, "last_at": clock.now()}
        session.add(DeviceContact(member_id=world.members["chi"], on=today - timedelta(3), **contact))
        session.add(DeviceContact(member_id=world.members["dung"], on=today, **contact))
        session.add(DeviceContact(member_id=world.members["an"], on=today - timedelta(4), **contact))
        session.add(TeamDay(team_id=world.teams["b"], on=today - timedelta(1), applied=0, refused=3))
        session.add(TeamDay(team_id=world.teams["b"], on=today - timedelta(9), applied=5, refused=0))
    assert causes(world, query) == {Standing.NO_CONTACT: 1, Standing.REFUSED: 1, Standing.NO_ENTRIES: 1}
    wider = f"from={today - timedelta(9)}&to={today}"
    assert causes(world, wider) == {Standing.NO_ENTRIES: 3}
    phone = world.phone("chi")
    phone.send(phone.mutation("report.nothing", {"village_id": str(world.villages["b"]), "period": f"{today:%Y-%m}"}))
    assert ask(world, f"period={today}")["teams"] == {"in_force": 3, "active": 0, "reported_nothing": 1, "silent": 2}
    phone.send(phone.visit(world.villages["b"]))
    assert ask(world, f"period={today}")["teams"]["active"] == 1
    assert ask(world, f"period={today}")["teams"]["reported_nothing"] == 0


def bearer(app: Flask, token: str, path: str, method: str = "get") -> Any:
    return getattr(app.test_client(), method)(path, headers={"Authorization": f"Bearer {token}"})


def test_a_token_reads_figures_and_nothing_else(world_on_sqlite: World) -> None:
    app, figures = world_on_sqlite.app, "/api/v1/participation?period=2026-11"
    with app.app_context(), writing(db.session()):
        _, token = issue_token(SYSTEM, db.session(), note="Sở", area_id=world_on_sqlite.province, now=clock.now())
    assert bearer(app, token, figures).json["area"] == "52"
    assert bearer(app, token, f"{figures}&area=21604").status_code == 200
    assert bearer(app, token + "x", figures).status_code == 401
    assert bearer(app, "", figures).status_code == 401
    for header in (b"Basic \xe9", b"Basic", b"Bearer \xe9", b"\xff", b"Digest \xe9=", b"Bearer"):
        headers = {"Authorization": header.decode("latin-1")}
        assert app.test_client().get(figures, headers=headers).status_code == 401
    assert app.test_client().get(figures, headers={"Authorization": f"bearer  {token} "}).status_code == 200
    assert bearer(app, token, "/api/v1/session").status_code == 401
    assert bearer(app, token, "/desk/").status_code == 303
    assert bearer(app, token, "/api/v1/sync", "post").status_code in (401, 403)


def test_the_command_line_issues_and_revokes_tokens(world_on_sqlite: World) -> None:
    app, figures = world_on_sqlite.app, "/api/v1/participation?period=2026-11"
    runner = app.test_cli_runner()
    token = runner.invoke(args=["token", "issue", "--note", "Sở Khoa học và Công nghệ"]).stdout.strip()
    assert bearer(app, token, figures).status_code == 200
    with app.app_context(), db.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM api_token").mappings().all()
    assert token not in json.dumps([{key: str(value) for key, value in row.items()} for row in rows])
    listed = runner.invoke(args=["token", "list"]).stdout
    assert "Sở Khoa học" in listed
    ended = runner.invoke(args=["token", "revoke", listed.split()[0]])
    assert ended.exit_code == 0
    assert bearer(app, token, figures).status_code == 401
    assert runner.invoke(args=["token", "revoke", str(new_id())]).exit_code != 0
    assert runner.invoke(args=["token", "issue", "--note", " "]).exit_code != 0


def test_districts_only_where_the_map_has_them(app: Flask) -> None:
    client = app.test_client()
    client.post("/api/v1/session", json={"sign_in": "tinh", "password": "bien-xanh"})
    today = clock.civil_date(clock.now())
    days = f"from={today - timedelta(SMALL.days)}&to={today}"  # a month may just have begun
    whole = client.get(f"/api/v1/participation?{days}").json
    assert [row["code"] for row in whole["rows"]] == ["546"]
    communes = client.get(f"/api/v1/participation?{days}&by=commune").json["rows"]
    assert len(communes) == 3
    assert sum(row["visits"] for row in communes) == whole["visits"] == whole["rows"][0]["visits"] > 0
    assert len(client.get(f"/api/v1/participation?{days}&area=546").json["rows"]) == 3
    commune = client.get(f"/api/v1/participation?{days}&area={communes[0]['code']}").json
    assert len(commune["rows"]) == 3
    village = client.get(f"/api/v1/participation?{days}&area={commune['rows'][0]['code']}").json
    assert (village["rows"], village["visits"]) == ([], commune["rows"][0]["visits"])
