"""An urgent warning to 4,353 members with 6,000 subscriptions, of which 2% are gone, 2% get 500 and 1% hang.

The worker is a process of its own and so is the push service; one worker is killed in the middle and another goes on.
The rate is that of subscriptions that are all well, beside bare pywebpush in as many threads, in turns.
"""

import base64
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import delete, func, insert, select, update

from benchmarks.figures import Figure, alternate, middle, quick
from benchmarks.push_common import TEXT
from benchmarks.serving import fresh_database
from cdtteam.accounts.models import SignIn, User
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.notify.models import Notification, Topic
from cdtteam.notify.operations import Letter, notify
from cdtteam.notify.queries import Recipient
from cdtteam.push.keys import key_pairs, make_key
from cdtteam.push.models import Delivery, Subscription
from cdtteam.replica.work import Work
from cdtteam.web.transactions import writing
from tests.support.apps import running_app
from tests.support.schema import ROOT

MEMBERS, SUBSCRIPTIONS = quick(145, 4_353), quick(200, 6_000)
COMPARED = quick(100, 1_500)
WELL = "well"


@dataclass
class Field:
    """A database with accounts and subscriptions, and the push service that they are at."""

    url: str
    instance: Path
    folder: Path
    origin: str

    def worker(self) -> "subprocess.Popen[bytes]":
        """A worker that rings for what is due."""
        return _python("benchmarks.push_worker", "ring", self.url, str(self.instance), self.origin)

    def times(self) -> Counter[str]:
        """How often each subscription was posted to."""
        urllib.request.urlopen(f"{self.origin}/count").close()
        return Counter(json.loads((self.folder / "count").read_text()))


def figures() -> Iterator[Figure]:
    """On SQLite, where recording and leasing share one writer."""
    with fresh_database("sqlite") as (url, instance), endpoint(instance) as origin:
        field = Field(url, instance, instance, origin)
        with running_app(url, instance) as app, app.app_context():
            yield from _warned(field)
            yield from _killed(field)
            yield _compared(field)


def _warned(field: Field) -> Iterator[Figure]:
    """Everybody who can be is served; how long it took until the last of them was."""
    names = [_kind(number) + str(number) for number in range(SUBSCRIPTIONS)]
    _subscribe(field, names)
    began = _warn()
    said = _said(field.worker())
    times, served = field.times(), [name for name in names if name.startswith(WELL)]
    last = db.session.scalar(select(func.max(Delivery.sent_at)))
    db.session.rollback()
    missed = sum(times[f"/{name}"] != 1 for name in served)
    what = f"an urgent warning to {MEMBERS:,} members, {SUBSCRIPTIONS:,} subscriptions, 2% gone, 2% failing, 1% hanging"
    note = f"the worker's round {said['seconds']:.0f} s with waiting for those that hang"
    yield Figure(f"{what}: all others served", (last - began).total_seconds() if last else None, "s", "< 60", note)
    yield Figure("of these, not served, or rung twice", missed, "", "< 1")
    early = said["early"][0] if said["early"] else said["late"]
    yield Figure(
        "memory of the worker at the end against after 200",
        said["late"] / early,
        "",
        "< 1.1",
        f"{said['late']:.0f} MiB",
    )


def _killed(field: Field) -> Iterator[Figure]:
    """The worker is killed when a third is sent, and another one goes on; what the first had in hand comes last."""
    names = [f"{WELL}{number}" for number in range(SUBSCRIPTIONS)]
    _subscribe(field, names)
    before = field.times()
    _warn()
    first = field.worker()
    while sum((field.times() - before).values()) < SUBSCRIPTIONS // 3 and first.poll() is None:
        time.sleep(0.1)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    _said(field.worker())
    with writing(db.session()):  # a minute later
        db.session.execute(update(Delivery).where(Delivery.state == "due").values(leased_until=clock.now()))
    _said(field.worker())
    times = field.times() - before
    rest = sum(times[f"/{name}"] == 0 for name in names)
    twice = sum(times[f"/{name}"] == 2 for name in names)
    note = f"{twice} were rung twice, {sum(times[f'/{name}'] > 2 for name in names)} more often"
    yield Figure("worker killed at a third and started again: not served", rest, "", "< 1", note)


def _compared(field: Field) -> Figure:
    names = [f"{WELL}{number}" for number in range(COMPARED)]

    def ours() -> dict[str, float]:
        _subscribe(field, names)
        _warn()
        return {"rate": COMPARED / float(_said(field.worker())["seconds"])}

    def bare() -> dict[str, float]:
        file = field.folder / "subscriptions.json"
        rows = db.session.execute(select(Subscription.endpoint, Subscription.p256dh, Subscription.auth))
        file.write_text(json.dumps([{"endpoint": row[0], "keys": {"p256dh": row[1], "auth": row[2]}} for row in rows]))
        key = key_pairs(db.session())[0].private
        db.session.rollback()
        process = _python("benchmarks.push_worker", "bare", field.origin, key, str(file))
        return {"rate": COMPARED / float(_said(process)["seconds"])}

    mine, theirs = alternate(ours, bare)
    rate, beside = middle(mine, "rate"), middle(theirs, "rate")
    note = f"{rate:.0f} a second, rows and records included, beside {beside:.0f}"
    return Figure(
        "messages sent per second against bare pywebpush in as many threads", rate / beside, "", "> 0.8", note
    )


def _kind(number: int) -> str:
    place = number % 100
    return "gone" if place < 2 else "broken" if place < 4 else "hung" if place < 5 else WELL


def _subscribe(field: Field, names: list[str]) -> None:
    """Subscriptions of these names, spread over the members' accounts, in place of all that there were."""
    session, now = db.session(), clock.now()
    with writing(session):
        for model in (Delivery, Notification, Subscription):
            session.execute(delete(model))
        pairs = key_pairs(session) or [make_key(session, now=now)]
        if not session.scalar(select(func.count()).select_from(User)):
            _sign_in(now)
        ids = list(session.scalars(select(User.id).order_by(User.id)))
        devices = dict(session.execute(select(SignIn.user_id, SignIn.device_id)).all())
        session.execute(insert(Subscription), [
            {"id": new_id(), "account_id": ids[at % len(ids)], "device_id": devices[ids[at % len(ids)]],
             "endpoint": f"{field.origin}/{name}", "digest": at.to_bytes(32), "vapid_key": pairs[0].public,
             "made_at": now, "host": field.origin.removeprefix("http://"), **_browser()}
            for at, name in enumerate(names)
        ])  # fmt: skip


def _sign_in(now: Any) -> None:
    session, ids = db.session(), [new_id() for _ in range(MEMBERS)]
    session.execute(insert(User), [
        {"id": id_, "handle": f"tv{at}", "name": f"Thành viên {at}", "role": "volunteer", "locale": "vi",
         "created_at": now}
        for at, id_ in enumerate(ids)
    ])  # fmt: skip
    session.execute(insert(SignIn), [
        {"id": new_id(), "user_id": id_, "device_id": new_id(), "created_at": now,
         "expires_at": now + timedelta(days=180)}
        for id_ in ids
    ])  # fmt: skip


def _browser() -> dict[str, str]:
    point = (
        ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    )
    return {"p256dh": _text(point), "auth": _text(os.urandom(16))}


def _warn() -> Any:
    """Writes the warning; answers when."""
    with writing(db.session()):
        work = Work(db.session(), clock.now())
        people = [Recipient(id_, None) for id_ in work.session.scalars(select(User.id))]
        notify(work, people, Letter(Topic.WARNING, "Cảnh báo khẩn: lũ lớn", TEXT, "/inbox", urgent=True))
        work.flush()
    return work.now


@contextmanager
def endpoint(folder: Path) -> Iterator[str]:
    """The origin of a push service that answers until the end of the block."""
    process = _python("benchmarks.push_endpoint", str(folder))
    try:
        while not (folder / "port").exists():
            assert process.poll() is None
            time.sleep(0.05)
        yield f"http://127.0.0.1:{(folder / 'port').read_text()}"
    finally:
        process.terminate()
        process.wait()


def _python(*words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, stdout=subprocess.PIPE)


def _said(process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    out, _ = process.communicate()
    assert process.returncode == 0
    said: dict[str, Any] = json.loads(out)
    return said


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
