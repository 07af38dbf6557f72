"""Answers that are read against the clock: the timeout of a socket begins anew with each octet that comes."""

import io
import socket
from http.client import HTTPResponse
from time import monotonic
from typing import Any, cast

from urllib3.connection import HTTPConnection, HTTPSConnection


class _Timed(io.RawIOBase):
    """What a socket brings until a moment; TimeoutError from then on."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock
        self._until = monotonic() + (sock.gettimeout() or 0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        return cast("int | None", self._raw.readinto(buffer))

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _Answer(HTTPResponse):
    """All of it has the time that the socket's timeout gives at its beginning."""

    def __init__(self, sock: socket.socket, *args: Any, **more: Any) -> None:
        super().__init__(sock, *args, **more)
        self.fp = io.BufferedReader(_Timed(self.fp.detach(), sock))


class TimedConnection(HTTPConnection):
    """A connection whose answers must be there in time."""

    response_class = _Answer


class TimedSecureConnection(HTTPSConnection):
    """The same behind TLS."""

    response_class = _Answer
