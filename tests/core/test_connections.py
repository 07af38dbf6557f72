"""The database's server goes and comes back while connections to it lie in the pool."""

from http import HTTPStatus

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, ProgrammingError

import cdtteam.core.db
from cdtteam.core.db import db
from tests.support.world import World


def test_connections_that_lay_idle_are_tried_first(world_on_postgres: World, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = world_on_postgres.phone("an")
    phone.send()
    _cut_all(world_on_postgres)
    monkeypatch.setattr(cdtteam.core.db, "IDLE", 0.0)
    assert phone.send(phone.visit(world_on_postgres.villages["a"]))[0]["status"] == "applied"


def test_a_connection_that_was_cut_in_use_costs_one_try(
    world_on_postgres: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cdtteam.core.db, "IDLE", 600.0)  # a loaded machine is slow
    phone = world_on_postgres.phone("an")
    visit = phone.visit(world_on_postgres.villages["a"])
    phone.send()
    _cut_all(world_on_postgres)
    refused = phone.post(visit)
    assert refused.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert int(refused.headers["Retry-After"]) > 0
    assert phone.send(visit)[0]["status"] == "applied"


def _cut_all(world: World) -> None:
    url = make_url(world.app.config["CDT_DATABASE_URL"]).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as link:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        assert link.execute(f"SELECT count(pg_terminate_backend(pid, 2000)) {others}").fetchone() != (0,)


def test_what_a_statement_was_given_does_not_come_into_its_error(world: World) -> None:
    name = "Đinh Thị Lễ"
    with world.app.app_context(), pytest.raises((ProgrammingError, OperationalError)) as error:
        db.session.execute(text("SELECT :name FROM no_such_table"), {"name": name})
    assert name not in str(error.value)
