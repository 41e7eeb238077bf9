from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat.models import Conversation, Member

URL_LENGTH_MAX = 2000
DESCRIPTION_LENGTH_MAX = 300
BOTH_SECRETS_FOR = timedelta(hours=24)
FAILURES_BEFORE_PAUSE = 5


def hash_of(secret: str) -> str:
    """Tokens are long and random: one round is enough to look them up by, and nothing can be made of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Event(models.TextChoices):
    MESSAGE_CREATED = "message.created", _("a message is sent")
    MESSAGE_CHANGED = "message.changed", _("a message is edited or taken back")
    MEMBER_CHANGED = "member.changed", _("people come, go or change their role")
    COMMAND = "command", _("somebody uses a command")
    PING = "ping", _("trying it out")


# What may be chosen. Commands come to the bot that has them, whatever else it wants to hear.
EVENTS_OFFERED = [Event.MESSAGE_CREATED, Event.MESSAGE_CHANGED, Event.MEMBER_CHANGED]


class BotQuerySet(models.QuerySet["Bot"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """One's own: only the owner sees how a bot is set up."""
        if not viewer.is_authenticated:
            return self.none()
        return self.filter(owner=viewer, removed_at=None)

    def named(self, handle: str) -> Self:
        """The one with this handle, whatever came in its place."""
        return self.filter(user__in=User.objects.named(handle))

    def at_work(self) -> Self:
        return self.filter(removed_at=None, switched_off_at=None, user__is_active=True, owner__is_active=True)

    def in_conversation(self, conversation: Conversation) -> Self:
        here = Member.objects.active().filter(conversation=conversation, user=OuterRef("user"))
        return self.filter(Exists(here))

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")


class Bot(models.Model):
    """A program with a place in groups: a user without a password, made by a person who answers for it.

    It hears what happens in its groups as signed events at `url`, speaks through REST with a token, or both.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bot")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bots")
    description = models.CharField(_("description"), max_length=DESCRIPTION_LENGTH_MAX, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    token_hint = models.CharField(max_length=8, blank=True, editable=False)
    token_made_at = models.DateTimeField(null=True, blank=True, editable=False)
    url = models.CharField(_("address for events"), max_length=URL_LENGTH_MAX, blank=True)
    events = models.JSONField(default=list, blank=True)
    secret = models.CharField(max_length=64, editable=False)
    old_secret = models.CharField(max_length=64, blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)  # in a row
    paused_until = models.DateTimeField(null=True, blank=True, editable=False)
    switched_off_at = models.DateTimeField(null=True, blank=True, editable=False)  # by a moderator
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = BotQuerySet.as_manager()

    class Meta:
        verbose_name = _("bot")
        verbose_name_plural = _("bots")
        permissions = [("switch_off_bot", "Can switch bots off and on")]

    def __str__(self) -> str:
        return f"@{self.user.handle}"

    def get_absolute_url(self) -> str:
        return reverse("bots:detail", args=[self.user.handle])

    @property
    def is_at_work(self) -> bool:
        return self.removed_at is None and self.switched_off_at is None and self.user.is_active and self.owner.is_active

    @property
    def is_paused(self) -> bool:
        return self.paused_until is not None and self.paused_until > now()

    @property
    def secrets(self) -> list[str]:
        """Both while one takes the place of the other."""
        old = [self.old_secret] if self.old_secret_until and self.old_secret_until > now() else []
        return [self.secret, *old]

    def hears(self, event: str) -> bool:
        return bool(self.url) and event in self.events


class SlashCommand(models.Model):
    """A word that people can call a bot by, in the groups it is in."""

    NAME = RegexValidator(
        r"\A[a-z][a-z0-9_-]{0,31}\Z", _("Use small letters, digits, - and _, beginning with a letter.")
    )

    bot = models.ForeignKey(Bot, on_delete=models.CASCADE, related_name="commands", db_index=False)
    name = models.CharField(_("command"), max_length=32, validators=[NAME])
    hint = models.CharField(_("what comes after it"), max_length=60, blank=True)
    description = models.CharField(_("what it does"), max_length=120)

    class Meta:
        verbose_name = _("command")
        verbose_name_plural = _("commands")
        constraints = [models.UniqueConstraint(fields=["bot", "name"], name="slash_command_unique")]
        ordering = ["name"]

    def __str__(self) -> str:
        return f"/{self.name}"
