"""`flask push keys`: made once, rotated without losing a subscription."""

from pathlib import Path

import pytest

from cdtteam.app import create_app
from tests.support.pushing import SUBJECT, push_service
from tests.support.world import World


def test_keys(world: World) -> None:
    run = world.app.test_cli_runner().invoke
    refused = run(args=["push", "keys"])
    assert refused.exit_code == 1
    assert "CDT_VAPID_SUBJECT" in refused.output
    world.app.config["CDT_VAPID_SUBJECT"] = SUBJECT
    first = run(args=["push", "keys"])
    assert first.output == run(args=["push", "keys"]).output
    key = first.output.split()[0]
    with push_service() as service:
        world.app.config["CDT_PUSH_TEST_ENDPOINT"] = service.origin
        service.browser("a").subscribe(world.client("an"))
    assert run(args=["push", "keys"]).output == f"{key}  in use, 1 subscriptions\n"
    new, old = run(args=["push", "keys", "--rotate"]).output.splitlines()
    assert new.endswith("  in use, 0 subscriptions")
    assert old == f"{key}  old, 1 subscriptions"
    assert world.client("an").get("/api/v1/push/key").json["key"] == new.split()[0]


def test_keys_of_the_environment_come_first(world: World) -> None:
    world.app.config.update(CDT_VAPID_SUBJECT=SUBJECT, CDT_VAPID_PRIVATE_KEY="AQ" * 21 + "A, " + "Ag" * 21 + "A")
    output = world.app.test_cli_runner().invoke(args=["push", "keys"]).output
    assert len(output.splitlines()) == 2
    assert world.client("an").get("/api/v1/push/key").json["key"] == output.split()[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CDT_VAPID_SUBJECT", "chuong@example.vn"), ("CDT_VAPID_SUBJECT", "mailto:chuong"),
        ("CDT_VAPID_PRIVATE_KEY", "short"), ("CDT_VAPID_PRIVATE_KEY", "A" * 43), ("CDT_PUSH_HOSTS", "10.0.0.1"),
    ],
)  # fmt: skip
def test_a_configuration_that_cannot_be_used_is_told_at_the_start(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=name):
        create_app({"CDT_INSTANCE": str(tmp_path), name: value})
