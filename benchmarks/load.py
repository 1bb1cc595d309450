"""Load on a server over keep-alive connections, cheap enough that the server is what is measured.

``python -m benchmarks.load PORT SECONDS CONNECTIONS HEADERS PATH...`` prints requests per second and percentiles.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from itertools import cycle

import uvloop


class Pump(asyncio.Protocol):
    """One connection: the next request goes out as soon as the last reply is in."""

    def __init__(self, requests: list[bytes], until: float) -> None:
        self.requests = cycle(requests)
        self.until = until
        self.times: list[float] = []
        self.statuses: set[bytes] = set()
        self.done = asyncio.get_running_loop().create_future()
        self.missing = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.head = b""
        self.begun = time.perf_counter()
        self.transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        if self.missing:
            self.missing -= len(data)
        else:
            self.head += data
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return
            self.statuses.add(self.head[9:12])
            at = self.head.lower().find(b"content-length:", 0, end)
            length = int(self.head[at + 15 : self.head.index(b"\r\n", at)]) if at > 0 else 0
            self.missing = length - (len(self.head) - end - 4)
        if not self.missing:
            now = time.perf_counter()
            self.times.append(now - self.begun)
            if now < self.until:
                self.ask()
            else:
                self.transport.close()
                self.done.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server hung up"))


async def load(port: int, seconds: float, connections: int, headers: str, paths: list[str]) -> dict[str, object]:
    loop = asyncio.get_running_loop()
    requests = [f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode() for path in paths]
    begun = time.perf_counter()
    pumps = [Pump(requests[i:] + requests[:i], begun + seconds) for i in range(connections)]
    for pump in pumps:
        await loop.create_connection(lambda pump=pump: pump, "127.0.0.1", port)
    await asyncio.gather(*(pump.done for pump in pumps))
    times = sorted(t for pump in pumps for t in pump.times)
    return {
        "rps": len(times) / (time.perf_counter() - begun),
        "p50": times[len(times) // 2],
        "p99": times[int(len(times) * 0.99)],
        "statuses": sorted(status.decode() for pump in pumps for status in pump.statuses),
    }


if __name__ == "__main__":
    port, seconds, connections, headers, *paths = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(load(int(port), float(seconds), int(connections), headers, paths))))
