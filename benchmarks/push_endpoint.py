"""A push service to be measured against, in a process of its own: `python -m benchmarks.push_endpoint FOLDER`.

It reads whole requests and answers by path, as little as it can: /gone… 410, /broken… 500, /hung… never, others 201. It
writes its port into FOLDER/port, and into FOLDER/count, when it is asked for /count, how often each path was posted to.
"""

import asyncio
import json
import sys
from collections import Counter
from pathlib import Path

ANSWERS = {b"/gone": b"410 Gone", b"/broke": b"500 Internal Server Error"}
_SAID = b"HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n"


class Endpoint(asyncio.Protocol):
    """One connection."""

    def __init__(self, times: Counter[str], folder: Path) -> None:
        self._times, self._folder, self._heard = times, folder, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there."""
        assert isinstance(transport, asyncio.Transport)
        self._out = transport

    def data_received(self, data: bytes) -> None:
        """Takes requests out of what has been heard so far."""
        self._heard += data
        while (end := self._heard.find(b"\r\n\r\n")) >= 0:
            head = self._heard[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self._heard) < end + 4 + length:
                return
            self._heard = self._heard[end + 4 + length :]
            self._answer(head.split(b" ", 2)[1])

    def _answer(self, path: bytes) -> None:
        if path == b"/count":
            (self._folder / "count").write_text(json.dumps(self._times))
        else:
            self._times[path.decode()] += 1
        if not path.startswith(b"/hung"):
            self._out.write(_SAID % ANSWERS.get(path.rstrip(b"0123456789")[:6], b"201 Created"))


async def main(folder: Path) -> None:
    """Serves until it is ended."""
    times: Counter[str] = Counter()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Endpoint(times, folder), "127.0.0.1", 0, backlog=512)
    (folder / "port.new").write_text(str(server.sockets[0].getsockname()[1]))
    (folder / "port.new").rename(folder / "port")
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
