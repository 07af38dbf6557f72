"""A proxy between browser and server that counts each exchange to the byte and settles what answers are packed with."""

import gzip
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import brotli


@dataclass
class Exchange:
    """A request and its answer: bytes of heads and bodies as they travelled, and both bodies."""

    path: str
    head_up: int
    body_up: int
    head_down: int
    body_down: int
    encoding: str
    content: bytes
    answer: bytes

    @property
    def bodies(self) -> int:
        """Bytes of both bodies."""
        return self.body_up + self.body_down

    @property
    def json(self) -> Any:
        """The answer, unpacked and read."""
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress, "": bytes}[self.encoding]
        return json.loads(unpack(self.answer))

    @property
    def heads(self) -> int:
        """Bytes of both heads."""
        return self.head_up + self.head_down


@dataclass
class Counter:
    """Where browsers connect; `encoding` replaces what they accept; `down` makes it refuse everything."""

    upstream: str
    encoding: str = "gzip"
    is_down: bool = False
    url: str = ""
    exchanges: list[Exchange] = field(default_factory=list)

    def take(self, path: str) -> list[Exchange]:
        """The exchanges with `path` since the last time."""
        found = [one for one in self.exchanges if one.path == path]
        self.exchanges.clear()
        return found


@contextmanager
def counting(upstream: str) -> Iterator[Counter]:
    """A counter in front of `upstream` for the length of the block."""
    counter = Counter(upstream)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(counter))
    server.daemon_threads = True
    counter.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield counter
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(counter: Counter) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with suppress(OSError):
                _pass(self, counter)

        do_POST = do_DELETE = do_GET  # noqa: N815 — the base class asks for these names

        def log_message(self, *_: object) -> None:
            """Keeps the output to the figures."""

    return Handler


def _pass(handler: BaseHTTPRequestHandler, counter: Counter) -> None:
    if counter.is_down:
        handler.close_connection = True
        return
    content = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
    headers = {name: value for name, value in handler.headers.items() if name != "Accept-Encoding"}
    place = urlsplit(counter.upstream)
    link = HTTPConnection(place.netloc, timeout=60)
    link.request(handler.command, handler.path, content, {**headers, "Accept-Encoding": counter.encoding})
    answer = link.getresponse()
    body = answer.read()
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}", *(f"{name}: {value}" for name, value in answer.getheaders())]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    lines_up = str(handler.headers).rstrip().split("\n")
    head_up = len(handler.requestline) + 2 + sum(len(line) + 2 for line in lines_up) + 2
    encoding = answer.getheader("Content-Encoding", "")
    path = re.sub(r"\?.*", "", handler.path)
    counter.exchanges.append(Exchange(path, head_up, len(content), len(head), len(body), encoding, content, body))
    handler.wfile.write(head + body)
    link.close()
