"""Inserting beside rows of the same key, on both databases."""

from sqlalchemy import Connection, select

from cdtteam.core.db import db
from cdtteam.core.upsert import insert_missing, insert_or_add, insert_or_replace
from cdtteam.push.models import Tally
from tests.support.world import World


def test_a_row_that_is_there_stays_is_replaced_or_is_added_to(world: World) -> None:
    with world.app.app_context():
        link = db.session.connection()
        insert_missing(link, Tally, [_row("a", 1)])
        insert_missing(link, Tally, [_row("a", 9), _row("b", 2)])
        assert _numbers(link) == {"a": 1, "b": 2}
        insert_or_replace(link, Tally, [_row("b", 5), _row("c", 3)], "number")
        assert _numbers(link) == {"a": 1, "b": 5, "c": 3}
        insert_or_add(link, Tally, [_row("c", 4), _row("d", 4), _row("d", 4)], "number")
        assert _numbers(link) == {"a": 1, "b": 5, "c": 7, "d": 8}


def _row(host: str, number: int) -> dict[str, str | int]:
    return {"host": host, "state": "sent", "number": number}


def _numbers(link: Connection) -> dict[str, int]:
    return {host: number for host, number in link.execute(select(Tally.host, Tally.number))}  # noqa: C416 — rows are no pairs to mypy
