"""Where pushes may go, and how somebody who names another address fares."""

import socket
from collections.abc import Callable
from typing import Any

import pytest

from cdtteam.core.problems import Problem
from cdtteam.push import hosts
from cdtteam.push.hosts import Door, Target, door_of, is_open

GOOD = {
    "https://fcm.googleapis.com/fcm/send/abc:APA91b": ("fcm.googleapis.com", "/fcm/send/abc:APA91b"),
    "https://fcm.googleapis.com:443/wp/x?y=z": ("fcm.googleapis.com", "/wp/x?y=z"),
    "https://updates.push.services.mozilla.com/wpush/v2/gAA": ("updates.push.services.mozilla.com", "/wpush/v2/gAA"),
    "https://wns2-sg2p.notify.windows.com/w/?token=BQY%3d": ("wns2-sg2p.notify.windows.com", "/w/?token=BQY%3d"),
    "https://web.push.apple.com/QGuQ": ("web.push.apple.com", "/QGuQ"),
    "https://FCM.googleapis.com/x": ("fcm.googleapis.com", "/x"),
}
BAD = (
    "", "x", "//fcm.googleapis.com/x", "http://fcm.googleapis.com/x", "ftp://fcm.googleapis.com/x", "file:///etc/passwd",
    "https://127.0.0.1/x", "https://[::1]/x", "https://localhost/x", "https://169.254.169.254/latest/meta-data/",
    "https://2130706433/x", "https://0x7f.1/x", "https://fcm.googleapis.com.evil.example/x", "https://evilfcm.googleapis.com/x",
    "https://evil.example/fcm.googleapis.com", "https://notify.windows.com/x", "https://evil-notify.windows.com/x",
    "https://fcm.googleapis.com@evil.example/x", "https://u:p@fcm.googleapis.com/x", "https://@fcm.googleapis.com/x",
    "https://fcm.googleapis.com:8443/x", "https://fcm.googleapis.com:80/x", "https://fcm.googleapis.com:0443/x",
    "https://fcm.googleapis.com:/x", "https://fcm.googleapis.com./x", "https://fcm.googleapis.com\\@evil.example/x",
    "https://fcm.googleapis.com/x#y", "https://fcm.googleapis.com/x y", "https://fcm.googleapis.com\t/x",
    "https://fcm.googleapis.com/x\r\nX-Evil: 1", "https://fcm。googleapis。com/x", "https://ﬁcm.googleapis.com/x",
    "https://fcm.googleapis.com%2eevil.example/x", "https://fcm.googleapis.com/" + "x" * 2048,
)  # fmt: skip
SHUT = (
    "127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "::", "::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "ff02::1", "2001:db8::1",
    "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "fec0::1", "localhost", "",
)  # fmt: skip


@pytest.mark.parametrize(("endpoint", "expected"), GOOD.items())
def test_addresses_of_push_services_are_taken(endpoint: str, expected: tuple[str, str]) -> None:
    assert Door().target_of(endpoint) == Target("https", *expected)


@pytest.mark.parametrize("endpoint", BAD)
def test_others_are_not(endpoint: str) -> None:
    with pytest.raises(Problem) as refused:
        Door().target_of(endpoint)
    assert (refused.value.code, refused.value.field) == ("invalid_field", "endpoint")


@pytest.mark.parametrize("address", SHUT)
def test_addresses_that_are_not_of_the_open_internet(address: str) -> None:
    assert not is_open(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "142.250.199.74", "2404:6800:4005:80a::200a", "64:ff9b::808:808"])
def test_addresses_of_the_open_internet(address: str) -> None:
    assert is_open(address)


def test_an_operator_lists_more_hosts_and_no_addresses() -> None:
    door = door_of("push.tinh.example.vn, *.push.example.org")
    assert door.target_of("https://push.tinh.example.vn/x").host == "push.tinh.example.vn"
    assert door.target_of("https://a.push.example.org/x").host == "a.push.example.org"
    with pytest.raises(Problem):
        door.target_of("https://push.example.org/x")
    for wrong in ("*", "*.*", "10.0.0.1", "https://push.example.org", "push", "a_b.example"):
        with pytest.raises(ValueError, match="CDT_PUSH_HOSTS"):
            door_of(wrong)


def test_endpoints_of_tests_are_on_this_machine() -> None:
    assert door_of("", "http://127.0.0.1:9").target_of("http://127.0.0.1:9/x").path == "/x"
    for wrong in ("http://192.168.1.1:9", "http://8.8.8.8:9"):
        with pytest.raises(ValueError, match="on this machine"):
            door_of("", wrong)


@pytest.fixture
def dns(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says what a name leads to."""

    def answer(*addresses: str) -> None:
        def look_up(_host: str, port: int, **_: Any) -> list[Any]:
            if not addresses:
                raise socket.gaierror("no such name")
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

        monkeypatch.setattr(hosts.socket, "getaddrinfo", look_up)

    return answer


def test_a_name_that_leads_into_our_network_is_refused(dns: Callable[..., None]) -> None:
    target = Door().target_of("https://fcm.googleapis.com/x")
    dns("8.8.8.8", "8.8.4.4", "8.8.8.8")
    assert Door().addresses(target) == ("8.8.8.8", "8.8.4.4")
    for answers in (("127.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("169.254.169.254",), ("::ffff:127.0.0.1",)):
        dns(*answers)
        with pytest.raises(Problem) as refused:
            Door().addresses(target)
        assert refused.value.code == "invalid_field"
    dns()
    with pytest.raises(Problem) as silent:
        Door().addresses(target)
    assert silent.value.code == "busy"
