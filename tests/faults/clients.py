"""Scripted clients, as the contract wants them (docs/rest.md): they keep trying until they are told yes or no, under
the same key; they hold one socket, and whenever that misses something they sync."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from .checker import Deed, Read

PATIENCE = 90  # seconds until a client gives up; no fault lasts half as long
BUSY = {502, 503, 504}  # answers that say: try again


class Unknown(Exception):
    """No answer: it may have happened, or not."""


@dataclass(frozen=True)
class Node:
    """One web server: where its pages and REST are, and where its sockets."""

    rest: int
    live: int


@dataclass
class Line:
    """A person's way to the servers. After a failure the next node is tried."""

    nodes: Sequence[Node]
    token: str
    at: int = 0

    @property
    def node(self) -> Node:
        return self.nodes[self.at % len(self.nodes)]

    def ask(self, method: str, path: str, timeout: float = 8, **options: Any) -> httpx.Response:
        headers = {"X-Session-Token": self.token, **options.pop("headers", {})}
        url = f"http://127.0.0.1:{self.node.rest}/api/v1{path}"
        try:
            return httpx.request(method, url, headers=headers, timeout=timeout, **options)
        except httpx.TransportError as error:
            self.at += 1
            raise Unknown(repr(error)) from error

    def open(self, timeout: float = 8) -> ClientConnection:
        protocols: Any = ["superapp.v1", f"token.{self.token}"]
        try:
            return connect(
                f"ws://127.0.0.1:{self.node.live}/ws/",
                subprotocols=protocols,
                open_timeout=timeout,
                close_timeout=1,
                ping_interval=None,
                max_queue=None,
                proxy=None,
                legacy=True,
            )
        except (OSError, WebSocketException, TimeoutError) as error:
            self.at += 1
            raise Unknown(repr(error)) from error


class Writer(threading.Thread):
    """Says things and opens red envelopes until it is told to stop; then finishes what it has begun."""

    def __init__(
        self,
        handle: str,
        line: Line,
        conversations: Sequence[str],
        envelopes: list[tuple[str, str]],
        dice: random.Random,
    ) -> None:
        super().__init__(name=f"writer {handle}", daemon=True)
        self.handle, self.line, self.dice = handle, line, dice
        self.conversations, self.envelopes = conversations, envelopes  # a group first; envelopes are known to all
        self.deeds: list[Deed] = []
        self.over = threading.Event()
        self.trouble = ""
        self.money = 0.12
        self.pause = 0.0
        self._socket: ClientConnection | None = None

    def run(self) -> None:
        try:
            while not self.over.wait(self.pause):
                self.deeds.append(self._plan())
                self._carry_out(self.deeds[-1])
        except Exception as error:
            self.trouble = f"{self.handle}: {error!r}"

    def _plan(self) -> Deed:
        key = str(UUID(int=self.dice.getrandbits(128), version=4))
        lot, conversation = self.dice.random(), self.dice.choice(self.conversations)
        if lot < self.money:
            body = {"kind": "lucky", "amount": self.dice.randrange(100, 300), "shares": 3, "greeting": key}
            return Deed("envelope", self.handle, self.conversations[0], key, body)
        theirs = [(where, number) for where, number in list(self.envelopes) if where in self.conversations]
        if lot < self.money * 2.5 and theirs:
            where, number = self.dice.choice(theirs)
            return Deed("claim", self.handle, where, key, {"id": number})
        return Deed("say", self.handle, conversation, key, {"text": key, "live": self.dice.random() < 0.5})

    def _carry_out(self, deed: Deed) -> None:
        began = time.monotonic()
        act: Callable[[Deed], None] = getattr(self, f"_{deed.kind}")
        while True:
            deed.attempts += 1
            try:
                act(deed)
            except Unknown as unknown:
                if time.monotonic() - began > PATIENCE:
                    raise TimeoutError(f"{deed} was never answered: {unknown}") from unknown
                time.sleep(0.1)
            else:
                deed.took = time.monotonic() - began
                return

    def _post(self, deed: Deed, path: str, body: dict[str, Any], **headers: str) -> None:
        response = self.line.ask("POST", path, json=body, headers=headers)
        if response.status_code >= 500:
            self.line.at += 1
            if response.status_code not in BUSY:
                deed.errors.append(f"{response.status_code} {response.text[:200]}")
            raise Unknown(str(response.status_code))
        if response.is_success:
            deed.answer = response.json()
        else:
            deed.refused = str(response.json()["code"])

    def _say(self, deed: Deed) -> None:
        if deed.body["live"]:
            self._say_live(deed)
        else:
            body = {"client_id": deed.key, "kind": "text", "text": deed.body["text"]}
            self._post(deed, f"/conversations/{deed.conversation}/messages/", body)

    def _envelope(self, deed: Deed) -> None:
        path = f"/conversations/{deed.conversation}/red-envelopes/"
        self._post(deed, path, deed.body, **{"Idempotency-Key": deed.key})
        if deed.answer:
            self.envelopes.append((deed.conversation, str(deed.answer["red_envelope"]["id"])))

    def _claim(self, deed: Deed) -> None:
        self._post(deed, f"/red-envelopes/{deed.body['id']}/claim/", {}, **{"Idempotency-Key": deed.key})

    def _say_live(self, deed: Deed) -> None:
        frame = {"type": "message.send", "ref": deed.key, "conversation": deed.conversation, "client_id": deed.key}
        try:
            self._socket = self._socket or self.line.open()
            self._socket.send(json.dumps({**frame, "text": deed.body["text"]}))
            answer = self._answer_to(deed.key)
        except (OSError, WebSocketException, TimeoutError) as error:
            self._hang_up()
            raise Unknown(repr(error)) from error
        if answer["type"] == "ack":
            deed.answer = answer
        elif answer["code"] == "unavailable":
            self._hang_up()
            raise Unknown("unavailable")
        else:
            deed.refused = str(answer["code"])

    def _answer_to(self, ref: str) -> dict[str, Any]:
        assert self._socket is not None
        until = time.monotonic() + 8
        while True:
            frame: dict[str, Any] = json.loads(self._socket.recv(max(0.01, until - time.monotonic())))
            if frame.get("ref") == ref:
                return frame

    def _hang_up(self) -> None:
        self.line.at += 1
        if self._socket is not None:
            with suppress(Exception):
                self._socket.close()
            self._socket = None


@dataclass
class Kept:
    """What a reader has of a conversation: up to which number, and its messages."""

    last: int = 0
    rows: dict[str, Read] = field(default_factory=dict)
    left: bool = False

    def keep(self, message: dict[str, Any]) -> None:
        if message["kind"] == "text":
            sender = message["sender"]["handle"] if message["sender"] else ""
            self.rows[message["id"]] = Read(int(message["seq"]), message["id"], message["text"], sender)

    def in_order(self) -> list[Read]:
        return sorted(self.rows.values(), key=lambda row: row.seq)


class Reader(threading.Thread):
    """A device that only reads: one socket, and a sync wherever it has missed something."""

    def __init__(self, handle: str, line: Line) -> None:
        super().__init__(name=f"reader {handle}", daemon=True)
        self.handle, self.line = handle, line
        self.kept: dict[str, Kept] = {}
        self.over = threading.Event()
        self.heard_live = 0
        self.synced = 0
        self.reconnects = -1
        self.silence = 5.0  # seconds after which a socket is taken for dead
        self.asleep = threading.Event()  # set: the device is switched off
        self.trouble = ""

    def run(self) -> None:
        while not self.over.is_set():
            if self.asleep.is_set():
                time.sleep(0.05)
                continue
            try:
                with self.line.open() as socket:
                    self.reconnects += 1
                    self._listen(socket)
            except (Unknown, OSError, WebSocketException, TimeoutError):
                self.line.at += 1
                time.sleep(random.uniform(0.05, 0.3))
            except Exception as error:
                self.trouble = f"{self.handle}: {error!r}"
                raise

    def _listen(self, socket: ClientConnection) -> None:
        heard_at = time.monotonic()
        while not self.over.is_set() and not self.asleep.is_set():
            try:
                frame = json.loads(socket.recv(0.25))
            except TimeoutError:
                if time.monotonic() - heard_at > self.silence:
                    raise
                continue
            heard_at = time.monotonic()
            if frame["type"] in {"hello", "heartbeat"}:
                socket.send('{"type": "ping"}')
                for conversation, head in frame["heads"].items():
                    if head > self._of(conversation).last:
                        self._sync(conversation)
            elif "seq" in frame and "conversation" in frame:
                self._take(frame)

    def _of(self, conversation: str) -> Kept:
        return self.kept.setdefault(str(conversation), Kept())

    def _take(self, event: dict[str, Any]) -> None:
        conversation, seq = str(event["conversation"]), int(event["seq"])
        kept = self._of(conversation)
        if seq == kept.last + 1 and event["type"] == "message.created":
            kept.keep(event["message"])
            kept.last = seq
            self.heard_live += 1
        elif seq > kept.last:
            self._sync(conversation)

    def _sync(self, conversation: str) -> None:
        kept = self._of(conversation)
        while not kept.left:
            page = fetch_changes(self.line, conversation, kept.last)
            if page is None:
                kept.left = True
                return
            self.synced += 1
            for message in page["messages"]:
                kept.keep(message)
            kept.last = max(kept.last, page["until"])
            if not page["has_more"]:
                return


def fetch_changes(line: Line, conversation: str, since: int) -> dict[str, Any] | None:
    """None: the conversation is not theirs (any more)."""
    response = line.ask("GET", f"/conversations/{conversation}/sync/?since={since}")
    if response.status_code == 404:
        return None
    if response.status_code != 200:
        raise Unknown(f"{response.status_code} {response.text[:200]}")
    page: dict[str, Any] = response.json()
    return page


def fetch_all(line: Line, conversation: str) -> list[Read] | None:
    kept = Kept()
    while True:
        page = fetch_changes(line, conversation, kept.last)
        if page is None:
            return None
        for message in page["messages"]:
            kept.keep(message)
        kept.last = page["until"]
        if not page["has_more"]:
            return kept.in_order()
