"""A small server of fixed answers, with which the tests' own tools are tried."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """Where it answers, and the requests that reached it: method, path and body."""

    port: int
    requests: list[tuple[str, str, bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serve(pages: Mapping[str, tuple[str, bytes]], headers: Mapping[str, str] | None = None) -> Iterator[Site]:
    """Serves `pages` (path → content type and body) with keep-alive and further `headers`."""
    known = {"/favicon.ico": ("image/x-icon", b""), **pages}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            site.requests.append((self.command, self.path, self.rfile.read(length)))
            status, (kind, body) = (200, known[self.path]) if self.path in known else (404, ("text/plain", b""))
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 — the base class asks for this name

        def log_message(self, *_: object) -> None:
            """Keeps the tests' output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
