"""A phone syncs through nginx, as deploy/nginx.conf sets it up, with the server as deploy/cdtteam.env tells it."""

import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cdtteam.core import clock
from cdtteam.core.ids import new_id
from tests.support import availability
from tests.support.backups import leave, url_of
from tests.support.demo_db import RunningServer, await_answer
from tests.support.ports import free_port
from tests.support.schema import ROOT
from tests.support.world import PASSWORD, Phone, World

DEPLOY = ROOT / "deploy"
MAIN = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 128; }}
http {{
    access_log off;
    {temporary}
    include {folder}/site.conf;
}}
"""
FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass
class Site:
    """Where nginx answers, with what certificate, and the server behind it."""

    port: int
    plain_port: int
    certificate: Path
    server: RunningServer

    @property
    def url(self) -> str:
        """The address for browsers."""
        return f"https://127.0.0.1:{self.port}"

    def session(self) -> requests.Session:
        """A client that trusts the certificate."""
        made = requests.Session()
        made.trust_env = False  # an environment with certificates of its own would be asked instead
        made.verify = str(self.certificate)
        return made


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]), clock.now()
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(hours=1))
    builder = builder.not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(
        x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    encoding = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    private.write_bytes(key.private_bytes(*encoding))
    return certificate, private


def told(port: int, instance: Path, url: str) -> dict[str, str]:
    """The environment of deploy/cdtteam.env, with the places of this test."""
    lines = (DEPLOY / "cdtteam.env").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert given["CDT_DEMO"] == "off"
    return given | {"PORT": str(port), "CDT_INSTANCE": str(instance), "CDT_DATABASE_URL": url}


@pytest.fixture
def site(world_on_sqlite: World, tmp_path: Path) -> Iterator[Site]:
    """nginx before the server, both on loopback."""
    if shutil.which("nginx") is None:
        availability.give_up("The sync through nginx", "nginx is not installed")
    leave(world_on_sqlite)
    behind, port, plain_port = free_port(), free_port(), free_port()
    certificate, key = make_certificate(tmp_path)
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    text = re.sub(r".*listen \[::\].*\n", "", text)  # a machine for tests may have no IPv6
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{plain_port};"), ("listen 443 ", f"listen 127.0.0.1:{port} "),
        ("/etc/letsencrypt/live/to.example.vn/fullchain.pem", str(certificate)),
        ("/etc/letsencrypt/live/to.example.vn/privkey.pem", str(key)), ("127.0.0.1:8000", f"127.0.0.1:{behind}"),
        ("rate=10r/s", "rate=1r/s"),  # a loaded machine asks slowly
    ):  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "site.conf").write_text(text, encoding="utf-8")
    temporary = " ".join(f"{name}_temp_path {tmp_path}/{name};" for name in FOLDERS)
    (tmp_path / "nginx.conf").write_text(MAIN.format(folder=tmp_path, temporary=temporary), encoding="utf-8")
    with (tmp_path / "server.log").open("wb") as log:
        environment = {"PATH": "/usr/bin:/bin", **told(behind, tmp_path / "instance", url_of(world_on_sqlite))}
        command = [sys.executable, "-m", "cdtteam.serve"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
    server = RunningServer(f"http://127.0.0.1:{behind}", process)
    try:
        await_answer(server)
        proxy = subprocess.Popen(["nginx", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")])
        try:
            await_port(port, proxy, tmp_path / "error.log")
            yield Site(port, plain_port, certificate, server)
        finally:
            proxy.terminate()
            proxy.wait(10)
    finally:
        server.stop()


def await_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Waits until nginx listens."""
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nginx did not start: {log.read_text() if log.exists() else ''}")


def test_a_phone_through_nginx(site: Site, world_on_sqlite: World) -> None:
    with site.session() as http:
        body = {"sign_in": "an", "password": PASSWORD, "device_id": str(new_id())}
        answer = http.post(f"{site.url}/api/v1/session", json=body)
        assert answer.status_code == 200
        assert "Secure" in answer.headers["Set-Cookie"]
        phone = Phone(http, world_on_sqlite.members["an"])  # type: ignore[arg-type]  # makes its mutations
        visits = [phone.visit(world_on_sqlite.villages["a"]) for _ in range(20)]
        answer = http.post(f"{site.url}/api/v1/sync", json=phone.envelope(*visits))
        assert {result["status"] for result in answer.json()["results"]} == {"applied"}
        assert answer.headers["Cdt-Protocol"] == "1"
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert "default-src 'self'" in http.get(f"{site.url}/").headers["Content-Security-Policy"]
        too_much = http.post(f"{site.url}/api/v1/sync", data=b" " * 1_200_000)
        assert too_much.status_code == 413
        assert too_much.headers["Cdt-Protocol"] == "1", "the app refuses it, in words for the phone"
        assert http.get(f"{site.url}/metrics").status_code == 404
        assert http.get(f"{site.server.url}/metrics").status_code == 200
        plain = http.get(f"http://127.0.0.1:{site.plain_port}/desk/", allow_redirects=False)
        assert plain.status_code == 301
        assert plain.headers["Location"].startswith("https://")


def test_browsers_speak_http_2(site: Site) -> None:
    context = ssl.create_default_context(cafile=str(site.certificate))
    context.set_alpn_protocols(["h2", "http/1.1"])
    link = socket.create_connection(("127.0.0.1", site.port))
    with context.wrap_socket(link, server_hostname="127.0.0.1") as wrapped:
        assert wrapped.selected_alpn_protocol() == "h2"


def test_strangers_have_their_limits(site: Site) -> None:
    """Sign-in tries and public pages are counted by the address that nginx saw, whatever a client says of itself."""
    with site.session() as http:
        statuses = set()
        for number in range(12):
            body = {"sign_in": "an", "password": "không phải"}
            forged = {"X-Forwarded-For": f"203.0.113.{number}"}
            statuses.add(http.post(f"{site.url}/api/v1/session", json=body, headers=forged).status_code)
        assert statuses == {401, 429}
        assert {http.get(f"{site.url}/to/va").status_code for _ in range(80)} == {200, 429}
