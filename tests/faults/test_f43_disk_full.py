"""F43: the server's disk is full; 503, nothing acknowledged that is not there, and it recovers when there is room."""

from typing import Any

import pytest
from sqlalchemy import event

from cdtteam.core.db import db
from tests.support.wire import hold_oracle, ledger, unlimited
from tests.support.world import World


@pytest.mark.own_app
@pytest.mark.parametrize("spare", [0, 3, 40])
def test_no_room_and_then_room(world_on_sqlite: World, spare: int) -> None:
    world = unlimited(world_on_sqlite)
    phone = world.phone("an")
    limit = {"pages": 0}

    def limited(connection: Any, _: object) -> None:
        if limit["pages"]:
            connection.execute(f"PRAGMA max_page_count={limit['pages']}")

    with world.app.app_context():
        pages = db.session.connection().exec_driver_sql("PRAGMA page_count").scalar()
        db.session.remove()
        event.listen(db.engine, "connect", limited)
        limit["pages"] = (pages or 0) + spare
        db.engine.dispose()
    batches = [[phone.visit(world.villages["a"], note="x" * 900) for _ in range(20)] for _ in range(12)]
    minted = [visit for batch in batches for visit in batch]
    acknowledged: set[str] = set()
    refused = 0
    for batch in batches:
        answer = phone.post(*batch)
        if answer.status_code == 200:
            assert {result["status"] for result in answer.json["results"]} == {"applied"}
            acknowledged |= {result["id"] for result in answer.json["results"]}
            continue
        refused += 1
        assert (answer.status_code, answer.json["code"]) == (503, "busy")
        assert int(answer.headers["Retry-After"]) >= 1
        assert ledger(world) == acknowledged
    assert refused
    assert phone.post().status_code in (200, 503)
    hold_oracle(world, minted, waiting={visit["id"] for visit in minted} - acknowledged)
    limit["pages"] = 0
    with world.app.app_context():
        db.session.remove()
        db.engine.dispose()
    for batch in batches:
        for result in phone.send(*batch):
            assert result["status"] == ("duplicate" if result["id"] in acknowledged else "applied")
    hold_oracle(world, minted)
    assert set(phone.kind("visit")) == {visit["args"]["id"] for visit in minted}
