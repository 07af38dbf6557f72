"""F44: the worker is killed (SIGKILL) while it sends: each subscription is notified at most twice, none is dropped."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, make_url, select, update

from cdtteam.accounts.models import SignIn, User
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.jobs.chores import run_chore
from cdtteam.push.fanning import fan_out
from cdtteam.push.models import Delivery, Subscription
from tests.push.test_delivering import deliveries, tell
from tests.support.inboxes import at_work
from tests.support.pushing import PushService, ringing
from tests.support.server_process import ROOT
from tests.support.world import World

SUBSCRIPTIONS = 200
LEASE_S = 4
WITHIN_S = 60


def subscribe_many(world: World, service: PushService) -> None:
    """Two members with a hundred browsers each, which is more than the API allows."""
    clients = {handle: world.client(handle) for handle in ("an", "binh")}
    key = clients["an"].get("/api/v1/push/key").json["key"]
    with at_work(world) as work:
        mine = select(SignIn.user_id.label("account_id"), SignIn.device_id).join(User, User.id == SignIn.user_id)
        accounts = [dict(row) for row in work.session.execute(mine.where(User.handle.in_(clients))).mappings()]
        rows = []
        for number in range(SUBSCRIPTIONS):
            browser = service.browser(f"b{number}")
            rows.append(
                {"id": new_id(), "endpoint": browser.endpoint, "digest": number.to_bytes(32), "made_at": work.now,
                 "host": service.origin.removeprefix("http://"), "vapid_key": key, **browser.body["keys"],
                 **accounts[number % 2]}
            )  # fmt: skip
        work.session.execute(insert(Subscription), rows)


def sender(world: World, instance: Path, service: PushService) -> "subprocess.Popen[bytes]":
    """The worker's process, waiting to be told to begin."""
    url = make_url(world.app.config["CDT_DATABASE_URL"]).render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.faults.sender", url, str(instance), service.origin, str(LEASE_S)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def begin(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin is not None
    process.stdin.write(b"\n")
    process.stdin.flush()


def is_on_record(world: World) -> bool:
    """Whether the sender has written down any of what it sent."""
    with world.app.app_context():
        return bool(db.session.scalar(select(Delivery.id).where(Delivery.state == "sent").limit(1)))


def test_killed_in_the_middle(world: World, instance_folder: Path) -> None:
    with ringing(world.app) as (service,):
        subscribe_many(world, service)
        tell(world, "an", "binh")
        is_dead = threading.Event()

        def answer() -> tuple[int, dict[str, str]]:
            if len(service.received) > SUBSCRIPTIONS // 2:  # so that the first one is in the middle, however long
                is_dead.wait(WITHIN_S)
            return 201, {}

        service.answers |= dict.fromkeys(service.browsers, answer)
        with sender(world, instance_folder, service) as first, sender(world, instance_folder, service) as second:
            begin(first)
            deadline = time.monotonic() + WITHIN_S
            while not is_on_record(world) and time.monotonic() < deadline:
                time.sleep(0.005)
            os.kill(first.pid, signal.SIGKILL)
            first.wait()
            is_dead.set()
            told = len(service.received)
            assert 0 < told < SUBSCRIPTIONS
            time.sleep(LEASE_S)  # what the dead one had in hand
            begin(second)
            assert second.wait(WITHIN_S) == 0
        times = Counter(one.path for one in service.received)
        assert len(times) == SUBSCRIPTIONS  # none is dropped
        assert set(times.values()) <= {1, 2}
        assert sum(times.values()) < SUBSCRIPTIONS + told
        with world.app.app_context():
            assert set(db.session.scalars(select(Delivery.state))) == {"sent"}


def test_what_was_lost_twice_is_not_sent_a_third_time(world: World) -> None:
    with ringing(world.app) as (service,):
        client = world.client("an")
        for name in ("once", "twice", "held"):
            service.browser(name).subscribe(client)
        tell(world, "an")
        with at_work(world) as work:
            assert fan_out(work.session, work.now) == 1
            for lost, (name, until) in enumerate((("once", -1), ("twice", -1), ("held", 60))):
                mine = select(Subscription.id).where(Subscription.endpoint.endswith(f"/{name}")).scalar_subquery()
                left = {"tries": lost + 1, "lost": lost % 2, "leased_until": work.now + timedelta(seconds=until)}
                work.session.execute(update(Delivery).where(Delivery.subscription_id == mine).values(**left))
        run_chore(world.app, "push")
        assert [one.path for one in service.received] == ["/once"]
        ends = {one.answer: (one.state, one.lost) for one in deliveries(world)}
        assert ends == {"201": ("sent", 1), "lost": ("failed", 1), None: ("due", 0)}
