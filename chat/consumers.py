"""The live socket, /ws/: one for each device, for everything (docs/rest.md)."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from limits import parse

from accounts.models import User
from accounts.presence import mark_here, mark_leaving
from superapp.kernel import errors, live, strict_json

from . import frames
from .generation import generation_name
from .heartbeat import Pulse, heart
from .sessions import comes_from_our_pages, credentials_of, person_of, subprotocol_of
from .sync import heads_of
from .threads import in_thread

logger = logging.getLogger(__name__)

FOREIGN_ORIGIN, FLOODING, TOO_LARGE = 4403, 4429, 1009
LOOK_AGAIN_AFTER = 2.0  # seconds for which a session that was found good is taken to be good
TYPING_EVERY = 2.0

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Malformed(errors.Invalid):
    code = "malformed"


class LiveConsumer:
    """One open socket. Its frames are taken one after the other, so one sender's messages keep their order."""

    @classmethod
    def as_asgi(cls) -> Callable[[Message, Receive, Send], Awaitable[None]]:
        async def application(scope: Message, receive: Receive, send: Send) -> None:
            await cls(scope, send).run(receive)

        return application

    def __init__(self, scope: Message, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._credentials = credentials_of(scope)
        self._bucket = Bucket()
        self._typed_at: dict[str, float] = {}
        self._looked_at = 0.0
        self._person: User
        self._socket: live.Socket
        self._pulse: Pulse

    async def run(self, receive: Receive) -> None:
        await receive()  # websocket.connect
        if self._credentials.from_cookie and not comes_from_our_pages(self._scope):
            await self._send({"type": "websocket.close", "code": FOREIGN_ORIGIN})
            return
        person = await in_thread(person_of, self._credentials.session_key)
        await self._send({"type": "websocket.accept", "subprotocol": subprotocol_of(self._scope)})
        if person is None:
            await self._send({"type": "websocket.close", "code": live.SIGNED_OUT})
            return
        self._person = person
        self._socket = live.Socket(person.pk, self._send, held=True)
        self._pulse = Pulse(self._socket, self._credentials.session_key)
        self._socket.on_doubt = self._pulse.hurry
        live.hub.register(self._socket)
        heart.add(self._pulse)
        try:
            await live.hub.ready()
            hello = await in_thread(self._hello)
            if hello is None:
                self._socket.close(live.SIGNED_OUT)
            self._socket.release(live.encode(hello) if hello else None)
            while (message := await receive())["type"] != "websocket.disconnect":
                await self._hear(message)
        finally:
            live.hub.unregister(self._socket)
            heart.remove(self._pulse)
            if not live.hub.has(self._person.pk):
                await in_thread(mark_leaving, self._person.pk)

    def _hello(self) -> Message | None:
        """None when the session has ended while the socket was being opened, before it could be told."""
        if person_of(self._credentials.session_key) is None:
            return None
        mark_here([self._person.pk])
        return {
            "type": "hello",
            "generation": generation_name(),
            "heartbeat": settings.LIVE_HEARTBEAT,
            "me": self._person.handle,
            "heads": heads_of(self._person.pk),
        }

    async def _hear(self, message: Message) -> None:
        if self._socket.closing:
            return
        self._pulse.heard_at = time.monotonic()
        text = message.get("text")
        if len(text.encode() if text is not None else message.get("bytes") or b"") > settings.LIVE_MAX_FRAME:
            self._socket.close(TOO_LARGE)
        elif not self._bucket.take():
            self._socket.close(FLOODING)
        else:
            try:
                await self._obey(_frame_of(text))
            except Malformed as refusal:
                with translation.override(self._person.language):
                    self._write(frames.refused({}, refusal))

    async def _obey(self, frame: frames.Frame) -> None:
        if frame.get("type") == "ping":
            self._write({"type": "pong"})
            return
        if frame.get("type") == "typing" and not self._may_type_again(frame.get("conversation")):
            return
        try:
            reply = await in_thread(self._answer, frame)
        except Exception:  # a fault of ours must not end the socket, nor show itself
            logger.exception("a frame could not be answered")
            reply = frames.refused(frame, frames.Unavailable())
        if reply is SIGNED_OUT:
            self._socket.close(live.SIGNED_OUT)
        elif reply is not None:
            self._write(reply)

    def _answer(self, frame: frames.Frame) -> Message | None:
        """In a thread. A session that has ended does nothing more, even if nobody could tell the socket."""
        now = time.monotonic()
        if now - self._looked_at > LOOK_AGAIN_AFTER:
            person = person_of(self._credentials.session_key)
            if person is None:
                return SIGNED_OUT
            self._person, self._looked_at = person, now
        return frames.answer(self._person, frame)

    def _may_type_again(self, conversation: object) -> bool:
        now, key = time.monotonic(), str(conversation)[:32]
        if now - self._typed_at.get(key, 0.0) < TYPING_EVERY:
            return False
        if len(self._typed_at) > 100:
            self._typed_at.clear()
        self._typed_at[key] = now
        return True

    def _write(self, frame: Message) -> None:
        self._socket.write(live.encode(frame))


SIGNED_OUT: Message = {"type": "signed out"}


class Bucket:
    """So many frames at once, and as many again in the time of the rule `socket-frame`."""

    def __init__(self) -> None:
        rate = parse(settings.RATE_LIMITS["socket-frame"][0])
        self._size = float(rate.amount)
        self._per_second = rate.amount / rate.get_expiry()
        self._level = self._size
        self._filled_at = time.monotonic()

    def take(self) -> bool:
        if not settings.RATE_LIMITS_ENABLED:
            return True
        now = time.monotonic()
        self._level = min(self._size, self._level + (now - self._filled_at) * self._per_second)
        self._filled_at = now
        if self._level < 1:
            return False
        self._level -= 1
        return True


def _frame_of(text: str | None) -> frames.Frame:
    try:
        frame = strict_json.read(text) if text is not None else None
    except ValueError as error:
        raise Malformed(_("This is not JSON that can be understood.")) from error
    if not isinstance(frame, dict):
        raise Malformed(_("A frame is a JSON object."))
    return frame
