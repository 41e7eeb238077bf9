from __future__ import annotations

import re
import secrets
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat.custom_emoji import forget_custom_emoji
from chat.models import CustomEmoji
from chat.models.sticker import EMOJI_EDGE, EMOJI_NAME_LENGTH_MAX
from superapp.kernel import limits
from superapp.kernel.animation import read_animation
from superapp.kernel.errors import Conflict, Forbidden, Invalid

_NAME = re.compile(rf"[a-z0-9_]{{2,{EMOJI_NAME_LENGTH_MAX}}}")
CUSTOM_EMOJI_MAX = 1000


class ModeratorsOnly(Forbidden):
    code = "not_allowed"
    sentence = _("Only the people who look after this place may do this.")


class BadEmojiName(Invalid):
    code = "bad_name"
    sentence = _("A name has 2 to 30 letters a to z, digits or underscores.")


class EmojiNameTaken(Conflict):
    code = "name_taken"
    sentence = _("There is an emoji of this name already.")


class TooManyEmoji(Conflict):
    code = "too_many"
    sentence = _("There are as many emoji as there may be.")


def make_custom_emoji(*, moderator: User, name: str, file: IO[bytes]) -> CustomEmoji:
    if not moderator.is_staff:
        raise ModeratorsOnly
    limits.count("upload", moderator.pk)
    name = name.strip().strip(":").lower()
    if not _NAME.fullmatch(name):
        raise BadEmojiName(errors={"name": BadEmojiName.sentence})
    if CustomEmoji.objects.count() >= CUSTOM_EMOJI_MAX:
        raise TooManyEmoji
    picture = read_animation(file, EMOJI_EDGE)
    stored = default_storage.save(f"stickers/{secrets.token_urlsafe(24)}.webp", ContentFile(picture.content))
    try:
        with transaction.atomic():
            made = CustomEmoji.objects.create(name=name, image=stored, created_by=moderator)
            transaction.on_commit(forget_custom_emoji, robust=True)
    except IntegrityError as error:
        default_storage.delete(stored)
        raise EmojiNameTaken(errors={"name": EmojiNameTaken.sentence}) from error
    return made


@transaction.atomic
def remove_custom_emoji(*, moderator: User, emoji: CustomEmoji) -> None:
    """Where it was written its name stands again. Its picture stays for reactions that show it."""
    if not moderator.is_staff:
        raise ModeratorsOnly
    emoji.delete()
    transaction.on_commit(forget_custom_emoji, robust=True)
