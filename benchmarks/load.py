"""Loads one HTTP address from a few kept connections, and says how many answers came and how late."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.processes import Process


@dataclass
class Figures:
    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        return sorted(self.times)[int(len(self.times) * share)] * 1000 if self.times else float("nan")


def median(figures: list[Figures]) -> Figures:
    """The run in the middle."""
    return sorted(figures, key=lambda run: run.rate)[len(figures) // 2]


class Connection(asyncio.Protocol):
    """One kept HTTP/1.1 connection. Sends whole requests, reads whole answers with a length or chunks."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.waiting: asyncio.Future[bytes] | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        if self.waiting and not self.waiting.done():
            self.waiting.set_exception(error or ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self.buffer[:end]).lower()
        place = head.find(b"content-length:")
        if place >= 0:
            length = int(head[place + 15 :].split(b"\r\n", 1)[0])
            if len(self.buffer) < end + 4 + length:
                return
        elif b"transfer-encoding: chunked" in head and not self.buffer.endswith(b"0\r\n\r\n"):
            return
        answer = bytes(self.buffer)
        self.buffer.clear()
        if self.waiting and not self.waiting.done():
            self.waiting.set_result(answer)

    async def ask(self, request: bytes) -> bytes:
        self.waiting = asyncio.get_running_loop().create_future()
        assert self.transport is not None
        self.transport.write(request)
        return await self.waiting


def request(
    path: str,
    *,
    host: str,
    headers: dict[str, str] | None = None,
    method: str = "GET",
    body: bytes = b"",
) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


async def http(
    port: int, make: Callable[[], bytes], *, clients: int = 8, seconds: float = 3.0, expect: tuple[int, ...] = (200,)
) -> Figures:
    """`make` gives the next request; each client asks again as soon as it is answered."""
    figures = Figures()
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    until = began + seconds
    accepted = tuple(f" {status} ".encode() for status in expect)

    async def work() -> None:
        _, connection = await loop.create_connection(Connection, "127.0.0.1", port)
        while (now := time.perf_counter()) < until:
            answer = await connection.ask(make())
            if answer[8:13] in accepted:
                figures.times.append(time.perf_counter() - now)
            else:
                figures.refused += 1
            if b"connection: close" in answer[:600].lower():
                _, connection = await loop.create_connection(Connection, "127.0.0.1", port)

    await asyncio.gather(*(work() for _ in range(clients)))
    figures.seconds = time.perf_counter() - began
    return figures


def spread(figures: Figures) -> str:
    return f"p50 {statistics.median(figures.times) * 1000:.1f} ms, p99 {figures.percentile(0.99):.1f} ms"


@dataclass(frozen=True)
class Measured:
    rate: float
    cpu: float  # milliseconds of the server for each answer
    spread: str


def measure(
    server: Process,
    make: Callable[[], bytes],
    *,
    clients: int = 8,
    expect: tuple[int, ...] = (200,),
    seconds: float = 1.2,
) -> Measured:
    """The median of three runs after one to warm up."""

    def once() -> tuple[Figures, float]:
        before = server.cpu()
        figures = asyncio.run(http(server.port, make, clients=clients, seconds=seconds, expect=expect))
        return figures, (server.cpu() - before) * 1000 / max(1, len(figures.times))

    once()
    runs = sorted((once() for _ in range(3)), key=lambda run: run[0].rate)
    if refused := sum(figures.refused for figures, _ in runs):
        raise RuntimeError(f"{refused} requests were refused: {make()[:200]!r}")
    figures, cpu = runs[1]
    return Measured(figures.rate, cpu, spread(figures))
