"""Packs of stickers: made by people, used by their makers or by everybody, kept one by one."""

from __future__ import annotations

import secrets
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_line
from chat.models import AddedPack, FavouriteSticker, Message, Sticker, StickerPack
from chat.models.sticker import PACK_NAME_LENGTH_MAX, STICKER_EDGE, STICKER_WORDS_LENGTH_MAX
from superapp.kernel import limits
from superapp.kernel.animation import read_animation
from superapp.kernel.errors import Conflict, Forbidden, Invalid, NotFound

PACKS_MAX = 30  # made by one person
PACKS_ADDED_MAX = 60
STICKERS_IN_PACK_MAX = 120
FAVOURITES_MAX = 300


class NotYourPack(Forbidden):
    code = "not_allowed"
    sentence = _("Only the one who made this pack may change it.")


class BadName(Invalid):
    code = "bad_name"
    sentence = _("Write a name of at most 40 characters.")


class TooManyPacks(Conflict):
    code = "too_many"
    sentence = _("You have as many packs as one may have.")


class PackFull(Conflict):
    code = "too_many"
    sentence = _("This pack is full.")


class TooManyFavourites(Conflict):
    code = "too_many"
    sentence = _("You have kept as many stickers as one may keep. Remove one first.")


@transaction.atomic
def make_pack(*, owner: User, name: str, shared: bool = False) -> StickerPack:
    """An empty pack, at hand for its owner at once."""
    name = _checked_name(name)
    User.objects.filter(pk=owner.pk).locked().get()
    if StickerPack.objects.filter(owner=owner, removed_at=None).count() >= PACKS_MAX:
        raise TooManyPacks
    pack = StickerPack.objects.create(owner=owner, name=name, shared=shared)
    AddedPack.objects.create(pack=pack, person=owner)
    return pack


@transaction.atomic
def change_pack(*, owner: User, pack: StickerPack, name: str | None = None, shared: bool | None = None) -> StickerPack:
    pack = _own(owner, pack)
    pack.name = pack.name if name is None else _checked_name(name)
    pack.shared = pack.shared if shared is None else shared
    pack.save(update_fields=["name", "shared"])
    return pack


@transaction.atomic
def remove_pack(*, actor: User, pack: StickerPack) -> None:
    """Nobody finds or uses it any more. What was sent stays to be seen, what was kept stays kept."""
    pack = _visible(actor, pack)
    if not pack.removable_by(actor):
        raise NotYourPack
    pack.removed_at = now()
    pack.save(update_fields=["removed_at"])


def add_sticker(*, owner: User, pack: StickerPack, file: IO[bytes], words: str) -> Sticker:
    """Put a picture into one's pack. `words` say what it shows, for lists and for those who cannot see it."""
    limits.count("sticker", owner.pk)
    pack = _visible(owner, pack)
    if not pack.changeable_by(owner):
        raise NotYourPack
    words = _checked_words(words)
    picture = read_animation(file, STICKER_EDGE)
    stored = default_storage.save(f"stickers/{secrets.token_urlsafe(24)}.webp", ContentFile(picture.content))
    try:
        return _put_in(owner, pack, words=words, image=stored, width=picture.width, height=picture.height)
    except BaseException:
        default_storage.delete(stored)
        raise


@transaction.atomic
def _put_in(owner: User, pack: StickerPack, **sticker: object) -> Sticker:
    pack = _own(owner, pack)
    if Sticker.objects.filter(pack=pack, removed_at=None).count() >= STICKERS_IN_PACK_MAX:
        raise PackFull
    return Sticker.objects.create(pack=pack, **sticker)


@transaction.atomic
def remove_sticker(*, owner: User, sticker: Sticker) -> None:
    _own(owner, sticker.pack)
    Sticker.objects.filter(pk=sticker.pk, removed_at=None).update(removed_at=now())


@transaction.atomic
def add_pack(*, person: User, pack: StickerPack) -> None:
    """Have it at hand when writing. Added twice, it is there once."""
    pack = _visible(person, pack)
    User.objects.filter(pk=person.pk).locked().get()
    if AddedPack.objects.filter(person=person).count() >= PACKS_ADDED_MAX:
        raise TooManyPacks
    AddedPack.objects.get_or_create(person=person, pack=pack)


@transaction.atomic
def put_pack_away(*, person: User, pack: StickerPack) -> None:
    AddedPack.objects.filter(person=person, pack=pack).delete()


@transaction.atomic
def keep_sticker(*, person: User, sticker: Sticker | None = None, message: Message | None = None) -> Sticker:
    """Add a sticker to one's own: one of a pack, or one that a message shows."""
    sticker = _sticker_of(person, message) if message is not None else sticker
    if sticker is None or (message is None and not Sticker.objects.visible_to(person).filter(pk=sticker.pk).exists()):
        raise NotFound
    User.objects.filter(pk=person.pk).locked().get()
    if FavouriteSticker.objects.filter(person=person, sticker=sticker).exists():
        return sticker
    if FavouriteSticker.objects.filter(person=person).count() >= FAVOURITES_MAX:
        raise TooManyFavourites
    FavouriteSticker.objects.create(person=person, sticker=sticker)
    return sticker


@transaction.atomic
def forget_sticker(*, person: User, sticker: Sticker) -> None:
    FavouriteSticker.objects.filter(person=person, sticker=sticker).delete()


def _sticker_of(person: User, message: Message) -> Sticker | None:
    shown = (
        Message.objects.visible_to(person).filter(pk=message.pk, kind=Message.Kind.STICKER, recalled_at=None).first()
    )
    return Sticker.objects.filter(pk=int(shown.payload["sticker"])).first() if shown else None


def _visible(person: User, pack: StickerPack) -> StickerPack:
    found = StickerPack.objects.visible_to(person).filter(pk=pack.pk).first()
    if found is None:
        raise NotFound
    return found


def _own(owner: User, pack: StickerPack) -> StickerPack:
    """Held until the transaction ends."""
    found = _visible(owner, pack)
    if not found.changeable_by(owner):
        raise NotYourPack
    return StickerPack.objects.select_for_update(no_key=True, of=("self",)).get(pk=found.pk)


def _checked_name(name: str) -> str:
    name = clean_line(name)
    if not 0 < len(name) <= PACK_NAME_LENGTH_MAX:
        raise BadName(errors={"name": BadName.sentence})
    return name


def _checked_words(words: str) -> str:
    words = clean_line(words)
    if not 0 < len(words) <= STICKER_WORDS_LENGTH_MAX:
        raise BadName(errors={"words": _("Say in at most 40 characters what it shows.")})
    return words
