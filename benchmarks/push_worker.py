"""Rings as the worker does, or does the same with nothing but pywebpush, in a process of its own.

`python -m benchmarks.push_worker ring DATABASE INSTANCE ORIGIN` runs the chore until nothing is due now, and prints its
seconds, and the most memory that it had held after 200 messages and at its end, in MiB. `… bare ORIGIN KEY FILE` posts
to the subscriptions of FILE in as many threads, and prints its seconds.
"""

import json
import resource
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pywebpush import webpush

from benchmarks.push_common import BODY, SUBJECT
from cdtteam.app import create_app
from cdtteam.jobs.chores import run_chore
from cdtteam.push.delivering import THREADS
from cdtteam.push.webpush import WebPush


def ring(url: str, instance: str, origin: str) -> None:
    """Tells seconds and memory."""
    config = {"CDT_DATABASE_URL": url, "CDT_INSTANCE": instance, "CDT_VAPID_SUBJECT": SUBJECT}
    app = create_app(config | {"CDT_PUSH_TEST_ENDPOINT": origin})
    memory: list[float] = []
    sent, guard, send = [0], threading.Lock(), WebPush.send

    def counting(self: WebPush, parcel: Any) -> Any:
        with guard:
            sent[0] += 1
            if sent[0] % 200 == 0:
                memory.append(_held())
        return send(self, parcel)

    WebPush.send = counting  # type: ignore[method-assign]
    start = time.monotonic()
    run_chore(app, "push")
    print(json.dumps({"seconds": time.monotonic() - start, "early": memory[:1], "late": _held()}))


def bare(origin: str, key: str, file: str) -> None:
    """Tells seconds."""
    subscriptions = json.loads(Path(file).read_text())

    def post(one: dict[str, Any]) -> None:
        webpush(one, BODY, vapid_private_key=key, vapid_claims={"sub": SUBJECT, "aud": origin}, ttl=3600)

    start = time.monotonic()
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(post, subscriptions))
    print(json.dumps({"seconds": time.monotonic() - start}))


def _held() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    {"ring": ring, "bare": bare}[sys.argv[1]](*sys.argv[2:])
