"""Each fault of the proxy does to a connection what it says."""

import time
from collections.abc import Iterator

import pytest
import requests

from tests.support.faultproxy import FaultProxy, fault_proxy
from tests.support.pages import Site, serve

BODY = b"x" * 50_000


@pytest.fixture
def site() -> Iterator[Site]:
    with serve({"/": ("text/plain", BODY), "/sync": ("application/json", b"{}")}) as running:
        yield running


@pytest.fixture
def proxy(site: Site) -> Iterator[FaultProxy]:
    with fault_proxy(site.url) as running:
        yield running


@pytest.fixture
def client() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def seen(site: Site) -> list[tuple[str, bytes]]:
    return [(path, body) for _, path, body in site.requests]


def test_whole_when_healthy(proxy: FaultProxy, site: Site, client: requests.Session) -> None:
    assert client.get(proxy.url).content == BODY
    assert client.post(f"{proxy.url}/sync", data=b"y" * 200_000).json() == {}
    assert seen(site) == [("/", b""), ("/sync", b"y" * 200_000)]
    assert proxy.requests == ["GET /", "POST /sync"]
    assert proxy.down.count > len(BODY)
    assert proxy.up.count > 200_000


def test_lost_request_never_arrives(proxy: FaultProxy, site: Site, client: requests.Session) -> None:
    proxy.lose_request("POST /sync")
    assert client.get(proxy.url).content == BODY
    with pytest.raises(requests.ConnectionError):
        client.post(f"{proxy.url}/sync", data=b"1")
    assert client.post(f"{proxy.url}/sync", data=b"2").ok
    assert seen(site) == [("/", b""), ("/sync", b"2")]
    assert proxy.fired == 1


def test_cut_before_the_first_byte_while_the_request_went_through(
    proxy: FaultProxy, site: Site, client: requests.Session
) -> None:
    proxy.cut_response("POST /sync")
    assert client.get(proxy.url).content == BODY
    with pytest.raises(requests.ConnectionError):
        client.post(f"{proxy.url}/sync", data=b"1")
    assert client.post(f"{proxy.url}/sync", data=b"1").ok
    assert seen(site) == [("/", b""), ("/sync", b"1"), ("/sync", b"1")]


def test_cut_after_some_bytes(proxy: FaultProxy, client: requests.Session) -> None:
    proxy.cut_response(after=1_000)
    with pytest.raises(requests.RequestException):
        _ = client.get(proxy.url).content
    assert proxy.down.count == 1_000
    assert client.get(proxy.url).content == BODY


def test_answer_in_the_servers_place(proxy: FaultProxy, site: Site, client: requests.Session) -> None:
    proxy.answer("POST /sync", status=503, body=b"busy", headers={"Retry-After": "7"}, times=2)
    for _ in range(2):
        reply = client.post(f"{proxy.url}/sync", data=b"1")
        assert (reply.status_code, reply.content, reply.headers["Retry-After"]) == (503, b"busy", "7")
    assert client.post(f"{proxy.url}/sync", data=b"2").ok
    assert seen(site) == [("/sync", b"2")]


def test_latency_and_rate(proxy: FaultProxy, client: requests.Session) -> None:
    client.get(proxy.url)
    proxy.slow(latency_s=0.1, bytes_per_s=100_000)
    began = time.monotonic()
    assert client.get(proxy.url).content == BODY
    assert 0.65 <= time.monotonic() - began < 3


def test_black_hole_holds_and_lets_go(proxy: FaultProxy, client: requests.Session) -> None:
    proxy.black_hole()
    with pytest.raises(requests.Timeout):
        client.get(proxy.url, timeout=0.5)
    proxy.heal()
    assert client.get(proxy.url, timeout=5).content == BODY


def test_refused_connections_and_a_dead_server(site: Site, proxy: FaultProxy, client: requests.Session) -> None:
    assert client.get(proxy.url).ok
    proxy.refuse()
    with pytest.raises(requests.ConnectionError):
        client.get(proxy.url)
    proxy.heal()
    assert client.get(proxy.url).ok
    with fault_proxy("http://127.0.0.1:9") as dead, pytest.raises(requests.ConnectionError):
        client.get(dead.url)
