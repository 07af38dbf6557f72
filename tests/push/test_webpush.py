"""The connection: the address that was looked at is the one that is connected to, and nobody is followed elsewhere."""

import datetime as dt
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cdtteam.core import clock
from cdtteam.core.problems import Problem
from cdtteam.push import hosts, webpush
from cdtteam.push.channel import Address, Fate, Outcome, Parcel, Urgency
from cdtteam.push.hosts import Door, Target, door_of
from cdtteam.push.keys import _pair_of
from cdtteam.push.webpush import WebPush
from tests.support.pushing import SUBJECT, Browser, PushService, push_service

KEY = _pair_of("AQ" * 21 + "A")
NAME = "fcm.googleapis.com"


def parcel(browser: Browser, **more: Any) -> Parcel:
    """A message to a browser."""
    keys, now = browser.body["keys"], clock.now()
    address = Address(uuid4(), "", browser.endpoint, keys["p256dh"], keys["auth"], more.pop("key", KEY))
    given = {"leased_until": now + timedelta(minutes=1), "expires_at": now + timedelta(hours=1)}
    return Parcel(
        uuid4(), 1, address=address, body=b'{"title": "Ngh\xe1\xbb\x89"}', topic="t", ttl=60, urgency=Urgency.NORMAL,
        **given | more,
    )  # fmt: skip


def channel(*services: PushService) -> WebPush:
    return WebPush(door_of("", " ".join(service.origin for service in services)), SUBJECT, clock.now)


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as found:
        yield found


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (200, {}, Outcome(Fate.SENT, "200")), (201, {}, Outcome(Fate.SENT, "201")),
        (404, {}, Outcome(Fate.GONE, "404")), (410, {}, Outcome(Fate.GONE, "410")),
        (429, {"Retry_After": "120"}, Outcome(Fate.LATER, "429", 120)), (503, {}, Outcome(Fate.LATER, "503")),
        (503, {"Retry_After": "soon"}, Outcome(Fate.LATER, "503")), (500, {}, Outcome(Fate.LATER, "500")),
        (429, {"Retry_After": "999999999999"}, Outcome(Fate.LATER, "429", 86400)),
        (403, {}, Outcome(Fate.FAILED, "403")), (413, {}, Outcome(Fate.FAILED, "413")),
        (301, {"Location": "http://127.0.0.1:9/"}, Outcome(Fate.FAILED, "301")),
        (307, {"Location": "http://169.254.169.254/latest/"}, Outcome(Fate.FAILED, "307")),
    ],
)  # fmt: skip
def test_answers(service: PushService, status: int, headers: dict[str, str], expected: Outcome) -> None:
    service.answer("a", status, **headers)
    assert channel(service).send(parcel(service.browser("a"))) == expected
    assert len(service.received) == 1  # no redirect was followed


def test_a_date_to_come_again_at(service: PushService) -> None:
    at = clock.now() + timedelta(minutes=10)
    service.answer("a", 503, Retry_After=at.strftime("%a, %d %b %Y %H:%M:%S GMT"))
    assert 590 < (channel(service).send(parcel(service.browser("a"))).retry_after or 0) <= 600


def test_a_signature_is_made_once_for_a_service_and_key(service: PushService) -> None:
    sender = channel(service)
    for name in ("a", "b"):
        sender.send(parcel(service.browser(name)))
    assert service.received[0].headers["authorization"] == service.received[1].headers["authorization"]


def test_what_hangs_or_trickles_ends(service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webpush, "READ_S", 0.2)
    service.answer("a", 201, seconds=1)
    assert channel(service).send(parcel(service.browser("a"))) == Outcome(Fate.LATER, "timeout")
    assert channel().send(parcel(Browser("http://127.0.0.1:9/x"))) == Outcome(Fate.FAILED, "refused address")
    closed = door_of("", "http://127.0.0.1:9")
    assert WebPush(closed, SUBJECT, clock.now).send(parcel(Browser("http://127.0.0.1:9/x"))).answer == "no connection"


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n"])
def test_an_answer_that_comes_octet_by_octet_is_given_up(head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each octet is in time, the answer never: neither its beginning nor its rest holds who sends."""
    monkeypatch.setattr(webpush, "READ_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                connection.recv(65536)
                connection.sendall(head)
                for octet in b"HTTP/1.1 201 Created, but only by and by".ljust(100):
                    time.sleep(0.05)
                    connection.sendall(bytes([octet]))

        threading.Thread(target=drip, daemon=True).start()
        origin = f"http://127.0.0.1:{server.getsockname()[1]}"
        began = time.monotonic()
        sent = WebPush(door_of("", origin), SUBJECT, clock.now).send(parcel(Browser(f"{origin}/x")))
    assert sent == Outcome(Fate.LATER, "timeout")
    assert time.monotonic() - began < 3, "dripping to its end takes five seconds"


def test_nothing_is_begun_when_the_lease_is_nearly_over_or_the_key_is_lost(service: PushService) -> None:
    late = parcel(service.browser("a"), leased_until=clock.now() + timedelta(seconds=15))
    assert channel(service).send(late) == Outcome(Fate.UNSENT, "late")
    assert channel(service).send(parcel(service.browser("a"), key=None)) == Outcome(Fate.FAILED, "no key")
    assert service.received == []


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate of a name with its key, which is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    began = datetime.now(UTC) - dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(began).not_valid_after(began + dt.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    files = folder / f"{name}.pem", folder / f"{name}.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    files[1].write_bytes(key.private_bytes(*form))
    return files


class Host:
    """A server at an address, behind TLS under a name, that counts who asks it for which host."""

    def __init__(self, address: str, port: int, files: tuple[Path, Path]) -> None:
        self.asked: list[str] = []
        self.body = b""
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                host.asked.append(self.headers["Host"])
                self.send_response(201)
                self.end_headers()
                self.wfile.write(host.body)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:
                pass  # whoever does not trust the certificate hangs up

        self.server = Server((address, port), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        """Ends it."""
        self.server.shutdown()
        self.server.server_close()


def at_one_port(files: tuple[Path, Path]) -> tuple[Host, Host]:
    """Two hosts; what is free at the address of one may be taken at the other's."""
    while True:
        outside = Host("127.0.0.2", 0, files)
        try:
            return outside, Host("127.0.0.1", outside.port, files)
        except OSError:
            outside.close()


@pytest.fixture
def two_hosts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Host, Host]]:
    """The service at 127.0.0.2, which counts as of the open internet here, and something of ours at 127.0.0.1."""
    files = certificate(tmp_path, NAME)
    outside, inside = at_one_port(files)
    monkeypatch.setattr(webpush.certifi, "where", lambda: str(files[0]))
    monkeypatch.setattr(hosts, "is_open", lambda address: address == "127.0.0.2")
    monkeypatch.setattr(webpush, "HTTPS", outside.port)
    yield outside, inside
    outside.close()
    inside.close()


def answers_of_dns(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Has each question to the DNS answered otherwise, the last answer from then on; what was asked is listed."""
    asked: list[str] = []

    def resolve(host: str) -> tuple[str, ...]:
        asked.append(host)
        return (answers[min(len(asked), len(answers)) - 1],)

    monkeypatch.setattr(hosts, "resolve", resolve)
    return asked


def test_the_address_that_was_looked_at_is_connected_to(
    two_hosts: tuple[Host, Host], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A DNS that gives a good answer to who looks and another one to who connects gains nothing."""
    outside, inside = two_hosts
    asked = answers_of_dns(monkeypatch, "127.0.0.2", "127.0.0.1")
    sender, browser = WebPush(Door(), SUBJECT, clock.now), Browser(f"https://{NAME}/x")
    for _ in range(3):
        assert sender.send(parcel(browser)) == Outcome(Fate.SENT, "201")
    assert (outside.asked, inside.asked, asked) == ([NAME] * 3, [], [NAME])


def test_what_has_moved_into_our_network_since_is_not_sent_to(
    two_hosts: tuple[Host, Host], monkeypatch: pytest.MonkeyPatch
) -> None:
    outside, inside = two_hosts
    answers_of_dns(monkeypatch, "127.0.0.2", "127.0.0.1")
    door = Door()
    door.addresses(door.target_of(f"https://{NAME}/x"))  # as it subscribed
    sender = WebPush(door, SUBJECT, clock.now)
    assert sender.send(parcel(Browser(f"https://{NAME}/x"))) == Outcome(Fate.FAILED, "refused address")
    assert (outside.asked, inside.asked) == ([], [])


def test_a_certificate_of_another_name_is_not_trusted(
    two_hosts: tuple[Host, Host], monkeypatch: pytest.MonkeyPatch
) -> None:
    outside, _ = two_hosts
    answers_of_dns(monkeypatch, "127.0.0.2")
    sent = WebPush(Door(), SUBJECT, clock.now).send(parcel(Browser("https://web.push.apple.com/x")))
    assert (sent.fate, outside.asked) == (Fate.LATER, [])


def test_an_endless_answer_is_cut_off(two_hosts: tuple[Host, Host], monkeypatch: pytest.MonkeyPatch) -> None:
    outside, _ = two_hosts
    outside.body = b"x" * 10_000_000
    answers_of_dns(monkeypatch, "127.0.0.2")
    sender = WebPush(Door(), SUBJECT, clock.now)
    assert [sender.send(parcel(Browser(f"https://{NAME}/x"))).fate for _ in range(2)] == [Fate.SENT] * 2


def test_a_name_without_an_answer_is_asked_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(_door: Door, _target: Target) -> tuple[str, ...]:
        raise Problem("busy")

    monkeypatch.setattr(Door, "addresses", silent)
    sender = WebPush(Door(), SUBJECT, clock.now)
    assert [sender.send(parcel(Browser(f"https://{NAME}/x"))).answer for _ in range(2)] == ["no address"] * 2
