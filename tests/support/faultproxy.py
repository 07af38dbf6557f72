"""A proxy between a client and the server that is slow, breaks, or answers in the server's place when told to.

It understands as much HTTP/1.1 as it takes to tell requests apart, and runs in a thread of its own.
"""

import asyncio
import re
import socket
import struct
import threading
import time
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from tests.support.faultlink import Lane, Link
from tests.support.faultrules import Answer, CutResponse, LoseRequest, Rules, http_answer

CHUNK = 64 * 1024


class FaultProxy:
    """Where clients connect, and the faults that a test can arm. `match` is the start of a request's first line,
    such as "POST /api/v1/sync"; "" is every request."""

    def __init__(self, upstream: str) -> None:
        self._upstream = urlsplit(upstream)
        self._rules = Rules()
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self.up = Link()
        self.down = Link()
        self.is_refusing = False
        self.requests: list[str] = []
        self.port = 0

    @property
    def url(self) -> str:
        """The address that stands for the server's."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def fired(self) -> int:
        """How many requests have met an armed fault."""
        return self._rules.fired

    def lose_request(self, match: str = "", times: int | None = 1) -> None:
        """The request is swallowed and the connection reset: the server never hears of it."""
        self._rules.arm(LoseRequest(), match, times)

    def cut_response(self, match: str = "", *, after: int = 0, times: int | None = 1) -> None:
        """The server does what it was asked, but the connection ends after this many bytes of its response."""
        self._rules.arm(CutResponse(after), match, times)

    def answer(
        self,
        match: str = "",
        *,
        status: int = 200,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        times: int | None = 1,
    ) -> None:
        """Somebody else answers, as a captive portal or a failing gateway does; the server never hears of it."""
        self._rules.arm(http_answer(status, body, headers or {}), match, times)

    def slow(self, *, latency_s: float = 0.0, bytes_per_s: float | None = None) -> None:
        """Each direction takes `latency_s` and carries `bytes_per_s` over all connections together."""
        for link in (self.up, self.down):
            link.latency_s, link.rate = latency_s, bytes_per_s

    def black_hole(self, *, is_on: bool = True) -> None:
        """Connections stay open and nothing comes through, until it is switched off."""
        self.up.is_stuck = self.down.is_stuck = is_on

    def refuse(self, *, is_on: bool = True) -> None:
        """New connections are reset at once and the open ones cut, until it is switched off."""
        self.is_refusing = is_on
        if is_on:
            self.reset_connections()

    def heal(self) -> None:
        """Everything works again from now on."""
        self._rules.clear()
        self.slow()
        self.black_hole(is_on=False)
        self.refuse(is_on=False)

    def reset_connections(self) -> None:
        """Cuts every open connection."""

        async def cut() -> None:
            for writer in tuple(self._open):
                _reset(writer)

        self._call(cut())

    def reset_counts(self) -> None:
        """Starts the counts of bytes and requests anew."""
        self.up.count = self.down.count = 0
        self.requests.clear()

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self, ready: threading.Event) -> None:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=CHUNK)
        self.port = server.sockets[0].getsockname()[1]
        self._stopping = asyncio.Event()
        ready.set()
        await self._stopping.wait()
        server.close()
        for writer in tuple(self._open):
            _reset(writer)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        self._open.add(writer)
        try:
            if not self.is_refusing:
                await self._connect(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass  # either side went away, which is this proxy's daily bread
        finally:
            _reset(writer)
            self._open.discard(writer)
            self._tasks.discard(task)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert self._upstream.hostname
        remote = await asyncio.open_connection(self._upstream.hostname, self._upstream.port, limit=CHUNK)
        try:
            # A connection that goes through a slow link begins with the handshake's round trip.
            opened_at = time.monotonic() + self.up.latency_s + self.down.latency_s
            there, back = Lane(self.up, remote[1], opened_at), Lane(self.down, writer, opened_at)
            await _Connection(self._rules, self.requests, there, back).run(reader, remote[0])
            with suppress(OSError):
                writer.close()
                await writer.wait_closed()
        finally:
            remote[1].close()


class _Connection:
    """One client's connection: requests are read whole enough to be told apart, responses pass as bytes."""

    def __init__(self, rules: Rules, log: list[str], there: Lane, back: Lane) -> None:
        self._rules = rules
        self._log = log
        self._there = there
        self._back = back
        self._left: int | None = None  # bytes of the response that still pass, when it is to be cut
        self._is_whole = True

    async def run(self, client: asyncio.StreamReader, server: asyncio.StreamReader) -> None:
        """Runs until either side ends; raises ConnectionResetError when a fault ended it."""
        lanes = [asyncio.ensure_future(self._there.run()), asyncio.ensure_future(self._back.run())]
        requests = asyncio.ensure_future(self._pass_requests(client))
        responses = asyncio.ensure_future(self._pass_responses(server))
        try:
            done, _ = await asyncio.wait((requests, responses, *lanes), return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            if responses in done:
                await self._back.finish()
                await lanes[1]
        finally:
            for task in (requests, responses, *lanes):
                task.cancel()
            await asyncio.gather(requests, responses, *lanes, return_exceptions=True)

    async def _pass_requests(self, client: asyncio.StreamReader) -> None:
        while True:
            head = await client.readuntil(b"\r\n\r\n")
            self._log.append(head.split(b" HTTP/", 1)[0].decode("latin-1"))
            fault = self._rules.take(head)
            if isinstance(fault, CutResponse):
                self._left = fault.after
            goes_through = not isinstance(fault, LoseRequest | Answer)
            await self._pass_request(head, client, goes_through=goes_through)
            if isinstance(fault, LoseRequest):
                raise ConnectionResetError
            if isinstance(fault, Answer):
                await self._back.put(fault.raw)

    async def _pass_request(self, head: bytes, client: asyncio.StreamReader, *, goes_through: bool) -> None:
        """Reads one request to its end, and sends it on unless somebody else answers it."""
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        left = int(length[1]) if length else 0
        data = head
        while True:
            if goes_through:
                await self._there.put(data)
            if not left:
                return
            data = await client.read(min(left, CHUNK))
            if not data:
                raise ConnectionResetError
            left -= len(data)

    async def _pass_responses(self, server: asyncio.StreamReader) -> None:
        while data := await server.read(CHUNK):
            if self._left is None:
                await self._back.put(data)
                continue
            passing, self._left = data[: self._left], max(0, self._left - len(data))
            if passing:
                await self._back.put(passing)
            if self._left == 0:
                if passing:
                    return
                raise ConnectionResetError


def _reset(writer: asyncio.StreamWriter) -> None:
    """Ends a connection with RST, as a radio that went away looks to whoever tries again."""
    sock: socket.socket | None = writer.get_extra_info("socket")
    if sock and sock.fileno() >= 0:
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@contextmanager
def fault_proxy(upstream: str) -> Iterator[FaultProxy]:
    """A proxy in front of `upstream` ("http://127.0.0.1:8000") for the length of the block."""
    proxy = FaultProxy(upstream)
    ready = threading.Event()

    def run() -> None:
        asyncio.set_event_loop(proxy._loop)
        proxy._loop.run_until_complete(proxy._listen(ready))
        proxy._loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield proxy
    finally:
        proxy._loop.call_soon_threadsafe(proxy._stopping.set)
        thread.join(10)
