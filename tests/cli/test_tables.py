"""A new database is filled by one command (contracts, "Commands"); one that is there is left as it is."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from cdtteam.core.db import db
from tests.support.apps import running_app

COMMUNES = "code,name,kind,province_code\n21601,Xã Gần,xã,52\n"


def test_areas_come_into_a_new_database(database_url: str, tmp_path: Path) -> None:
    good, bad = tmp_path / "communes.csv", tmp_path / "bad.csv"
    good.write_text(COMMUNES, encoding="utf-8")
    bad.write_text("code,name\n", encoding="utf-8")
    with running_app(database_url, tmp_path) as app, app.app_context():
        words = ["areas", "import", "--province-name", "Tỉnh Bình Định"]
        assert app.test_cli_runner().invoke(args=[*words, str(bad)]).exit_code == 1
        for told in ("1 areas are new", "0 areas are new"):
            done = app.test_cli_runner().invoke(args=[*words, str(good)])
            assert (done.exit_code, told in done.output) == (0, True), done.output


def test_the_demonstration_comes_into_a_new_database(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDT_DEMO_SIZE", "small")
    with running_app(sqlite_url, tmp_path) as app:
        first, second = (app.test_cli_runner().invoke(args=["demo", "--json"]) for _ in range(2))
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout)["synthetic"] is True
    assert second.stdout == first.stdout


def test_a_database_of_another_version_is_left_to_its_operator(migrated_sqlite_url: str, tmp_path: Path) -> None:
    good = tmp_path / "communes.csv"
    good.write_text(COMMUNES, encoding="utf-8")
    with running_app(migrated_sqlite_url, tmp_path) as app, app.app_context():
        with db.engine.begin() as link:
            link.execute(text("UPDATE alembic_version SET version_num = 'earlier'"))
        done = app.test_cli_runner().invoke(args=["areas", "import", str(good), "--province-name", "Tỉnh Bình Định"])
        assert done.exit_code == 0, done.output
        with db.engine.begin() as link:
            assert link.scalar(text("SELECT version_num FROM alembic_version")) == "earlier"
