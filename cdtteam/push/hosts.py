"""Where pushes may go: to the push services that browsers use, at addresses of the open internet, and nowhere else.

A browser names the address to which the server is to post, so it is trusted with nothing: https on port 443 of a listed
host, no user, no number in place of a name. The name is resolved when somebody subscribes and again before sending;
what is connected to is the very address that was looked at, so that a second answer of the DNS changes nothing.
"""

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import current_app

from cdtteam.core.problems import Problem

# Chrome, Edge on Android and most others; Firefox; Edge on Windows; Safari.
SERVICES = (
    "fcm.googleapis.com",
    "*.push.services.mozilla.com",
    "*.notify.windows.com",
    "web.push.apple.com",
    "*.push.apple.com",
)
LONGEST = 2048  # characters of an address
HTTPS = 443
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_PRINTED = re.compile(r"[!-\[\]-~]+")  # ASCII without blanks and backslashes, which readers take for different things
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last four octets are an address of version 4


class Target(NamedTuple):
    """A push service and what to ask it for: `host` names the service, with its port where that is the tests'."""

    scheme: str
    host: str
    path: str

    @property
    def origin(self) -> str:
        """Whom a signature is meant for (RFC 6454)."""
        return f"{self.scheme}://{self.host}"


@dataclass(frozen=True, slots=True)
class Door:
    """The hosts that may be sent to; `tests` are whole origins on this machine, which nothing but a test sets."""

    hosts: tuple[str, ...] = SERVICES
    tests: tuple[str, ...] = ()

    def target_of(self, endpoint: str) -> Target:
        """The service behind an endpoint; Problem `invalid_field` (endpoint) where pushes may not go."""
        try:
            return self._read(endpoint)
        except ValueError as error:
            raise Problem("invalid_field", field="endpoint") from error

    def addresses(self, target: Target) -> tuple[str, ...]:
        """Where a target's name leads now, looked at one by one.

        Problem `invalid_field` (endpoint) when one of them is not of the open internet, `busy` when there is no answer.
        """
        if target.origin in self.tests:
            return (str(urlsplit(target.origin).hostname),)
        try:
            found = resolve(target.host)
        except OSError as error:
            raise Problem("busy", retry_after=60, detail=f"{target.host} cannot be resolved") from error
        if not found or not all(map(is_open, found)):
            raise Problem("invalid_field", field="endpoint", detail=f"{target.host} does not lead to the open internet")
        return found

    def _read(self, endpoint: str) -> Target:
        if len(endpoint) > LONGEST or not _PRINTED.fullmatch(endpoint):
            raise ValueError("no address")
        parts = urlsplit(endpoint)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if f"{parts.scheme}://{parts.netloc}" in self.tests:
            return Target(parts.scheme, parts.netloc, path)
        host = parts.netloc.lower().removesuffix(f":{HTTPS}")
        if parts.scheme != "https" or not _NAME.fullmatch(host) or not self._lists(host) or parts.fragment:
            raise ValueError("not the address of a push service")
        return Target("https", host, path)

    def _lists(self, host: str) -> bool:
        return any(host.endswith(entry[1:]) if entry.startswith("*.") else host == entry for entry in self.hosts)


def door_of(added: str, tests: str = "") -> Door:
    """The door with an operator's further hosts: names or `*.name`, parted by blanks or commas; else ValueError."""
    more = tuple(entry.lower() for entry in re.split(r"[\s,]+", added) if entry)
    for entry in more:
        if not _NAME.fullmatch(entry.removeprefix("*.")):
            raise ValueError(f"CDT_PUSH_HOSTS: “{entry}” is no name of a host")
    return Door(SERVICES + more, _loopback_only(tests.split()))


def configured_door() -> Door:
    """The door of the application at hand."""
    return door_of(current_app.config["CDT_PUSH_HOSTS"], current_app.config["CDT_PUSH_TEST_ENDPOINT"])


def resolve(host: str) -> tuple[str, ...]:
    """All addresses of a name; OSError when there is no answer."""
    found = socket.getaddrinfo(host, HTTPS, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_open(address: str) -> bool:
    """Whether an address is one of the open internet, whatever it is wrapped in."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = _wrapped(found)
        if inner is not None:
            return is_open(str(inner))
        if found.is_site_local:  # RFC 3879: out of use, and still somebody's own
            return False
    return found.is_global and not (found.is_private or found.is_multicast or found.is_reserved)


def _wrapped(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The address of version 4 that one of version 6 leads to, if it does."""
    if address in _NAT64:
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _loopback_only(origins: Sequence[str]) -> tuple[str, ...]:
    for origin in origins:
        if not ipaddress.ip_address(urlsplit(origin).hostname or "").is_loopback:
            raise ValueError("an endpoint of the tests is on this machine")
    return tuple(origins)
