"""GET /metrics: what an operator's Prometheus is told, and who is told nothing."""

import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from cdtteam.core import clock
from cdtteam.web.metrics import SHARED
from tests.support.demo_db import ServerFactory
from tests.support.world import World
from tests.sync.test_sealed import relay, sealing

pytestmark = pytest.mark.own_app
Labels = dict[str, str]


def told(text: str, name: str, **labels: str) -> float:
    """The sum of the samples of a name that have these labels."""
    samples = [one for family in text_string_to_metric_families(text) for one in family.samples if one.name == name]
    return sum(one.value for one in samples if labels.items() <= one.labels.items())


def scrape(world: World, **request: Any) -> str:
    answer = world.app.test_client().get("/metrics", **request)
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    return str(answer.get_data(as_text=True))


def test_requests_by_route_and_status(world_on_sqlite: World) -> None:
    before, who = scrape(world_on_sqlite), world_on_sqlite.client("tinh")
    for path in ("/desk/area/52", "/desk/area/21601", "/desk/area/99999", "/nowhere/an?tinh", "/%F0%9F%90%83"):
        who.get(path)
    who.post("/desk/sign-out", headers={"Sec-Fetch-Site": "cross-site"})
    text = scrape(world_on_sqlite)
    area = {"method": "GET", "route": "/desk/area/<code>"}
    assert told(before, "cdt_request_seconds_count", **area) == 0
    assert told(text, "cdt_request_seconds_count", **area, status="200") == 2
    assert told(text, "cdt_request_seconds_count", **area, status="404") == 1
    assert told(text, "cdt_request_seconds_count", route="", status="404") == 2
    assert told(text, "cdt_request_seconds_count", route="/desk/sign-out", status="403") == 1
    assert 0 < told(text, "cdt_request_seconds_sum", **area) < 60


def test_results_of_syncs_and_what_waits(world: World) -> None:
    phone, village = world.phone("an"), world.villages["a"]
    visit = phone.visit(village)
    phone.send(visit, phone.visit(village, services=[{"code": "x", "people": 1, "outcome": "done"}]))
    phone.send(visit, phone.visit(world.villages["b"]))
    text = scrape(world)
    assert told(text, "cdt_sync_results_total", status="applied", code="") == 1
    assert told(text, "cdt_sync_results_total", status="duplicate") == 1
    assert told(text, "cdt_sync_results_total", status="refused", code="unknown_service") == 1
    assert told(text, "cdt_sync_results_total", status="refused", code="out_of_scope") == 1
    assert told(text, "cdt_sync_mutations_count") == 2
    assert told(text, "cdt_sync_mutations_sum") == 4
    assert told(text, "cdt_quarantine_unsettled") == 2
    assert told(text, "cdt_stale_days") == 1
    assert told(text, "cdt_devices_seen") == 1
    world.client("tinh").get(f"/api/v1/participation?period={clock.civil_date(clock.now())}")
    assert told(scrape(world), "cdt_stale_days") == 0


def test_sealed_entries_count_as_results_too(world: World) -> None:
    phone, device = sealing(world)
    visit = device.seal(phone.visit(world.villages["a"]))
    relay(world.phone("chi"), device.id, visit, device.seal(phone.visit(world.villages["c"])), "nonsense")
    text = scrape(world)
    assert told(text, "cdt_sync_results_total", status="applied") == 1
    assert told(text, "cdt_sync_results_total", status="refused", code="out_of_scope") == 1
    assert told(text, "cdt_sync_results_total", status="refused", code="unreadable_seal") == 1
    assert told(text, "cdt_sync_mutations_sum") == 3


def test_a_device_of_yesterday_is_seen_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.phone("an").send()
    world.phone("chi").send()
    later = clock.now()
    for hours, devices in ((23, 2), (25, 0)):
        monkeypatch.setattr(clock, "now", lambda hours=hours: later + timedelta(hours=hours))
        assert told(scrape(world), "cdt_devices_seen") == devices


def test_labels_name_nobody(world_on_sqlite: World) -> None:
    phone = world_on_sqlite.phone("an")
    sent = phone.household(world_on_sqlite.villages["a"], "Nguyễn Thị Ẩn")
    phone.send(sent, {"id": "Nguyễn Thị Ẩn", "type": "Ẩn"})
    world_on_sqlite.client("tinh").get("/desk/area/va?period=2026-11&from=Ẩn")
    text = scrape(world_on_sqlite)
    for name in ("Ẩn", "tinh", "va?", sent["id"], str(phone.member_id), str(phone.device_id)):
        assert name not in text, name


def test_without_a_token_only_this_machine_is_told(world_on_sqlite: World) -> None:
    client = world_on_sqlite.app.test_client()

    def status(address: str, **headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return int(client.get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=named).status_code)

    assert [status(address) for address in ("127.0.0.1", "::1")] == [200, 200]
    assert [status(address) for address in ("192.0.2.7", "10.0.0.1", "", "unix:")] == [403] * 4
    assert status("127.0.0.1", X_Forwarded_For="192.0.2.7") == 403
    assert status("127.0.0.1", Forwarded="for=192.0.2.7") == 403


def test_with_a_token_whoever_knows_it_is_told(world_on_sqlite: World) -> None:
    world_on_sqlite.app.config["CDT_METRICS_TOKEN"] = "do-luong"
    client = world_on_sqlite.app.test_client()
    far = {"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": "198.51.100.1"}
    for address in (far, {"REMOTE_ADDR": "127.0.0.1"}):
        for given, status in (("", 403), ("Bearer x", 403), ("Bearer ", 403), ("Bearer do-luong", 200)):
            environ = {**address, "HTTP_AUTHORIZATION": given}
            assert client.get("/metrics", environ_base=environ).status_code == status, given


def test_counts_stand_while_the_database_is_away(world_on_sqlite: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world_on_sqlite.app.test_client().get("/healthz")

    def away(*_: Any) -> int:
        raise OperationalError("SELECT 1", {}, OSError())

    monkeypatch.setitem(world_on_sqlite.app.extensions["cdt_gauges"], "cdt_stale_days", ("", away))
    text = scrape(world_on_sqlite)
    assert told(text, "cdt_request_seconds_count", route="/healthz") == 1
    assert "cdt_devices_seen" not in text


def test_workers_count_together(
    small_demo_sqlite_url: str, server_of: ServerFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "metrics"
    shared.mkdir()
    monkeypatch.setenv(SHARED, str(shared))
    server = server_of(small_demo_sqlite_url, workers=2)

    def get(path: str) -> str:
        with urllib.request.urlopen(f"{server.url}{path}", timeout=20) as answer:
            return str(answer.read().decode())

    before = told(get("/metrics"), "cdt_request_seconds_count", route="/healthz")
    for _ in range(40):
        get("/healthz")
    assert {told(get("/metrics"), "cdt_request_seconds_count", route="/healthz") for _ in range(8)} == {before + 40}
