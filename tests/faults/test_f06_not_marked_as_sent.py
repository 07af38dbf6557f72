"""F06 on the wire: what was acknowledged and not marked comes again, in other company and after a restart."""

from pathlib import Path

from sqlalchemy import make_url

from cdtteam.core.db import db
from tests.support.apps import running_app
from tests.support.wire import hold_oracle
from tests.support.world import World


def test_in_other_company(world: World) -> None:
    phone = world.phone("an")
    visits = [phone.visit(world.villages["a"]) for _ in range(5)]
    phone.send(*visits[:3])
    results = phone.send(*visits[1:])
    assert [result["status"] for result in results] == ["duplicate", "duplicate", "applied", "applied"]
    hold_oracle(world, visits)


def test_keys_in_another_order_are_the_same_content(world: World) -> None:
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"], note="Đã hẹn")
    phone.send(visit)
    turned = {key: visit[key] for key in reversed(visit)}
    turned["args"] = {key: visit["args"][key] for key in reversed(visit["args"])}
    explicit = visit | {"after": None, "replaces": None}
    assert [result["status"] for result in phone.send(turned, explicit)] == ["duplicate", "duplicate"]


def test_after_a_restart_of_the_server(world: World, tmp_path: Path) -> None:
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"])
    phone.send(visit)
    with world.app.app_context():
        url = make_url(world.app.config["CDT_DATABASE_URL"])
        db.session.remove()
        db.engine.dispose()
    with running_app(url.render_as_string(hide_password=False), tmp_path) as app:
        again = World(app, world.villages, world.communes, world.teams, world.members).phone("an")
        assert again.send(visit)[0]["status"] == "duplicate"
    hold_oracle(world, [visit])
