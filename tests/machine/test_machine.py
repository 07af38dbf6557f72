"""Phones, networks, clocks, the desk and the operator in any order, on both databases, against a model.

CDT_MACHINE_EXAMPLES says how many stories are played on each database.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from cdtteam.app import create_app
from cdtteam.core import clock
from tests.machine.desk import Desk
from tests.machine.entries import Entries
from tests.machine.network import Network
from tests.machine.stage import Stage, Ticker
from tests.machine.store import PostgresStore, SqliteStore, Store, disconnect
from tests.support.postgres import PostgresServer
from tests.support.world import World

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
    class OnStage(Entries, Network, Desk):
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
    run_state_machine_as_test(OnStage, settings=limits)


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
