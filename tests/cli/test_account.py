"""An installation without the demonstration gets its staff from the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.apps import running_app
from tests.support.world import World

PASSWORD = "một mật khẩu dài"
COMMUNES = "code,name,kind,province_code\n21601,Xã Gần,xã,52\n21604,Xã Xa,xã,52\n"


@pytest.fixture
def empty(migrated_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on an empty database, with the areas that an operator loads first."""
    with running_app(migrated_url, tmp_path) as app:
        file = tmp_path / "communes.csv"
        file.write_text(COMMUNES, encoding="utf-8")
        said(app, "areas", "import", str(file), "--province-name", "Tỉnh Bình Định")
        yield app


def said(app: Flask, *words: str, typed: str | None = None, code: int = 0) -> str:
    """What a command prints."""
    done = app.test_cli_runner().invoke(args=list(words), input=typed)
    assert done.exit_code == code, done.output
    return str(done.output)


def enter(app: Flask, sign_in: str, password: str) -> tuple[FlaskClient, int]:
    """A client that tried to sign in, and the status."""
    client = app.test_client()
    answer = client.post("/api/v1/session", json={"sign_in": sign_in, "password": password})
    return client, answer.status_code


def test_the_first_accounts(empty: Flask) -> None:
    twice = f"{PASSWORD}\n{PASSWORD}\n"
    shown = said(empty, "account", "add", "Quản trị", "--role", "admin", "--name", "Lê Quang", typed=twice)
    assert PASSWORD not in shown
    said(empty, "account", "add", "tinh", "--role", "province", "--name", "Võ Ngọc", typed=twice)
    options = ("--role", "coordinator", "--name", "Trần Thị", "--area", "21601")
    made = said(empty, "account", "add", "xagan", *options, "--generate").split()[0]
    assert len(made) == 19
    for sign_in, password, sibling in (("quan tri", PASSWORD, 200), ("tinh", PASSWORD, 200), ("xagan", made, 403)):
        client, status = enter(empty, sign_in, password)
        assert status == 200
        assert client.get("/desk/area/21601").status_code == 200
        assert client.get("/desk/area/21604").status_code == sibling
    listed = said(empty, "account", "list")
    assert "xagan  coordinator  Xã Gần  Trần Thị" in listed


@pytest.mark.parametrize(
    ("words", "typed", "reason"),
    [
        (("--role", "coordinator", "--name", "A", "--generate"), None, "needs --area"),
        (("--role", "coordinator", "--name", "A", "--area", "52", "--generate"), None, "needs --area"),
        (("--role", "province", "--name", "A", "--area", "21601", "--generate"), None, "leave out --area"),
        (("--role", "admin", "--name", " ", "--generate"), None, "--name needs"),
        (("--role", "admin", "--name", "A"), "short\nshort\n", "at least 10"),
    ],
)
def test_refusals(empty: Flask, words: tuple[str, ...], typed: str | None, reason: str) -> None:
    shown = said(empty, "account", "add", "ai", *words, typed=typed, code=1)
    assert reason in shown
    assert "Nothing was changed." in shown
    assert said(empty, "account", "list") == ""


def test_no_areas_yet(migrated_sqlite_url: str, tmp_path: Path) -> None:
    with running_app(migrated_sqlite_url, tmp_path) as app:
        shown = said(app, "account", "add", "ai", "--role", "admin", "--name", "A", "--generate", code=1)
    assert "load its areas first" in shown


def test_a_handle_is_taken_once(world: World) -> None:
    shown = said(world.app, "account", "add", "TINH", "--role", "admin", "--name", "A", "--generate", code=1)
    assert "handle" in shown


def test_password_closing_and_signing_out(world: World) -> None:
    app, page = world.app, "/desk/"
    first = world.client("xa")
    assert first.get(page).status_code == 200
    made = said(app, "account", "password", "xa", "--generate").split()[0]
    assert first.get(page).status_code == 303
    second, status = enter(app, "xa", made)
    assert status == 200
    said(app, "account", "sign-out", "xa")
    assert second.get(page).status_code == 303
    third, _ = enter(app, "xa", made)
    said(app, "account", "disable", "xa")
    assert third.get(page).status_code == 303
    assert enter(app, "xa", made)[1] == 401
    assert "(closed)" in said(app, "account", "list")
    said(app, "account", "enable", "xa")
    assert enter(app, "xa", made)[1] == 200
    assert third.get(page).status_code == 303, "what was ended stays ended"
    assert "no account" in said(app, "account", "disable", "không ai", code=1)
