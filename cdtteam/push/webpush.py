"""Web Push (RFC 8030): encrypted for one browser (RFC 8291), signed as ours (RFC 8292), posted to its push service.

This module is imported by whoever sends: pywebpush brings a client of HTTP that the server has no use for.
"""

import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any, cast

import certifi
import urllib3
from py_vapid import Vapid02
from pywebpush import WebPusher
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, ReadTimeoutError

from cdtteam.core.problems import Problem
from cdtteam.push.channel import Fate, Outcome, Parcel
from cdtteam.push.hosts import HTTPS, Door, Target
from cdtteam.push.keys import KeyPair
from cdtteam.push.timed import TimedConnection, TimedSecureConnection

CONNECT_S, READ_S = 4, 8  # the second for an answer as a whole, however it trickles
KEPT = 32  # connections
BODY = 2048  # octets of an answer that are looked at, and then it is cut
FRESH_S = 60  # for so long an address that was looked at is trusted
SILENT_S = 15  # for so long a name of which nothing good was heard is not asked for again
SIGNED = timedelta(hours=12)  # RFC 8292 allows 24
TOO_LATE = timedelta(seconds=CONNECT_S + READ_S + 10)  # before a lease ends: what is begun later might be sent twice
LONGEST_ASKED = 24 * 3600.0


class WebPush:
    """The channel. Connections, signatures and addresses are kept, for each push service, as long as they are good."""

    def __init__(self, door: Door, subject: str, now: Callable[[], datetime]) -> None:
        self._door = door
        self._subject = subject
        self._now = now
        self._guard = threading.Lock()
        self._signatures: dict[tuple[str, str], tuple[datetime, str]] = {}
        self._lines: dict[str, _Line] = {}

    def send(self, parcel: Parcel) -> Outcome:
        """Posts a parcel, unless its lease is nearly over; redirects are not followed."""
        if self._now() > parcel.leased_until - TOO_LATE:
            return Outcome(Fate.UNSENT, "late")
        if parcel.address.key is None:
            return Outcome(Fate.FAILED, "no key")
        try:
            target = self._door.target_of(parcel.address.endpoint)
            line = self._line(target)
        except Problem as problem:
            is_silent = problem.code == "busy"
            return Outcome(Fate.LATER, "no address") if is_silent else Outcome(Fate.FAILED, "refused address")
        headers = self._headers(parcel, target, parcel.address.key)
        try:
            return line.post(target.path, _encrypted(parcel), headers, self._now)
        except ReadTimeoutError:
            return Outcome(Fate.LATER, "timeout")
        except (HTTPError, OSError):
            line.forget_address()
            return Outcome(Fate.LATER, "no connection")

    def close(self) -> None:
        """Gives up connections."""
        with self._guard:
            lines, self._lines = list(self._lines.values()), {}
        for line in lines:
            line.close()

    def _line(self, target: Target) -> "_Line":
        with self._guard:
            line = self._lines.setdefault(target.origin, _Line(target))
        line.look_up(self._door)
        return line

    def _headers(self, parcel: Parcel, target: Target, key: KeyPair) -> dict[str, str]:
        return {
            "Host": target.host, "Authorization": self._signature(key, target.origin), "TTL": str(parcel.ttl),
            "Urgency": parcel.urgency, "Topic": parcel.topic, "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
        }  # fmt: skip

    def _signature(self, key: KeyPair, audience: str) -> str:
        now = self._now()
        with self._guard:
            until, signature = self._signatures.get((key.public, audience), (now, ""))
            if until - now < SIGNED / 2:
                until = now + SIGNED
                claims = {"sub": self._subject, "aud": audience, "exp": int(until.timestamp())}
                signature = str(Vapid02.from_raw(key.private.encode()).sign(claims)["Authorization"])
                self._signatures[key.public, audience] = (until, signature)
        return signature


class _Line:
    """Connections to one push service, at an address of it that was looked at."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._guard = threading.Lock()
        self._address = ""
        self._look_at = 0.0
        self._problem: Problem | None = None
        self._pool: HTTPConnectionPool | None = None

    def look_up(self, door: Door) -> None:
        """Asks where the service is, when that was asked long ago; a Problem says why it may not be sent to."""
        with self._guard:
            if monotonic() < self._look_at:
                if self._problem is not None:
                    raise self._problem
                return
            self._look_at = monotonic() + SILENT_S
            self._problem = None
            try:
                addresses = door.addresses(self._target)
            except Problem as problem:
                self._problem = problem
                raise
            self._look_at = monotonic() + FRESH_S
            if self._address not in addresses:
                self._address = random.choice(addresses)  # noqa: S311 — no secret
                self._pool = _pool(self._target, self._address)

    def forget_address(self) -> None:
        """Has the address looked up again before anything else is sent."""
        with self._guard:
            self._look_at, self._address = 0.0, ""

    def post(self, path: str, body: bytes, headers: dict[str, str], now: Callable[[], datetime]) -> Outcome:
        """What the service says to a message."""
        pool = cast("HTTPConnectionPool", self._pool)
        answer = pool.urlopen(
            "POST", path, body=body, headers=headers, retries=False, redirect=False, preload_content=False
        )
        try:
            left = BODY
            while left > 0 and (some := answer.read(left)):
                left -= len(some)
            return _outcome(answer.status, answer.headers.get("Retry-After"), now())
        finally:
            if not answer.closed:  # what goes on beyond that is of no use to us, and neither is its connection
                answer.close()
            answer.release_conn()

    def close(self) -> None:
        """Gives up connections."""
        if self._pool is not None:
            self._pool.close()


def _pool(target: Target, address: str) -> HTTPConnectionPool:
    """Connections to an address, where the certificate must be that of the name."""
    kept: dict[str, Any] = {"maxsize": KEPT, "timeout": urllib3.Timeout(connect=CONNECT_S, read=READ_S)}
    pool: HTTPConnectionPool
    if target.scheme == "http":
        pool = HTTPConnectionPool(address, int(target.host.rpartition(":")[2]), **kept)
        pool.ConnectionCls = TimedConnection
        return pool
    name, _, port = target.host.partition(":")
    kept |= {"server_hostname": name, "assert_hostname": name, "ca_certs": certifi.where()}
    pool = HTTPSConnectionPool(address, int(port or HTTPS), **kept)
    pool.ConnectionCls = TimedSecureConnection
    return pool


def _encrypted(parcel: Parcel) -> bytes:
    keys = {"p256dh": parcel.address.p256dh, "auth": parcel.address.auth}
    pusher = WebPusher({"endpoint": parcel.address.endpoint, "keys": keys})
    return cast("bytes", pusher.encode(parcel.body)["body"])


def _outcome(status: int, retry_after: str | None, now: datetime) -> Outcome:
    if 200 <= status < 300:
        return Outcome(Fate.SENT, str(status))
    if status in (404, 410):
        return Outcome(Fate.GONE, str(status))
    if status in (408, 429) or status >= 500:
        return Outcome(Fate.LATER, str(status), _seconds(retry_after, now))
    return Outcome(Fate.FAILED, str(status))


def _seconds(text: str | None, now: datetime) -> float | None:
    """`Retry-After` in seconds, from either form (RFC 9110, 10.2.3); None for none, or one that nobody can read."""
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_ASKED)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max((at - now).total_seconds(), 0.0), LONGEST_ASKED)
