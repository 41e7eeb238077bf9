"""A thousand messages while one device does not read (F27): it is cut off rather than remembered without end, the
others hear everything as it comes, and when it reads again its gap is filled."""

from __future__ import annotations

import json
import socket
import uuid
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from chat.heartbeat import SILENT_CODE
from superapp.kernel.live import BACKLOG_MAX, TOO_SLOW

from .clients import Reader, fetch_all
from .sites import Embedded, embedded_profile, within
from .storm import Town

BURST = 1000
MEMORY = 64 * 1024  # KiB by which the server may grow: the burst itself is 8 MB for each socket
WORDS = "Rain again, so we meet under the roof of the old station. " * 80
pytestmark = [pytest.mark.faults, embedded_profile]


def memory_of(pid: int) -> int:
    """In KiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    raise AssertionError("the server has gone")


@pytest.mark.covers("F27", "J13")
def test_the_gap_of_a_slow_socket_is_filled(tmp_path: Path) -> None:
    site = Embedded(tmp_path)
    try:
        town = Town(site)
        quick = Reader("bob", town.line("bob"))
        quick.start()
        port = site.nodes[0].live
        little_room = socket.socket()
        little_room.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
        little_room.connect(("127.0.0.1", site.port))
        protocols: Any = ["superapp.v1", f"token.{town.tokens['erin']}"]
        address = f"ws://127.0.0.1:{port}/ws/"
        options: Any = {"max_queue": 1, "ping_interval": None, "proxy": None, "legacy": True}
        slow = connect(address, sock=little_room, subprotocols=protocols, **options)
        before = memory_of(site.site.process.pid)

        sent = []
        with town.line("alice").open() as speaker:
            for number in range(BURST):
                name = str(uuid.uuid4())
                words = {"conversation": town.all, "client_id": name, "text": f"{number} {WORDS}"}
                speaker.send(json.dumps({"type": "message.send", "ref": name, **words}))
                while (answer := json.loads(speaker.recv(20))).get("ref") != name:
                    pass
                assert answer["type"] == "ack", answer
                sent.append(answer["id"])
        grown = memory_of(site.site.process.pid) - before

        heard = 0
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                heard += json.loads(slow.recv(30))["type"] == "message.created"
        again = Reader("erin", town.line("erin"))
        again.start()
        assert within(30, lambda: len(again.kept[town.all].rows) >= BURST if town.all in again.kept else False)
        assert within(30, lambda: len(quick.kept[town.all].rows) >= BURST)
        for reader in (quick, again):
            reader.over.set()
            reader.join(10)
            assert [row.id for row in reader.kept[town.all].in_order()] == sent, reader.handle
        assert [row.id for row in fetch_all(town.line("erin"), town.all) or []] == sent
    finally:
        site.end()
    print(f"{BURST} messages, the slow socket heard {heard} of them, the server grew by {grown / 1024:.1f} MiB")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code in {TOO_SLOW, SILENT_CODE}  # whichever is noticed first
    assert BURST - heard >= BACKLOG_MAX, "it was not slow enough to prove anything"
    assert grown < MEMORY
