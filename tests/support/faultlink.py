"""One direction of a slow link, shared by all its connections as a phone's radio is."""

import asyncio
import time
from dataclasses import dataclass

SLICE_S = 0.02
LARGEST_SLICE = 16 * 1024


@dataclass
class Link:
    """Delay and speed of one direction. A test may change them at any time."""

    latency_s: float = 0.0
    rate: float | None = None
    is_stuck: bool = False
    count: int = 0
    _free_at: float = 0.0

    async def carry(self, data: bytes, writer: asyncio.StreamWriter, sent_at: float) -> None:
        """Writes `data` as late and as slowly as the link is."""
        await _until(sent_at + self.latency_s)
        rest = memoryview(data)
        while rest:
            while self.is_stuck:  # noqa: ASYNC110 — it is switched by another thread, which an asyncio.Event forbids
                await asyncio.sleep(SLICE_S)
            size = len(rest) if self.rate is None else max(1, min(int(self.rate * SLICE_S), LARGEST_SLICE))
            piece, rest = rest[:size], rest[size:]
            if self.rate is not None:
                self._free_at = max(time.monotonic(), self._free_at) + len(piece) / self.rate
                await _until(self._free_at)
            writer.write(bytes(piece))
            await writer.drain()
            self.count += len(piece)


class Lane:
    """The bytes of one connection on their way through a link, in order; reading goes on while earlier bytes travel."""

    def __init__(self, link: Link, writer: asyncio.StreamWriter, opened_at: float) -> None:
        self._link = link
        self._writer = writer
        self._opened_at = opened_at
        self._queue: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue(maxsize=64)

    async def put(self, data: bytes) -> None:
        """Sends `data` on its way."""
        await self._queue.put((max(time.monotonic(), self._opened_at), data))

    async def finish(self) -> None:
        """Nothing follows."""
        await self._queue.put(None)

    async def run(self) -> None:
        """Carries what is put, until `finish`."""
        while (item := await self._queue.get()) is not None:
            sent_at, data = item
            await self._link.carry(data, self._writer, sent_at)


async def _until(moment: float) -> None:
    delay = moment - time.monotonic()
    if delay > 0:
        await asyncio.sleep(delay)
