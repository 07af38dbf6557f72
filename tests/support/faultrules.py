"""What the fault proxy may do to a request: lose it, cut its response, answer in the server's place."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True)
class LoseRequest:
    """The request never reaches the server, and the connection is reset."""


@dataclass(frozen=True)
class CutResponse:
    """The request goes through; of its response the client gets this many bytes, then the connection ends."""

    after: int


@dataclass(frozen=True)
class Answer:
    """The server never sees the request; the client gets these bytes, whole, as an HTTP response."""

    raw: bytes


Fault = LoseRequest | CutResponse | Answer


def http_answer(status: int, body: bytes, headers: Mapping[str, str]) -> Answer:
    """An answer with the length of its body, which a keep-alive connection outlives."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return Answer("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)


@dataclass
class _Rule:
    match: bytes
    fault: Fault
    times: int | None


class Rules:
    """Armed faults, in the order in which they were armed; a test's thread arms them, the proxy's takes them."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self._lock = threading.Lock()
        self.fired = 0

    def arm(self, fault: Fault, match: str, times: int | None) -> None:
        """The next `times` requests (None: all) whose first line starts with `match` suffer this fault."""
        with self._lock:
            self._rules.append(_Rule(match.encode(), fault, times))

    def clear(self) -> None:
        """Disarms everything."""
        with self._lock:
            self._rules.clear()

    def take(self, head: bytes) -> Fault | None:
        """The fault for a request that begins with `head`, used up by one."""
        with self._lock:
            for rule in self._rules:
                if head.startswith(rule.match):
                    if rule.times is not None:
                        rule.times -= 1
                        if rule.times == 0:
                            self._rules.remove(rule)
                    self.fired += 1
                    return rule.fault
        return None
