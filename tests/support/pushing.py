"""Web Push in tests: a push service on this machine that verifies and decrypts what it is given, and browsers of it."""

import base64
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient
from py_vapid import Vapid02
from py_vapid.jwt import decode

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.push.keys import make_key
from cdtteam.web.transactions import writing

SUBJECT = "mailto:chuong@example.vn"


def text_of(octets: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


@dataclass
class Received:
    """A message as a push service had it: for which path, under which headers, and what its browser read in it."""

    path: str
    headers: dict[str, str]
    claims: dict[str, Any]
    key: str
    message: dict[str, Any]


@dataclass
class Browser:
    """A subscription with the keys that only its browser knows."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def body(self) -> dict[str, Any]:
        """What it tells the server, as PushSubscription.toJSON() has it."""
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "keys": {"p256dh": text_of(point), "auth": text_of(self.auth)}}

    def read(self, body: bytes) -> dict[str, Any]:
        """What a message says (RFC 8291)."""
        text = http_ece.decrypt(body, private_key=self.private, auth_secret=self.auth, version="aes128gcm")
        found: dict[str, Any] = json.loads(text)
        return found

    def subscribe(self, client: FlaskClient, **more: Any) -> Any:
        """Asks the server to ring it."""
        return client.post("/api/v1/push/subscriptions", json=self.body | more)


class PushService:
    """Takes messages; `answers` says by path what becomes of one: a status, with headers, after a while or at once."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.browsers: dict[str, Browser] = {}
        self.received: list[Received] = []
        self.faults: list[str] = []
        self.answers: dict[str, Callable[[], tuple[int, dict[str, str]]]] = {}
        self._guard = threading.Lock()

    def browser(self, name: str) -> Browser:
        """A browser that is known by a name."""
        return self.browsers.setdefault(f"/{name}", Browser(f"{self.origin}/{name}"))

    def answer(self, name: str, status: int, seconds: float = 0, **headers: str) -> None:
        """From now on messages for `name` are answered so, after some seconds."""

        def answer() -> tuple[int, dict[str, str]]:
            time.sleep(seconds)
            return status, {key.replace("_", "-"): value for key, value in headers.items()}

        self.answers[f"/{name}"] = answer

    def of(self, name: str) -> list[Received]:
        """What came for a browser."""
        return [one for one in self.received if one.path == f"/{name}"]

    def take(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """Verifies and decrypts a message; the status that its sender is told."""
        try:
            received = self._open(path, headers, body)
        except Exception as fault:  # noqa: BLE001 — whatever is wrong fails the test
            self.faults.append(f"{path}: {fault!r}")
            return 400, {}
        with self._guard:
            self.received.append(received)
        return self.answers.get(path, lambda: (201, {}))()

    def _open(self, path: str, headers: dict[str, str], body: bytes) -> Received:
        assert Vapid02.verify(headers["authorization"])
        parts = dict(part.split("=", 1) for part in headers["authorization"].removeprefix("vapid ").split(","))
        claims = decode(parts["t"], parts["k"])
        assert claims["aud"] == self.origin
        assert claims["sub"] == SUBJECT
        assert time.time() < claims["exp"] <= time.time() + 24 * 3600
        assert len(body) <= 4096
        assert headers["content-encoding"] == "aes128gcm"
        return Received(path, headers, claims, parts["k"], self.browsers[path].read(body))


@contextmanager
def push_service(address: str = "127.0.0.1") -> Iterator[PushService]:
    """A push service at a loopback address, until the end of the block; what it found wrong fails the test."""
    service: PushService

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                return  # whoever asked was killed in the middle of it
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, more = service.take(self.path, headers, body)
            self.send_response(status)
            for name, value in (more | {"Content-Length": "0"}).items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_: Any) -> None:
            pass  # whoever asked is gone

    server = Server((address, 0), Handler)
    service = PushService(f"http://{address}:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
    assert service.faults == [], service.faults


def switch_on(app: Flask, *services: PushService) -> str:
    """Lets `app` send to these push services under a new key; answers the public one."""
    app.config["CDT_VAPID_SUBJECT"] = SUBJECT
    app.config["CDT_PUSH_TEST_ENDPOINT"] = " ".join(service.origin for service in services)
    with app.app_context(), writing(db.session()):
        return make_key(db.session(), now=clock.now()).public


@contextmanager
def ringing(app: Flask, *, number: int = 1) -> Iterator[list[PushService]]:
    """So many push services that `app` may send to, at addresses of their own, until the end of the block."""
    with ExitStack() as stack:
        services = [stack.enter_context(push_service(f"127.0.0.{1 + at}")) for at in range(number)]
        switch_on(app, *services)
        yield services
