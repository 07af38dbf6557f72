"""F24 on the wire: the session ended with a queue on the phone; JSON 401, nothing applied, all is sent afterwards."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cdtteam.access.models import SYSTEM
from cdtteam.accounts.models import Device, SignIn, User
from cdtteam.accounts.operations import revoke_sign_ins
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.web.transactions import writing
from tests.support.wire import hold_oracle, ledger
from tests.support.world import World


def revoked(world: World) -> None:
    user = db.session.scalars(select(User).where(User.handle == "an")).one()
    revoke_sign_ins(SYSTEM, db.session(), user, now=clock.now())


def expired(world: World) -> None:
    db.session.execute(update(SignIn).values(expires_at=clock.now() - timedelta(seconds=1)))


def disabled(world: World) -> None:
    db.session.execute(update(User).where(User.handle == "an").values(disabled_at=clock.now()))


def device_revoked(world: World) -> None:
    for signed_in in db.session.scalars(select(SignIn)):
        db.session.add(Device(id=signed_in.device_id, first_seen_at=clock.now(), revoked_at=clock.now()))


@pytest.mark.parametrize("end", [revoked, expired, disabled, device_revoked])
def test_the_queue_waits(world: World, end: object) -> None:
    phone = world.phone("an")
    visits = [phone.visit(world.villages["a"]) for _ in range(3)]
    phone.send(visits[0])
    with world.app.app_context(), writing(db.session()):
        end(world)  # type: ignore[operator]
    answer = phone.post(*visits)
    assert (answer.status_code, answer.json["code"]) == (401, "signed_out")
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Cdt-Protocol"] == "1"
    assert ledger(world) == {visits[0]["id"]}
    if end is not disabled:
        phone.client = world.client("an")
        assert [result["status"] for result in phone.send(*visits)] == ["duplicate", "applied", "applied"]
        hold_oracle(world, visits)


def test_a_cookie_that_we_did_not_sign(world: World) -> None:
    phone = world.phone("an")
    phone.client.set_cookie("cdtteam", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb")
    assert phone.post(phone.visit(world.villages["a"])).status_code == 401
