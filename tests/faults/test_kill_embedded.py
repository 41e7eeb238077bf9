"""Kill -9 in the middle of things (F3, F26). What was acknowledged is there, once, in order; what was not may be sent
again with the same id; the money adds up; nothing owed is forgotten.

Each client writes down what it is about to do before it does it, and tries again until it is told yes or no.
Run again with the seed that a failure names: FAULT_SEED=7 make test ARGS=tests/faults
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from tests.running import ROOT, Site, environment, free_port

ROUNDS = 3
PEOPLE = ["alice", "bob", "carol", "dave"]
SEED = int(os.environ.get("FAULT_SEED", "0")) or random.SystemRandom().randrange(1, 10_000)


@dataclass
class Deed:
    """Something a client asked for, under an id of its own, and what came of it."""

    kind: str
    key: str
    body: dict[str, Any]
    attempts: int = 0
    answer: dict[str, Any] | None = None
    refused: str = ""


class Unknown(Exception):
    """No answer: it may have happened, or not."""


@dataclass
class Client:
    site: Site
    handle: str
    token: str
    conversation: str
    dice: random.Random
    deeds: list[Deed] = field(default_factory=list)
    envelopes: list[str] = field(default_factory=list)
    socket: ClientConnection | None = None

    def live(self, over: threading.Event) -> None:
        while not over.is_set():
            self.deeds.append(self.plan())
            self.carry_out(self.deeds[-1])

    def plan(self) -> Deed:
        key = str(UUID(int=self.dice.getrandbits(128), version=4))
        lot = self.dice.random()
        if lot < 0.12:
            body = {"kind": "lucky", "amount": self.dice.randrange(100, 400), "shares": 3, "greeting": key}
            return Deed("envelope", key, body)
        if lot < 0.3 and self.envelopes:
            return Deed("claim", key, {"id": self.dice.choice(self.envelopes)})
        kind = "say" if lot < 0.65 else "say_live"
        return Deed(kind, key, {"text": f"{self.handle} {len(self.deeds)} {key}"})

    def carry_out(self, deed: Deed) -> None:
        """Until it is known what came of it; the server may be down for a while."""
        until = time.monotonic() + 60
        while True:
            deed.attempts += 1
            try:
                getattr(self, f"_{deed.kind}")(deed)
                return
            except Unknown:
                assert time.monotonic() < until, f"{self.handle} never heard what came of {deed}"
                time.sleep(0.1)

    def _post(self, path: str, body: dict[str, Any], **headers: str) -> httpx.Response:
        try:
            response = httpx.post(
                f"{self.site.url}/api/v1{path}",
                json=body,
                headers={"X-Session-Token": self.token, **headers},
                timeout=15,
            )
        except httpx.TransportError as error:
            raise Unknown from error
        if response.status_code >= 500:
            raise AssertionError(f"{path}: {response.status_code} {response.text}")
        return response

    def _settle(self, deed: Deed, response: httpx.Response) -> None:
        if response.is_success:
            deed.answer = response.json()
        else:
            deed.refused = response.json()["code"]

    def _say(self, deed: Deed) -> None:
        body = {"client_id": deed.key, "kind": "text", **deed.body}
        self._settle(deed, self._post(f"/conversations/{self.conversation}/messages/", body))

    def _envelope(self, deed: Deed) -> None:
        path = f"/conversations/{self.conversation}/red-envelopes/"
        self._settle(deed, self._post(path, deed.body, **{"Idempotency-Key": deed.key}))
        if deed.answer:
            envelope = deed.answer.get("red_envelope") or deed.answer
            self.envelopes.append(str(envelope["id"]))

    def _claim(self, deed: Deed) -> None:
        path = f"/red-envelopes/{deed.body['id']}/claim/"
        self._settle(deed, self._post(path, {}, **{"Idempotency-Key": deed.key}))

    def _say_live(self, deed: Deed) -> None:
        frame = {"type": "message.send", "ref": deed.key, "conversation": self.conversation, "client_id": deed.key}
        try:
            socket = self._connected()
            socket.send(json.dumps({**frame, "kind": "text", **deed.body}))
            while True:
                answer = json.loads(socket.recv(15))
                if answer.get("ref") == deed.key:
                    break
        except (OSError, WebSocketException, TimeoutError) as error:
            self.socket = None
            raise Unknown from error
        if answer["type"] == "ack":
            deed.answer = answer
        else:
            deed.refused = answer["code"]

    def _connected(self) -> ClientConnection:
        if self.socket is None:
            protocols: Any = ["superapp.v1", f"token.{self.token}"]
            address = f"ws://127.0.0.1:{self.site.port}/ws/"
            self.socket = connect(address, subprotocols=protocols, open_timeout=10, legacy=True)
        return self.socket


class Town:
    """Four friends, one group, and a server that dies now and then."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.site = self.start()
        self.tokens = {handle: self._sign_up(handle) for handle in PEOPLE}
        for other in PEOPLE[1:]:
            self._befriend("alice", other)
        group = {"kind": "group", "title": "Faults", "members": PEOPLE[1:]}
        self.conversation = str(self.ask("alice", "POST", "/conversations/", json=group)["id"])
        for handle in PEOPLE:
            for number in range(3):
                key = {"Idempotency-Key": f"{handle}-{number}"}
                self.ask(handle, "POST", "/wallet/top-ups/", json={"amount": 50_000}, headers=key)

    def start(self) -> Site:
        return Site(self.folder, self.port, "--empty", RATE_LIMITS_ENABLED="0").ready()

    def ask(self, handle: str, method: str, path: str, **options: Any) -> Any:
        headers = {"X-Session-Token": self.tokens[handle], **options.pop("headers", {})}
        response = httpx.request(method, f"{self.site.url}/api/v1{path}", headers=headers, timeout=20, **options)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json()

    def _sign_up(self, handle: str) -> str:
        body = {
            "username": handle,
            "email": f"{handle}@example.org",
            "password": "correct horse battery",
            "display_name": handle,
        }
        response = httpx.post(f"{self.site.url}/_allauth/app/v1/auth/signup", json=body, timeout=20)
        assert response.status_code == 200, response.text
        return str(response.json()["meta"]["session_token"])

    def _befriend(self, one: str, other: str) -> None:
        request = self.ask(one, "POST", "/friend-requests/", json={"to": other})
        self.ask(other, "POST", f"/friend-requests/{request['id']}/accept/")

    def messages(self, handle: str) -> list[dict[str, Any]]:
        """All of the conversation as this member can sync it, each message in its last state."""
        since, found = 0, {}
        while True:
            page = self.ask(handle, "GET", f"/conversations/{self.conversation}/sync/?since={since}")
            found.update({message["id"]: message for message in page["messages"]})
            since = page["until"]
            if not page["has_more"]:
                return sorted(found.values(), key=lambda message: int(message["seq"]))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.folder / "superapp.sqlite3") as database:
            return database.execute(query).fetchall()


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The town after all rounds, with what each client believes."""
    print(f"FAULT_SEED={SEED}")
    dice = random.Random(SEED)
    town = Town(tmp_path_factory.mktemp("town"))
    clients = [
        Client(town.site, handle, town.tokens[handle], town.conversation, random.Random(f"{SEED}/{handle}"))
        for handle in PEOPLE
    ]
    for client in clients:
        client.envelopes = clients[0].envelopes  # all know of all
    over, trouble = threading.Event(), []

    def live(client: Client) -> None:
        try:
            client.live(over)
        except BaseException as error:
            trouble.append(error)

    threads = [threading.Thread(target=live, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    try:
        for _ in range(ROUNDS):
            time.sleep(dice.uniform(0.8, 3))
            town.site.process.kill()
            town.site.process.wait()
            town.site.end()
            town.site = town.start()
        time.sleep(1)
        over.set()
        for thread in threads:
            thread.join(60)
        assert not trouble, f"{trouble[0]}\n{town.site.output[-4000:]}"
        yield town, clients
    finally:
        over.set()
        town.site.end()


def deeds(clients: list[Client], *kinds: str) -> list[Deed]:
    return [deed for client in clients for deed in client.deeds if deed.kind in kinds]


pytestmark = pytest.mark.xdist_group("kill")


def test_the_kills_struck_in_the_middle_of_work(aftermath: Any) -> None:
    _, clients = aftermath
    assert len([deed for deed in deeds(clients, "say", "say_live") if deed.answer]) > 20
    assert any(deed.attempts > 1 and deed.answer for client in clients for deed in client.deeds), (
        "none had to try again"
    )
    assert [deed for client in clients for deed in client.deeds if not deed.answer and not deed.refused] == []


@pytest.mark.covers("J1", "J3", "F26")
def test_what_was_acknowledged_is_there_once_and_nothing_else_is(aftermath: Any) -> None:
    town, clients = aftermath
    said = {deed.body["text"]: deed for deed in deeds(clients, "say", "say_live")}
    for reader in PEOPLE:
        texts = Counter(message["text"] for message in town.messages(reader) if message["kind"] == "text")
        lost = [text for text, deed in said.items() if deed.answer and text not in texts]
        doubled = [text for text, times in texts.items() if times > 1]
        phantom = [text for text in texts if text not in said]
        assert (lost, doubled, phantom) == ([], [], []), f"seed {SEED}, reader {reader}"


@pytest.mark.covers("J2", "J7")
def test_numbers_have_no_holes_and_everybody_reads_the_same_order(aftermath: Any) -> None:
    town, clients = aftermath
    read = {reader: [(m["seq"], m["id"]) for m in town.messages(reader)] for reader in PEOPLE}
    assert len({str(order) for order in read.values()}) == 1

    numbers = {int(number) for (number,) in town.rows(
        f"SELECT seq FROM chat_message WHERE conversation_id = {town.conversation} UNION "
        f"SELECT changed_seq FROM chat_message WHERE conversation_id = {town.conversation} UNION "
        f"SELECT changed_seq FROM chat_member WHERE conversation_id = {town.conversation} UNION "
        f"SELECT changed_seq FROM chat_conversation WHERE id = {town.conversation}"
    )}  # fmt: skip
    first = sorted(int(seq) for seq, _ in read["alice"])
    assert len(first) == len(set(first))
    [(head,)] = town.rows(f"SELECT head FROM chat_conversation WHERE id = {town.conversation}")
    assert set(range(1, head + 1)) - numbers == set()

    seq_of = {m["text"]: int(m["seq"]) for m in town.messages("alice")}
    for client in clients:
        own = [deed for deed in client.deeds if deed.kind in {"say", "say_live"} and deed.answer]
        order = [seq_of[deed.body["text"]] for deed in own]
        assert order == sorted(order), f"seed {SEED}: {client.handle}’s messages changed places"
        assert [int(deed.answer["seq"]) for deed in own if deed.answer] == order, "the number told is the number kept"


@pytest.mark.covers("G3", "G6")
def test_money_moved_once_and_the_books_agree(aftermath: Any) -> None:
    town, clients = aftermath
    put_up = [deed for deed in deeds(clients, "envelope") if deed.answer]
    assert town.rows("SELECT count(*) FROM wallet_redenvelope") == [(len(put_up),)]
    keys = Counter(greeting for (greeting,) in town.rows("SELECT greeting FROM wallet_redenvelope"))
    assert keys == Counter(deed.key for deed in put_up)
    assert town.rows(
        "SELECT envelope_id, claimed_by_id FROM wallet_share WHERE claimed_by_id IS NOT NULL "
        "GROUP BY 1, 2 HAVING count(*) > 1"
    ) == []  # fmt: skip
    told = {}
    for client in clients:
        for deed in client.deeds:
            if deed.kind == "claim" and deed.answer:
                amount = deed.answer["amount"]
                amount = amount["amount"] if isinstance(amount, dict) else amount
                assert told.setdefault((client.handle, deed.body["id"]), amount) == amount, (
                    "another answer the second time"
                )
    kept = {
        (handle, str(envelope)): amount
        for handle, envelope, amount in town.rows(
            "SELECT handle, envelope_id, amount FROM wallet_share JOIN accounts_user p ON p.id = claimed_by_id"
        )
    }
    assert kept == told

    checked = subprocess.run(
        [sys.executable, "manage.py", "verify_ledger"],
        cwd=ROOT, env=environment(DATA_DIR=town.folder), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert town.rows("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.covers("K1")
def test_nothing_owed_is_forgotten(aftermath: Any) -> None:
    town, _ = aftermath
    until = time.monotonic() + 60
    while (owed := town.rows("SELECT task FROM kernel_outboxrow WHERE due_at < datetime('now', '+1 hour')")) and (
        time.monotonic() < until
    ):
        time.sleep(0.2)
    assert owed == []
