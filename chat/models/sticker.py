from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from superapp.kernel.addresses import address

if TYPE_CHECKING:
    from accounts.models import User

PACK_NAME_LENGTH_MAX = 40
STICKER_WORDS_LENGTH_MAX = 40
EMOJI_NAME_LENGTH_MAX = 30
STICKER_EDGE = 256
EMOJI_EDGE = 64


class StickerPackQuerySet(models.QuerySet["StickerPack"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """One's own, those that everybody may use, and those one has added while they were."""
        if not viewer.is_authenticated:
            return self.none()
        added = AddedPack.objects.filter(pack=OuterRef("pk"), person=viewer)
        return self.filter(Q(owner=viewer) | Q(shared=True) | Exists(added), removed_at=None)

    def in_panel_of(self, person: User) -> Self:
        """What the person has at hand when writing: the packs added, those of his own among them."""
        return (
            self.visible_to(person)
            .filter(added__person=person)
            .order_by("added__pk")
            .prefetch_related(Prefetch("stickers", Sticker.objects.filter(removed_at=None).order_by("pk")))
        )


class StickerPack(models.Model):
    name = models.CharField(_("name"), max_length=PACK_NAME_LENGTH_MAX)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sticker_packs")
    shared = models.BooleanField(_("everybody here may use it"), default=False)
    created_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = StickerPackQuerySet.as_manager()

    class Meta:
        verbose_name = _("sticker pack")
        verbose_name_plural = _("sticker packs")
        indexes = [models.Index(fields=["-created_at"], condition=Q(shared=True, removed_at=None), name="pack_shared")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("chat:sticker_pack", args=[self.pk])

    def changeable_by(self, person: User) -> bool:
        return self.owner_id == person.pk

    def removable_by(self, person: User) -> bool:
        """Its owner; and who looks after the place, while everybody may use it."""
        return self.owner_id == person.pk or (self.shared and person.is_staff)


class StickerQuerySet(models.QuerySet["Sticker"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Those of packs one sees, and those one has kept."""
        if not viewer.is_authenticated:
            return self.none()
        packs = StickerPack.objects.visible_to(viewer)
        kept = FavouriteSticker.objects.filter(sticker=OuterRef("pk"), person=viewer)
        return self.filter(Q(pack__in=packs, removed_at=None) | Exists(kept))

    def kept_by(self, person: User) -> Self:
        return self.filter(favourites__person=person).order_by("-favourites__pk")


class Sticker(models.Model):
    """A small picture, perhaps moving. What has been sent stays to be seen when it is taken out of its pack."""

    pack = models.ForeignKey(StickerPack, on_delete=models.CASCADE, related_name="stickers")
    words = models.CharField(_("in words"), max_length=STICKER_WORDS_LENGTH_MAX)
    image = models.CharField(max_length=100, editable=False)  # a name in the storage
    width = models.PositiveSmallIntegerField(editable=False)
    height = models.PositiveSmallIntegerField(editable=False)
    created_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = StickerQuerySet.as_manager()

    class Meta:
        verbose_name = _("sticker")
        verbose_name_plural = _("stickers")

    def __str__(self) -> str:
        return self.words

    @property
    def url(self) -> str:
        return picture_url(self.image)


class AddedPack(models.Model):
    pack = models.ForeignKey(StickerPack, on_delete=models.CASCADE, related_name="added", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("added sticker pack")
        verbose_name_plural = _("added sticker packs")
        constraints = [models.UniqueConstraint(fields=["person", "pack"], name="pack_added_once")]
        indexes = [models.Index(fields=["pack"], name="pack_added")]

    def __str__(self) -> str:
        return f"{self.pack_id} by {self.person_id}"


class FavouriteSticker(models.Model):
    sticker = models.ForeignKey(Sticker, on_delete=models.CASCADE, related_name="favourites", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    kept_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("favourite sticker")
        verbose_name_plural = _("favourite stickers")
        constraints = [models.UniqueConstraint(fields=["person", "sticker"], name="sticker_kept_once")]
        indexes = [models.Index(fields=["sticker"], name="sticker_kept")]

    def __str__(self) -> str:
        return f"{self.sticker_id} by {self.person_id}"


class CustomEmoji(models.Model):
    """A little picture that everybody here may put into a text by `:name:`."""

    name = models.CharField(_("name"), max_length=EMOJI_NAME_LENGTH_MAX, unique=True)
    image = models.CharField(max_length=100, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("custom emoji")
        verbose_name_plural = _("custom emoji")

    def __str__(self) -> str:
        return f":{self.name}:"

    @property
    def url(self) -> str:
        return picture_url(self.image)


def picture_url(name: str) -> str:
    """The address of a sticker or an emoji. It never changes, and nobody can guess it."""
    return address("chat:sticker_picture", name.rpartition("/")[2].removesuffix(".webp"))
