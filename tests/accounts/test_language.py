"""Messages come in the language chosen in the browser, else in the account's, else in Vietnamese."""

import pytest
from sqlalchemy import update

from cdtteam.accounts.models import User
from cdtteam.core.db import db
from cdtteam.web.transactions import writing
from tests.support.world import World


def english(world: World, handle: str) -> None:
    with world.app.app_context(), writing(db.session()):
        db.session.execute(update(User).where(User.handle == handle).values(locale="en"))


@pytest.mark.parametrize(("cookie", "is_english"), [(None, True), ("en", True), ("vi", False), ("fr", True)])
def test_a_refusal_is_told_in_the_accounts_language(
    world_on_sqlite: World, cookie: str | None, *, is_english: bool
) -> None:
    world = world_on_sqlite
    english(world, "an")
    phone = world.phone("an")
    if cookie:
        phone.client.set_cookie("locale", cookie)
    message = phone.send(phone.visit(world.villages["a"], participants=0))[0]["message"]
    assert message.isascii() is is_english
    assert phone.client.get("/api/v1/participation?period=2026-11").json["title"].isascii() is is_english
    other = world.phone("binh")
    assert not other.send(other.visit(world.villages["a"], participants=0))[0]["message"].isascii()


def test_the_desks_pages_are_in_the_accounts_language(world_on_sqlite: World) -> None:
    english(world_on_sqlite, "tinh")
    client = world_on_sqlite.client("tinh")
    assert '<html lang="en">' in client.get("/desk/", follow_redirects=True).text
    assert '<html lang="en">' in client.get("/desk/?period=x", follow_redirects=True).text
    client.post("/desk/sign-out")
    assert '<html lang="vi">' in client.get("/desk/sign-in").text
