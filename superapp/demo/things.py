"""What people of the demo town send beside words and pictures; the stickers and emoji they do it with."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile

import chat.services as chat_services
from accounts.models import User
from chat.models import Conversation, CustomEmoji, Message, StickerPack
from uploads.services import convert_upload, receive_file

from . import media, stickers

PACK = "The little loaf"
PACK_OWNER = "zara"
HAVE_IT = "tom zara david mei"


class Things:
    def __init__(self, people: dict[str, User]) -> None:
        self._people = people
        self._stickers = self._draw_stickers()
        self._make_emoji()
        self._say: dict[str, Callable[[User, Conversation, str], Message]] = {
            "voice": self._voice,
            "film": self._film,
            "file": self._file,
            "place": self._place,
            "card": self._card,
            "sticker": self._sticker,
        }

    def say(self, sender: User, conversation: Conversation, what: str, which: str) -> Message:
        return self._say[what](sender, conversation, which)

    def _draw_stickers(self) -> dict[str, int]:
        owner = self._people[PACK_OWNER]
        pack = chat_services.make_pack(owner=owner, name=PACK, shared=True)
        made = {}
        for mood, (words, _draw) in stickers.MOODS.items():
            picture = BytesIO(stickers.sticker(mood))
            made[mood] = chat_services.add_sticker(owner=owner, pack=pack, file=picture, words=words).pk
        for handle in HAVE_IT.split():
            chat_services.add_pack(person=self._people[handle], pack=StickerPack.objects.get(pk=pack.pk))
        return made

    def _make_emoji(self) -> None:
        """Nobody in the town looks after it, so somebody does for this moment."""
        moderator = User(pk=self._people[PACK_OWNER].pk, is_staff=True)
        for name in stickers.EMOJI:
            if not CustomEmoji.objects.filter(name=name).exists():
                chat_services.make_custom_emoji(moderator=moderator, name=name, file=BytesIO(stickers.emoji(name)))

    def _upload(self, sender: User, name: str, content: bytes, kind: str) -> list[str]:
        upload = receive_file(owner=sender, file=SimpleUploadedFile(name, content), kind=kind)
        convert_upload(upload.pk)
        return [str(upload.pk)]

    def _send(self, sender: User, conversation: Conversation, kind: str, uploads: list[str]) -> Message:
        message, _new = chat_services.send_message(
            sender=sender, conversation=conversation, client_id=uuid.uuid4(), kind=kind, uploads=uploads
        )
        return message

    def _voice(self, sender: User, conversation: Conversation, seconds: str) -> Message:
        content = media.voice(sender.handle, int(seconds))
        return self._send(sender, conversation, "voice", self._upload(sender, "voice.ogg", content, "voice"))

    def _film(self, sender: User, conversation: Conversation, name: str) -> Message:
        return self._send(sender, conversation, "video", self._upload(sender, f"{name}.mp4", media.film(), "video"))

    def _file(self, sender: User, conversation: Conversation, name: str) -> Message:
        content = media.paper(name, media.PAPERS[name])
        return self._send(sender, conversation, "file", self._upload(sender, name, content, "file"))

    def _place(self, sender: User, conversation: Conversation, words: str) -> Message:
        name, address, at = (part.strip() for part in words.split("|"))
        latitude, longitude = map(float, at.split(","))
        message, _new = chat_services.send_place(
            sender=sender,
            conversation=conversation,
            client_id=uuid.uuid4(),
            place={"name": name, "address": address, "latitude": latitude, "longitude": longitude},
        )
        return message

    def _card(self, sender: User, conversation: Conversation, handle: str) -> Message:
        message, _new = chat_services.share_card(
            sender=sender, conversation=conversation, client_id=uuid.uuid4(), kind="person", name=handle
        )
        return message

    def _sticker(self, sender: User, conversation: Conversation, mood: str) -> Message:
        message, _new = chat_services.send_sticker(
            sender=sender, conversation=conversation, client_id=uuid.uuid4(), sticker_id=self._stickers[mood]
        )
        return message
