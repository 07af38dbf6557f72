"""F22 on the wire: an answer that came in half is told by its length; the same request brings it again, whole."""

import gzip
import json

from tests.support.faultproxy import fault_proxy
from tests.support.wire import phone_at, threaded_server, try_post
from tests.support.world import World


def test_the_length_is_told_and_the_resend_is_whole(world: World) -> None:
    with threaded_server(world.app) as url, fault_proxy(url) as proxy:
        phone = phone_at(proxy.url, world, "an")
        whole = phone.post()
        assert int(whole.headers["Content-Length"]) == len(whole.body)
        for after in (len(whole.body) // 2, len(whole.body)):
            proxy.cut_response("POST /api/v1/sync", after=after)
            assert try_post(phone) is None
        assert phone.post().json["changes"] == whole.json["changes"]


def test_compressed_both_ways(world: World) -> None:
    phone = world.phone("an")
    visit = phone.visit(world.villages["a"], note="Đã hướng dẫn cài VNeID")
    body = gzip.compress(json.dumps(phone.envelope(visit)).encode())
    headers = {"Content-Encoding": "gzip", "Accept-Encoding": "gzip", "Content-Type": "application/json"}
    answer = phone.client.post("/api/v1/sync", data=body, headers=headers)
    assert answer.headers["Content-Encoding"] == "gzip"
    said = json.loads(gzip.decompress(answer.data))
    assert said["results"][0]["status"] == "applied"
    cut = phone.client.post("/api/v1/sync", data=body[:-20], headers=headers)
    assert (cut.status_code, cut.json["code"]) == (400, "malformed")
    no_gzip = phone.client.post("/api/v1/sync", data=b"{}", headers=headers)
    assert (no_gzip.status_code, no_gzip.json["code"]) == (400, "malformed")


def test_who_refuses_compression_reads_plain_text(world: World) -> None:
    phone = world.phone("an")
    for accepts in ("gzip;q=0", "gzip; q=0.0, *", "identity", "br"):
        answer = phone.client.post("/api/v1/sync", json=phone.envelope(), headers={"Accept-Encoding": accepts})
        assert "Content-Encoding" not in answer.headers, accepts
        assert json.loads(answer.data)["results"] == []
        assert "Accept-Encoding" in answer.headers["Vary"]
