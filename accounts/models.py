from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from .handles import looks_like_handle, validate_handle


class UserQuerySet(models.QuerySet["User"]):
    """The words for how people stand to one another. Nothing else in the product spells these joins."""

    def active(self) -> Self:
        return self.filter(is_active=True)

    def friends_of(self, person: User) -> Self:
        return self.filter(Exists(Friendship.objects.filter(owner=person, friend=OuterRef("pk"))))

    def blocked_by(self, person: User) -> Self:
        return self.active().filter(Exists(Block.objects.filter(blocker=person, blocked=OuterRef("pk"))))

    def not_blocked_with(self, person: User) -> Self:
        """Without those whom `person` blocks, and those who block `person`."""
        return self.exclude(
            Exists(
                Block.objects.filter(
                    Q(blocker=person, blocked=OuterRef("pk")) | Q(blocker=OuterRef("pk"), blocked=person)
                )
            )
        )

    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Whose profile card may be opened: signed-in people see everybody active who has not blocked them."""
        if not viewer.is_authenticated:
            return self.none()
        blocks_viewer = Block.objects.filter(blocker=OuterRef("pk"), blocked=viewer)
        return self.active().exclude(Exists(blocks_viewer))

    def sharing_presence_with(self, person: User) -> Self:
        """Friends who show him when they are here, as he shows them."""
        if person.presence != User.Presence.FRIENDS:
            return self.none()
        return self.active().friends_of(person).filter(presence=User.Presence.FRIENDS)

    def sharing_receipts_with(self, person: User) -> Self:
        """Friends who tell him what they have read, as he tells them."""
        if not person.read_receipts:
            return self.none()
        return self.active().friends_of(person).filter(read_receipts=True)

    def named(self, handle: str) -> Self:
        """The one with this handle, whatever came in its place."""
        return self.filter(handle=handle.lower()) if looks_like_handle(handle) else self.none()

    def found_by(self, query: str) -> Self:
        """Whose handle is exactly this, or whose name begins with it."""
        query = query.strip().removeprefix("@")
        if not query:
            return self.none()
        begins = Q(lower_name__startswith=query.lower()) | Q(display_name__startswith=query)
        return self.alias(lower_name=Lower("display_name")).filter(begins | Q(handle=query.lower()))

    def locked(self) -> Self:
        return self.select_for_update(no_key=True).order_by("pk")


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, handle: str, email: str, password: str | None = None, **fields: Any) -> User:
        user: User = self.model(handle=handle.lower(), email=self.normalize_email(email).lower(), **fields)
        user.display_name = user.display_name or handle
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, handle: str, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(handle, email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, handle: str | None) -> User:
        user: User = self.get(handle=(handle or "").lower())
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person. One account for everything."""

    class Presence(models.TextChoices):
        FRIENDS = "friends", _("my friends")
        NOBODY = "nobody", _("nobody")

    handle = models.CharField(
        _("handle"),
        max_length=30,
        unique=True,
        validators=[validate_handle],
        error_messages={"unique": _("This handle is taken.")},
    )
    display_name = models.CharField(_("name"), max_length=50)
    email = models.EmailField(_("e-mail"), max_length=254)
    avatar = models.CharField(max_length=120, blank=True, editable=False)  # storage name; empty: coloured initial
    bio = models.CharField(_("bio"), max_length=160, blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    timezone = models.CharField(_("time zone"), max_length=50, default="UTC")
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    # A program with a place in groups, made and answered for by people. It has no password and no friends.
    is_bot = models.BooleanField(_("bot"), default=False, db_default=False, editable=False)
    link_previews = models.BooleanField(_("show what my links lead to"), default=True, db_default=True)
    # What of a person's comings and goings others see. Both ways: who shows nothing is shown nothing.
    read_receipts = models.BooleanField(_("read receipts"), default=False, db_default=False)
    presence = models.CharField(
        _("who sees when I am here"),
        max_length=7,
        choices=Presence,
        default=Presence.NOBODY,
        db_default=Presence.NOBODY.value,
    )
    last_seen_at = models.DateTimeField(null=True, blank=True, editable=False)  # to some minutes
    joined_at = models.DateTimeField(default=now)
    # Part of every session's hash: raising it ends all sessions and tokens for good.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "handle"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique", condition=~Q(email=""))]
        indexes = [models.Index(Lower("display_name"), name="user_display_name")]
        permissions = [("suspend_user", "Can suspend and restore people")]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        return reverse("accounts:profile", args=[self.handle])

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    @property
    def avatar_url(self) -> str | None:
        """A path that changes with the picture; the signed-in may open it."""
        return reverse("accounts:avatar", args=[PurePosixPath(self.avatar).stem]) if self.avatar else None

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's hash of the password, with the epoch added."""
        return salted_hmac(
            "accounts.models.User.session", f"{self.session_epoch}:{self.password}", secret=secret, algorithm="sha256"
        ).hexdigest()

    def is_friend_of(self, other: User) -> bool:
        return Friendship.objects.filter(owner=self, friend=other).exists()

    def has_blocked(self, other: User) -> bool:
        return Block.objects.filter(blocker=self, blocked=other).exists()

    def is_blocked_with(self, other: User) -> bool:
        return not User.objects.filter(pk=other.pk).not_blocked_with(self).exists()


class FriendRequestQuerySet(models.QuerySet["FriendRequest"]):
    def pending(self, at: datetime | None = None) -> Self:
        return self.filter(state=FriendRequest.State.PENDING, expires_at__gt=at or now())

    def standing(self, at: datetime | None = None) -> Self:
        """What the sender still sees as sent. A decline is silent, so a declined request stands until it expires."""
        return self.exclude(state=FriendRequest.State.ACCEPTED).filter(expires_at__gt=at or now())

    def between(self, one: User, other: User) -> Self:
        return self.filter(Q(sender=one, receiver=other) | Q(sender=other, receiver=one))

    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        if not viewer.is_authenticated:
            return self.none()
        return self.filter(Q(sender=viewer) | Q(receiver=viewer)).filter(
            sender__is_active=True, receiver__is_active=True
        )

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")


class FriendRequest(models.Model):
    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")

    sender = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sent_friend_requests")
    receiver = models.ForeignKey(User, on_delete=models.CASCADE, related_name="received_friend_requests")
    greeting = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    objects = FriendRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "receiver"], condition=Q(state="pending"), name="friend_request_one_pending"
            ),
            models.CheckConstraint(condition=~Q(sender=models.F("receiver")), name="friend_request_not_to_self"),
        ]
        indexes = [models.Index(fields=["receiver", "state", "-id"], name="friend_request_inbox")]

    def __str__(self) -> str:
        return f"{self.sender.handle} → {self.receiver.handle}"

    def state_seen_by(self, viewer: User) -> str:
        """A decline is between the receiver and himself."""
        hidden = self.state == self.State.DECLINED and self.receiver_id != viewer.pk
        return self.State.PENDING if hidden else self.state

    def answerable_by(self, person: User) -> bool:
        return self.receiver_id == person.pk and self.state == self.State.PENDING and self.expires_at > now()


class FriendTagQuerySet(models.QuerySet["FriendTag"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        return self.filter(owner=viewer) if viewer.is_authenticated else self.none()

    def with_sizes(self) -> Self:
        return self.annotate(size=Count("friendships", filter=Q(friendships__friend__is_active=True)))


class FriendTag(models.Model):
    """A person's own label on friends, reused as an audience."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="friend_tags")
    name = models.CharField(_("name"), max_length=30)

    objects = FriendTagQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("owner", Lower("name"), name="friend_tag_unique")]

    def __str__(self) -> str:
        return self.name


class FriendshipQuerySet(models.QuerySet["Friendship"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """One's own side, as long as the other is active."""
        return self.filter(owner=viewer, friend__is_active=True) if viewer.is_authenticated else self.none()

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")


class Friendship(models.Model):
    """One person's side of a friendship; the other side is a row of its own. What `owner` notes about `friend`."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="friendships")
    friend = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    remark = models.CharField(_("remark name"), max_length=50, blank=True)
    chat_only = models.BooleanField(_("chat only"), default=False)
    hide_my_moments = models.BooleanField(_("hide my Moments from them"), default=False)
    hide_their_moments = models.BooleanField(_("hide their Moments from me"), default=False)
    starred = models.BooleanField(_("starred"), default=False)
    tags = models.ManyToManyField(FriendTag, related_name="friendships", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FriendshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "friend"], name="friendship_unique"),
            models.CheckConstraint(condition=~Q(owner=models.F("friend")), name="friendship_not_with_self"),
        ]

    def __str__(self) -> str:
        return f"{self.owner.handle} → {self.friend.handle}"

    @property
    def name(self) -> str:
        """What the owner calls the friend."""
        return self.remark or self.friend.display_name


class BlockQuerySet(models.QuerySet["Block"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Only the blocker knows."""
        return self.filter(blocker=viewer, blocked__is_active=True) if viewer.is_authenticated else self.none()


class Block(models.Model):
    blocker = models.ForeignKey(User, on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(User, on_delete=models.CASCADE, related_name="blocked_by")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_unique"),
            models.CheckConstraint(condition=~Q(blocker=models.F("blocked")), name="block_not_self"),
        ]

    def __str__(self) -> str:
        return f"{self.blocker.handle} blocks {self.blocked.handle}"
