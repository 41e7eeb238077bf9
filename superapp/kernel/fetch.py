"""The only way out: asking an address that a person or a stranger's page has named.

Whatever the name says, the connection goes to an address that has just been looked at, and only to public ones: a name
is resolved once, every address it stands for must be public, and that very address is dialled (a second answer of the
name server has no say). Redirects are asked the same questions. What comes back is bounded in bytes (as unpacked), in
time (in total, however slowly it drips) and in hops. No cookies, no proxy of the environment.

Work for Celery alone: a request of a person never waits for somebody else's server (tests/test_architecture.py).
"""

from __future__ import annotations

import contextlib
import queue
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from types import MappingProxyType
from urllib.parse import quote, urljoin, urlsplit

import certifi
import httpcore
from django.conf import settings

PORTS = {80, 443}
URL_LENGTH_MAX = 2000
BYTES_MAX = 1024 * 1024
SECONDS_MAX = 10.0
REDIRECTS_MAX = 3
ADDRESSES_TRIED = 3
SECONDS_TO_CONNECT = 4.0
_REDIRECTS = {301, 302, 303, 307, 308}
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9_])?\.?")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")

# What was given out for use on the whole internet, without the parts of it that lead somewhere else: tunnels that
# carry an IPv4 address (6to4, Teredo), benchmarks, documentation.
_GIVEN_OUT = IPv6Network("2000::/3")
_LEADS_ELSEWHERE = [IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]

Resolver = Callable[[str, int], Sequence[str]]


class FetchFailed(Exception):
    """Nothing came back. `reason` is stable, for logs of deliveries."""

    reason = "unreachable"


class NotAllowed(FetchFailed):
    """The address is not one we ask: its scheme, its port, or where it leads."""

    reason = "not_allowed"


class TooSlow(FetchFailed):
    reason = "too_slow"


class TooManyRedirects(FetchFailed):
    reason = "too_many_redirects"


class Unreadable(FetchFailed):
    """What came back is no HTTP, or packed in a way we did not ask for."""

    reason = "unreadable"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    url: str  # where it came from in the end
    headers: Mapping[str, str]
    body: bytes
    cut_off: bool  # there was more than the limit


def system_resolver(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch(
    url: str,
    *,
    method: str = "GET",
    body: bytes = b"",
    headers: Mapping[str, str] = MappingProxyType({}),
    bytes_max: int = BYTES_MAX,
    seconds_max: float = SECONDS_MAX,
    redirects_max: int = REDIRECTS_MAX,
    resolve: Resolver = system_resolver,
) -> Answer:
    """Ask an address, following at most `redirects_max` redirects (never for a POST). Raises FetchFailed."""
    clock = _Clock(time.monotonic() + seconds_max)
    hops = redirects_max if method == "GET" else 0
    question = _Question(method, body, headers, bytes_max)
    for _hop in range(hops + 1):
        answer = _ask(_Target.read(url), question, _Dialler(clock, resolve))
        leads_to = answer.headers.get("location")
        if answer.status not in _REDIRECTS or not leads_to or method != "GET":
            return answer
        try:
            url = urljoin(url, leads_to.strip())
        except ValueError as error:
            raise NotAllowed("the redirect leads nowhere") from error
    raise TooManyRedirects


def is_public(address: str) -> bool:
    """Whether a numeric address belongs to the public internet, and leads nowhere else from there."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if found.scope_id is not None:
            return False
        if found.ipv4_mapped is not None:
            return _is_public_v4(found.ipv4_mapped)
        return found.is_global and found in _GIVEN_OUT and not any(found in net for net in _LEADS_ELSEWHERE)
    return _is_public_v4(found)


def _is_public_v4(address: IPv4Address) -> bool:
    relay = address.packed[:3] in {b"\xc0\x58\x63", b"\xc0\x00\x00"}  # 192.88.99.0/24 (6to4), 192.0.0.0/24
    return address.is_global and not (address.is_multicast or address.is_reserved or relay)


@dataclass(frozen=True, slots=True)
class _Target:
    scheme: str
    host: str
    port: int
    path: str
    url: str

    @classmethod
    def read(cls, url: str) -> _Target:
        """The parts of an address, each as strict as what we dial needs it."""
        if len(url) > URL_LENGTH_MAX or _UNSAFE.search(url):
            raise NotAllowed("no address")
        try:
            parts = urlsplit(url)
            scheme, port, host = parts.scheme.lower(), parts.port, _host(parts.hostname or "")
        except ValueError as error:
            raise NotAllowed("no address") from error
        if scheme not in {"http", "https"} or "@" in parts.netloc:
            raise NotAllowed("neither http nor https, or with a password in it")
        if ("[" in parts.netloc) != (":" in host):
            raise NotAllowed("no address")
        port = port if port is not None else {"http": 80, "https": 443}[scheme]
        if port not in PORTS and not is_named(host, port):
            raise NotAllowed(f"port {port}")
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=-._~")
        if parts.query:
            path += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=-._~?")
        return cls(scheme, host, port, path, url)

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"http": 80, "https": 443}[self.scheme] else f"{host}:{self.port}"


def _host(host: str) -> str:
    """As name servers know it; ValueError (of which UnicodeError is one) for what cannot be a host."""
    if ":" in host:
        return str(IPv6Address(host))
    ascii_name = host.encode("idna").decode("ascii").lower() if not host.isascii() else host.lower()
    if not _HOST.fullmatch(ascii_name) or ".." in ascii_name:
        raise ValueError(host)
    return ascii_name


def is_named(host: str, port: int) -> bool:
    """Whether the administrators have named this host, which may then be private: `FETCH_PRIVATE_HOSTS`."""
    return f"{host}:{port}" in settings.FETCH_PRIVATE_HOSTS


@dataclass(slots=True)
class _Clock:
    """One deadline for everything: names, connections, hops and slow bodies."""

    deadline: float

    @property
    def left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TooSlow
        return left


@dataclass(frozen=True, slots=True)
class _Question:
    method: str
    body: bytes
    headers: Mapping[str, str]
    bytes_max: int

    def said_to(self, target: _Target) -> list[tuple[bytes | str, bytes | str]]:
        said = {
            "Host": target.host_header,
            "User-Agent": f"Superapp/1 (+{settings.SITE_URL})",
            "Accept-Encoding": "gzip",
            "Connection": "close",
            **self.headers,
            **({"Content-Length": str(len(self.body))} if self.body else {}),
        }
        return list(said.items())


def _ask(target: _Target, question: _Question, dialler: _Dialler) -> Answer:
    clock = dialler.clock
    where = httpcore.URL(
        scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode()
    )
    try:
        with (
            httpcore.ConnectionPool(ssl_context=_tls(), network_backend=dialler) as pool,
            pool.stream(
                question.method,
                where,
                headers=question.said_to(target),
                content=question.body,
                extensions={"timeout": _patience(clock)},
            ) as found,
        ):
            known = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in found.headers}
            if question.method == "GET" and found.status in _REDIRECTS:
                return Answer(found.status, target.url, known, b"", cut_off=False)
            content, cut_off = _unpacked(found.iter_stream(), known.get("content-encoding", ""), question.bytes_max)
            _ = clock.left  # a connection cut at the deadline looks like one that ended
            return Answer(found.status, target.url, known, content, cut_off)
    except (httpcore.TimeoutException, TimeoutError) as error:
        raise TooSlow from error
    except (httpcore.ProtocolError, zlib.error) as error:
        _ = clock.left
        raise Unreadable(str(error)) from error
    except (httpcore.NetworkError, OSError) as error:
        _ = clock.left
        raise FetchFailed(str(error)) from error
    finally:
        dialler.hang_up()


def _patience(clock: _Clock) -> dict[str, float]:
    return dict.fromkeys(("connect", "read", "write", "pool"), clock.left)


def _tls() -> ssl.SSLContext:
    """What this machine trusts (SSL_CERT_FILE included), and what browsers trust."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _unpacked(chunks: Iterable[bytes], packing: str, bytes_max: int) -> tuple[bytes, bool]:
    """The body, unpacked, and whether it was longer than the limit; never more of it in memory than that."""
    packing = packing.strip().lower()
    if packing not in {"", "identity", "gzip", "x-gzip"}:
        raise Unreadable(f"packed as {packing[:40]}")
    unpack = zlib.decompressobj(wbits=31).decompress if packing.endswith("gzip") else None
    body, received = bytearray(), 0
    for chunk in chunks:
        received += len(chunk)
        body += unpack(chunk, bytes_max + 1 - len(body)) if unpack else chunk[: bytes_max + 1 - len(body)]
        if len(body) > bytes_max or received > bytes_max:
            return bytes(body[:bytes_max]), True
    return bytes(body), False


@dataclass(slots=True)
class _Dialler(httpcore.NetworkBackend):
    """Connects to addresses that have been looked at, and ends every connection at the deadline."""

    clock: _Clock
    resolve: Resolver
    _lines: list[socket.socket] = field(default_factory=list)
    _timers: list[threading.Timer] = field(default_factory=list)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = FetchFailed(f"no address for {host}")
        for address in self._checked(host, port)[:ADDRESSES_TRIED]:
            try:
                patience = min(self.clock.left, SECONDS_TO_CONNECT)
                stream = httpcore.SyncBackend().connect_tcp(address, port, timeout=patience)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            self._watch(stream.get_extra_info("socket"))
            return stream
        raise failure

    def hang_up(self) -> None:
        for timer in self._timers:
            timer.cancel()
        for line in self._lines:
            line.close()

    def _checked(self, host: str, port: int) -> list[str]:
        """Every address the name stands for, if all of them are public."""
        addresses = [host] if ":" in host else _in_time(lambda: self.resolve(host, port), self.clock)
        if not is_named(host, port) and not all(map(is_public, addresses)):
            raise NotAllowed(f"{host} leads to an address that is not public")
        return list(addresses)

    def _watch(self, connection: socket.socket) -> None:
        """A timeout of a socket is for one read; a sender that drips is cut off by this. The duplicate goes on meaning
        the connection when TLS takes the socket over."""
        line = connection.dup()
        timer = threading.Timer(self.clock.left, _cut, args=[line])
        timer.daemon = True
        timer.start()
        self._lines.append(line)
        self._timers.append(timer)


def _cut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _in_time(resolve: Callable[[], Sequence[str]], clock: _Clock) -> Sequence[str]:
    """The system's resolver knows no deadline, so it is asked in a thread that may be left behind."""
    answers: queue.Queue[Sequence[str] | OSError | UnicodeError] = queue.Queue()

    def run() -> None:
        try:
            answers.put(resolve())
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=run, name="resolver", daemon=True).start()
    try:
        found = answers.get(timeout=clock.left)
    except queue.Empty:
        raise TooSlow from None
    if isinstance(found, Exception):
        raise FetchFailed("the name is not known") from found
    return found
