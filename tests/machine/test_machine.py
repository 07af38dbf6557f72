"""Phones, networks, clocks, the desk and the operator in any order, on both databases, against a model.

CDT_MACHINE_EXAMPLES says how many stories are played on each database.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from cdtteam.app import create_app
from cdtteam.core import clock
from tests.machine.desk import Desk
from tests.machine.entries import Entries
from tests.machine.maps import Maps
from tests.machine.network import Network
from tests.machine.orders import Orders
from tests.machine.reviews import Reviews
from tests.machine.stage import Stage, Ticker
from tests.machine.store import PostgresStore, SqliteStore, Store, disconnect
from tests.support.postgres import PostgresServer
from tests.support.world import World

pytestmark = pytest.mark.own_app
EXAMPLES = int(os.environ.get("CDT_MACHINE_EXAMPLES", "0"))


@pytest.mark.timeout(600 if not EXAMPLES else 0)
def test_phones_on_sqlite(world_on_sqlite: World, instance_folder: Path, tmp_path: Path) -> None:
    with _story_teller(world_on_sqlite, SqliteStore(tmp_path / "world.sqlite3"), instance_folder) as stage:
        _play(stage, EXAMPLES or 12)


@pytest.mark.timeout(600 if not EXAMPLES else 0)
def test_phones_on_postgres(
    postgres_server: PostgresServer, postgres_world: tuple[str, World], instance_folder: Path
) -> None:
    template, world = postgres_world
    store = PostgresStore(postgres_server, postgres_server.new_name())
    postgres_server.create(store.name, template)
    try:
        with _story_teller(world, store, instance_folder) as stage:
            _play(stage, EXAMPLES or 8)
    finally:
        store.drop()


def _play(stage: Stage, examples: int) -> None:
    class OnStage(Entries, Network, Desk, Orders, Reviews, Maps):
        """The machine on this database."""

    OnStage.stage = stage
    limits = settings(
        max_examples=examples,
        stateful_step_count=40,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    _change_the_map(OnStage())
    assert stage.done.keys() == {"communes", "splits", "villages", "take-overs", "undone"}
    run_state_machine_as_test(OnStage, settings=limits)


def _change_the_map(machine: Any) -> None:
    """One story in which the map changes in every way: what is played at random may leave a way out."""
    done = machine.stage.done
    for kind, rule, picks, days in (
        ("splits", machine.a_commune_is_split, range(20), {"days": -40}),
        ("take-overs", machine.villages_become_one, (7, 10, 11), {"days": -2}),
        ("communes", machine.communes_become_one, range(20), {"days": -1}),
        ("undone", machine.a_change_is_taken_back, range(20), {}),
    ):
        for pick in picks:
            if not done[kind]:
                rule(pick=pick, pause=1, **days)
                machine.server_and_model_agree()
    machine.figures_are_asked_for(pick=0)
    machine.teardown()


@contextmanager
def _story_teller(world: World, store: Store, instance: Path) -> Iterator[Stage]:
    ticker = Ticker()
    # No limit of requests a second: here many hours pass in one.
    settings_ = {
        "CDT_DATABASE_URL": store.url,
        "CDT_INSTANCE": str(instance),
        "TESTING": True,
        "RATELIMIT_ENABLED": False,
    }
    app = create_app(settings_)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: ticker.now)
        try:
            yield Stage(replace(world, app=app), store, ticker)
        finally:
            disconnect(app)
