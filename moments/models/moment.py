from __future__ import annotations

from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Block, Friendship, User
from superapp.kernel.addresses import address
from uploads.models import Upload

LIKES_SHOWN = 50
COMMENTS_SHOWN = 20


class MomentQuerySet(models.QuerySet["Moment"]):
    """Who may see a moment is said here, and the same rule the other way round in `Moment.audience`."""

    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """One's own; and those of active friends, unless either keeps the other to chats, the author hides his
        Moments from the viewer, there is a block between them, or the moment is private."""
        if not viewer.is_authenticated or not viewer.is_active:
            return self.none()
        shared = Q(audience_mode=Moment.Audience.FRIENDS) | Q(author=viewer)
        return self.filter(shared, author__in=_shown_authors(viewer))

    def timeline_of(self, viewer: User) -> Self:
        """What comes to a viewer unasked: without those whose Moments the viewer has chosen not to be shown."""
        unwanted = Friendship.objects.filter(owner=viewer, hide_their_moments=True).values("friend")
        return self.visible_to(viewer).exclude(author__in=unwanted)

    def older_than(self, pk: int | None) -> Self:
        return self if pk is None else self.filter(pk__lt=pk)

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")


def _shown_authors(viewer: User) -> models.QuerySet[Any]:
    """Ids of the authors whose Moments a viewer may see, himself among them.

    One list from two indexes, so that the planner need not choose between "mine" and "theirs".
    """
    kept_to_chats = Friendship.objects.filter(owner=viewer, friend=OuterRef("owner"), chat_only=True)
    between = Q(blocker=viewer, blocked=OuterRef("owner")) | Q(blocker=OuterRef("owner"), blocked=viewer)
    friends = (
        Friendship.objects.filter(friend=viewer, owner__is_active=True, chat_only=False, hide_my_moments=False)
        .exclude(Exists(kept_to_chats))
        .exclude(Exists(Block.objects.filter(between)))
    )
    return User.objects.filter(pk=viewer.pk).values("pk").union(friends.values("owner"), all=True)


class Moment(models.Model):
    """Something shown to one's friends, and to nobody else."""

    class Audience(models.TextChoices):
        FRIENDS = "friends", _("All friends")
        PRIVATE = "private", _("Only me")

    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="moments")
    text = models.TextField(_("text"), blank=True)
    audience_mode = models.CharField(_("who can see it"), max_length=10, choices=Audience, default=Audience.FRIENDS)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MomentQuerySet.as_manager()

    # Filled by `with_card`.
    is_liked: bool
    shown_photos: list[MomentPhoto]
    latest_likes: list[Any]
    latest_comments: list[Any]

    class Meta:
        verbose_name = _("moment")
        verbose_name_plural = _("moments")
        indexes = [models.Index(fields=["author", "-id"], name="moment_of_author")]

    def __str__(self) -> str:
        return self.text[:60] or str(_("Photos"))

    def get_absolute_url(self) -> str:
        return address("moments:detail", self.pk)

    def is_visible_to(self, viewer: User | AnonymousUser) -> bool:
        return Moment.objects.visible_to(viewer).filter(pk=self.pk).exists()

    def audience(self) -> models.QuerySet[User]:
        """Who may see this moment: the rule of `MomentQuerySet.visible_to`, asked the other way round."""
        author = User.objects.active().filter(pk=self.author_id)
        if self.audience_mode == self.Audience.PRIVATE or not self.author.is_active:
            return author
        hidden = Q(hide_my_moments=True) | Q(chat_only=True)
        friends = (
            User.objects.active()
            .friends_of(self.author)
            .not_blocked_with(self.author)
            .exclude(Exists(Friendship.objects.filter(hidden, owner=self.author, friend=OuterRef("pk"))))
            .exclude(Exists(Friendship.objects.filter(owner=OuterRef("pk"), friend=self.author, chat_only=True)))
        )
        return author | friends

    def changeable_by(self, person: User | AnonymousUser) -> bool:
        return self.author_id == person.pk

    @property
    def is_private(self) -> bool:
        return self.audience_mode == self.Audience.PRIVATE

    @property
    def is_long(self) -> bool:
        """Whether a card folds the text. Bytes, because three of them take about the room of a Chinese character."""
        return len(self.text.encode()) > 420 or self.text.count("\n") > 6

    @property
    def shown_likes(self) -> list[Any]:
        """Those who like it, first come first."""
        return self.latest_likes[:LIKES_SHOWN][::-1]

    @property
    def has_more_likes(self) -> bool:
        return len(self.latest_likes) > LIKES_SHOWN

    @property
    def shown_comments(self) -> list[Any]:
        return self.latest_comments[:COMMENTS_SHOWN][::-1]

    @property
    def has_more_comments(self) -> bool:
        return len(self.latest_comments) > COMMENTS_SHOWN

    @property
    def uploads(self) -> list[Upload]:
        return [photo.upload for photo in self.shown_photos]


class MomentPhoto(models.Model):
    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="photos")
    upload = models.OneToOneField(Upload, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["moment", "position"], name="moment_photo_position")]

    def __str__(self) -> str:
        return f"{self.moment_id}/{self.position}"
