from __future__ import annotations

import gzip
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from superapp.kernel.fetch import (
    BYTES_MAX,
    Answer,
    FetchFailed,
    NotAllowed,
    TooManyRedirects,
    TooSlow,
    Unreadable,
    fetch,
    is_public,
)
from tests.site import Site

PUBLIC = "93.184.216.34"
DIALLED: list[Any] = []
_listening = threading.Event()


def _note_connections(event: str, arguments: Any) -> None:
    if event == "socket.connect" and _listening.is_set():
        DIALLED.append(arguments[1])
        if not str(arguments[1][0]).startswith("127."):
            raise ConnectionRefusedError("tests stay on this machine")


sys.addaudithook(_note_connections)  # Python itself tells of every connection, whoever opens it


@pytest.fixture
def dialled() -> Iterator[list[Any]]:
    DIALLED.clear()
    _listening.set()
    yield DIALLED
    _listening.clear()


def to_this_machine(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"]


@pytest.fixture
def site(settings) -> Iterator[Site]:  # type: ignore[no-untyped-def]
    server = Site()
    server.begin()
    settings.FETCH_PRIVATE_HOSTS = [f"pages.example:{server.port}"]
    yield server
    server.end()


def at(site: Site, path: str = "/", host: str = "pages.example") -> str:
    return site.url(path, host)


def get(url: str, **options: Any) -> Answer:
    return fetch(url, **{"resolve": to_this_machine, **options})


# --- where it does not go ---

NOT_PUBLIC = [
    # this machine, in every spelling that a resolver takes
    "127.0.0.1", "127.0.0.2", "127.255.255.254", "127.1", "127.0.1", "0", "0.0.0.0", "0.0.0.1", "0x7f.1", "0x7f000001",
    "0X7F.0.0.1", "2130706433", "017700000001", "0177.0.0.1", "0177.0.0.01", "localhost", "LOCALHOST", "localhost.",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:0:0]", "[::127.0.0.1]",
    "[::7f00:1]", "[0000::1]", "１２７.0.0.1", "127。0。0。1", "①②⑦.0.0.1", "127.0.0.1.",
    # private networks
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255", "0x0a000001",
    "167772161", "012.0.0.1", "10.1", "192.168.1", "3232235521", "[::ffff:10.0.0.1]", "[::ffff:192.168.0.1]",
    "[::ffff:172.16.0.1]", "[::10.0.0.1]", "[fc00::1]", "[fd00::1]", "[fdff:ffff::1]", "[fd12:3456:789a::1]",
    # the neighbourhood, and the clouds' own services
    "169.254.0.1", "169.254.169.254", "169.254.170.2", "169.254.169.123", "2852039166", "0xa9fea9fe",
    "0xa9.254.169.254",
    "0251.0376.0251.0376", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[fe80::1]", "[fe80::a9fe:a9fe]",
    "[febf::1]", "[fd00:ec2::254]", "100.100.100.200", "192.0.0.192",
    # shared, reserved, tests, documentation
    "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.0.8", "192.0.0.170", "192.0.2.1", "198.18.0.1",
    "198.19.255.255", "198.51.100.1", "203.0.113.1", "192.88.99.1", "240.0.0.1", "247.1.2.3", "255.255.255.255",
    "[2001:db8::1]", "[3fff::1]", "[100::1]", "[5f00::1]", "[4000::1]", "[8000::1]", "[e000::1]",
    # many at once
    "224.0.0.1", "224.0.0.251", "232.0.0.1", "239.255.255.250", "[ff02::1]", "[ff05::2]", "[ff0e::1]", "[ff01::1]",
    # tunnels and translations that carry an address of the kinds above
    "[64:ff9b::7f00:1]", "[64:ff9b::a00:1]", "[64:ff9b:1::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b::808:808]",
    "[2002:7f00:1::]", "[2002:a00:1::1]", "[2002:a9fe:a9fe::1]", "[2002:808:808::1]", "[2001:0:7f00:1::1]",
    "[2001::1]", "[2001:10::1]", "[2001:20::1]", "[2001:2::1]", "[fec0::1]", "[::ffff:0:127.0.0.1]",
    "[::ffff:100.64.0.1]", "[::ffff:224.0.0.1]", "[::ffff:198.18.0.1]", "[::ffff:0.0.0.0]", "[::fffe:127.0.0.1]",
]  # fmt: skip

NO_ADDRESS = [
    "", " ", "http:", "http://", "https://", "//example.org/", "example.org", "/etc/passwd", "http:///etc/passwd",
    "file:///etc/passwd", "file://localhost/etc/passwd", "ftp://example.org/", "gopher://127.0.0.1:6379/_PING",
    "dict://127.0.0.1:11211/stats", "ldap://127.0.0.1/", "jar:http://example.org!/", "data:text/html,hi",
    "javascript:alert(1)", "ws://example.org/", "unix:/run/docker.sock", "http+unix://%2Frun%2Fdocker.sock/",
    "http://example.org:22/", "http://example.org:25/", "http://example.org:6379/", "http://example.org:8080/",
    "http://example.org:8000/", "https://example.org:8443/", "http://example.org:0/", "http://example.org:65536/",
    "http://example.org:-80/", "http://example.org:80a/", "http://example.org:٨٠/", "http://user@example.org/",
    "http://user:word@example.org/", "http://@example.org/", "http://example.org@127.0.0.1/",
    "http://127.0.0.1@example.org/", "http://example.org\\@127.0.0.1/", "http://example.org\\.127.0.0.1/",
    "http://127.0.0.1\\@example.org/", "http:\\\\127.0.0.1\\", "http://example.org#@127.0.0.1:22/ x",
    "http://exam ple.org/", "http://example.org/\r\nHost: 127.0.0.1", "http://example.org/\nX: y", "http://a\tb/",
    "http://example.org/\x00", "\x00http://example.org/", "http://[::1", "http://::1/", "http://[::1]:80:80/",
    "http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/", "http://[::1%251]/", "http://[v1.x]/", "http://[]/",
    "http://.../", "http://example..org/", "http://-/", "http://%31%32%37.0.0.1/", "http://127%2e0%2e0%2e1/",
    "http://" + "a" * 300 + "/", "http://" + "a." * 140 + "org/", "http://example.org/" + "x" * 2000, "http://ex\u202eample/",
    "http://*.example.org/", "http://example.org,127.0.0.1/", "http://example.org;127.0.0.1/", "http://{host}/",
    "http://$(id)/", "http://`id`/", "http://\ud800/", "http://example.org:443:80/",
]  # fmt: skip


@pytest.mark.covers("E1")
def test_there_are_enough_hostile_targets() -> None:
    assert len(set(NOT_PUBLIC) | set(NO_ADDRESS)) >= 150


@pytest.mark.covers("E1")
@pytest.mark.parametrize("host", NOT_PUBLIC)
def test_what_is_not_public_is_never_dialled(host: str, dialled: list[Any]) -> None:
    for scheme in ("http", "https"):
        with pytest.raises(FetchFailed):
            fetch(f"{scheme}://{host}/latest/meta-data/", seconds_max=5)
    assert dialled == []


@pytest.mark.covers("E1")
@pytest.mark.parametrize("url", NO_ADDRESS)
def test_what_is_no_address_of_the_web_is_never_looked_up(url: str, dialled: list[Any]) -> None:
    looked_up: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        looked_up.append(host)
        return [PUBLIC]

    with pytest.raises(NotAllowed):
        fetch(url, resolve=resolve)
    assert dialled == []
    assert looked_up == []


@pytest.mark.covers("E1")
@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.1"],
        [PUBLIC, "127.0.0.1"],
        ["127.0.0.1", PUBLIC],
        ["::1"],
        [PUBLIC, "::ffff:10.0.0.1"],
        ["fe80::1%eth0"],
    ],
)
def test_a_name_that_leads_to_anything_private_is_not_dialled(addresses: list[str], dialled: list[Any]) -> None:
    with pytest.raises(NotAllowed):
        fetch("https://innocent.example/", resolve=lambda host, port: addresses)
    assert dialled == []


@pytest.mark.covers("E1")
def test_a_name_that_changes_its_mind_is_asked_once(dialled: list[Any]) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])

    with pytest.raises(FetchFailed):
        fetch("http://rebinding.example/", resolve=lambda host, port: next(answers))

    assert dialled == [(PUBLIC, 80)]
    assert next(answers) == ["127.0.0.1"]


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001:81b::200e", "::ffff:8.8.8.8"]
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_what_is_no_number_is_not_public() -> None:
    assert not is_public("example.org")


def test_a_private_host_is_reached_under_the_name_and_port_given_alone(site: Site) -> None:
    site.says("/", b"hello")

    assert get(at(site)).body == b"hello"
    for url in (
        at(site, host="other.example"),
        f"http://127.0.0.1:{site.port}/",
        f"http://pages.example:{site.port + 1}/",
    ):
        with pytest.raises(NotAllowed):
            get(url)
    assert len(site.asked) == 1


def test_no_private_host_is_named_unless_somebody_does() -> None:
    from django.conf import settings

    assert settings.FETCH_PRIVATE_HOSTS == []


# --- what is said ---


def test_the_right_host_is_asked_for_and_nothing_personal_is_said(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    site.says("/page?q=%C3%BC", b"hi", Set_Cookie="a=b", Content_Type="text/plain")

    answer = get(at(site, "/page?q=ü"))
    get(at(site, "/page?q=ü"))

    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, b"hi", "text/plain")
    for _method, _path, headers, _body in site.asked:
        assert headers["Host"] == f"pages.example:{site.port}"
        assert {"Cookie", "Referer", "Authorization", "X-Forwarded-For"} & set(headers) == set()


def test_a_body_is_posted_and_redirects_of_it_are_not_followed(site: Site) -> None:
    site.says("/hook", b"", status=307, Location="/elsewhere")
    site.says("/elsewhere", b"no")

    answer = get(at(site, "/hook"), method="POST", body=b"{}", headers={"Content-Type": "application/json"})

    assert answer.status == 307
    assert [(method, path, body) for method, path, _headers, body in site.asked] == [("POST", "/hook", b"{}")]


# --- redirects ---


@pytest.mark.covers("E1")
@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/", "http://169.254.169.254/latest/", "//10.0.0.1/", "http://[::1]/", "file:///etc/passwd",
        "http://user@pages.example/", "http://pages.example:22/", "gopher://x/", "http://[bad/", "http://localhost/",
    ],
)  # fmt: skip
def test_a_redirect_is_asked_the_same_questions(site: Site, dialled: list[Any], location: str) -> None:
    site.says("/", status=302, Location=location)

    with pytest.raises(NotAllowed):
        get(at(site))

    assert dialled == [("127.0.0.1", site.port)]


def test_three_redirects_are_followed_and_no_more(site: Site) -> None:
    for number in range(5):
        site.says(f"/{number}", status=302, Location=f"{number + 1}")
    site.says("/3", b"there")

    assert get(at(site, "/0")).body == b"there"
    assert get(at(site, "/0")).url == at(site, "/3")
    site.says("/3", status=302, Location="/4")
    with pytest.raises(TooManyRedirects):
        get(at(site, "/0"))
    assert "/4" not in [path for _method, path, _headers, _body in site.asked]


# --- how much ---


@pytest.mark.covers("E1")
def test_no_more_is_read_than_the_limit(site: Site) -> None:
    site.says("/", b"x" * (BYTES_MAX + 5))
    site.says("/small", b"x" * BYTES_MAX)

    assert (len(get(at(site)).body), get(at(site)).cut_off) == (BYTES_MAX, True)
    assert (len(get(at(site, "/small")).body), get(at(site, "/small")).cut_off) == (BYTES_MAX, False)


@pytest.mark.covers("E1")
def test_a_small_file_that_unpacks_to_a_huge_one_is_cut_off(site: Site) -> None:
    bomb = gzip.compress(b"\x00" * (200 * 1024 * 1024), 9)
    assert len(bomb) < BYTES_MAX
    site.says("/", bomb, Content_Encoding="gzip")
    site.says("/good", gzip.compress(b"page"), Content_Encoding="gzip")

    answer = get(at(site))

    assert (len(answer.body), answer.cut_off) == (BYTES_MAX, True)
    assert get(at(site, "/good")).body == b"page"


@pytest.mark.parametrize("packing", ["br", "gzip, gzip", "deflate", "zstd", "nonsense"])
def test_packing_nobody_asked_for_is_not_read(site: Site, packing: str) -> None:
    site.says("/", zlib.compress(b"page"), Content_Encoding=packing)

    with pytest.raises(Unreadable):
        get(at(site))


def test_broken_packing_and_broken_http_are_told_apart_from_silence(site: Site) -> None:
    site.says("/", b"no gzip at all", Content_Encoding="gzip")
    site.answers["/short"] = lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
    site.answers["/noise"] = lambda handler: handler.wfile.write(b"\x16\x03\x01 not http\r\n\r\n")
    site.answers["/heads"] = lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 100_000)

    for path in ("/", "/short", "/noise", "/heads"):
        with pytest.raises(FetchFailed):
            get(at(site, path))


# --- how long ---


def _drips(piece: bytes, first: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n") -> Callable[[Any], None]:
    def answer(handler: Any) -> None:
        handler.wfile.write(first)
        for _ in range(200):
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(0.05)

    return answer


@pytest.mark.covers("E1")
@pytest.mark.parametrize(
    ("first", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"", b""),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["body", "heads", "chunks", "no length", "silence", "continue"],
)
def test_what_drips_is_cut_off_at_the_deadline(site: Site, first: bytes, piece: bytes) -> None:
    """The deadline is for the whole; each single read would have been in time."""
    site.answers["/"] = _drips(piece, first)

    with pytest.raises(TooSlow):
        get(at(site), seconds_max=0.4)


def test_a_name_server_that_never_answers_is_left_behind() -> None:
    for_ever = threading.Event()

    def resolve(host: str, port: int) -> Sequence[str]:
        for_ever.wait()
        return []

    with pytest.raises(TooSlow):
        fetch("http://slow.example/", resolve=resolve, seconds_max=0.2)
    for_ever.set()


def test_a_greeting_of_tls_that_drips_is_cut_off(settings) -> None:  # type: ignore[no-untyped-def]
    class Drip(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                for byte in b"\x16\x03\x03\x40\x00" + b"\x02" * 200:
                    self.request.send(bytes([byte]))
                    time.sleep(0.05)
            except OSError:
                pass

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Drip) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        host = f"secure.example:{server.server_address[1]}"
        settings.FETCH_PRIVATE_HOSTS = [host]
        with pytest.raises(TooSlow):
            get(f"https://{host}/", seconds_max=0.4)
        server.shutdown()


# --- names and certificates ---


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    both = tmp_path / "both.pem"
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=secure.example", "-addext", "subjectAltName=DNS:secure.example", "-keyout", key,
            "-out", cert,
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    both.write_bytes(key.read_bytes() + cert.read_bytes())
    return both


def test_tls_is_spoken_under_the_name_and_the_certificate_must_be_good(
    settings: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[str] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda connection, name, of: named.append(name)
    server = Site()
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.says("/", b"sealed")
    server.begin()
    secure, other = f"secure.example:{server.port}", f"other.example:{server.port}"
    settings.FETCH_PRIVATE_HOSTS = [secure, other]

    with pytest.raises(FetchFailed):
        get(f"https://{secure}/")  # signed by nobody we know
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert get(f"https://{secure}/").body == b"sealed"
    with pytest.raises(FetchFailed):
        get(f"https://{other}/")  # good, but of another name

    assert named == ["secure.example", "secure.example", "other.example"]
    assert server.asked[0][2]["Host"] == secure
    server.end()


def test_a_server_that_is_not_there_is_unreachable(settings: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # taken, and nobody listens
        settings.FETCH_PRIVATE_HOSTS = [f"pages.example:{taken.getsockname()[1]}"]
        with pytest.raises(FetchFailed) as failure:
            get(f"http://pages.example:{taken.getsockname()[1]}/")
    assert failure.value.reason == "unreachable"
