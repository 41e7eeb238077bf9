from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Exists, F, Min, OuterRef, Window
from django.db.models.functions import Now, RowNumber
from django.utils.translation import gettext_lazy as _

from .message import Message

if TYPE_CHECKING:
    from accounts.models import User

EMOJI_LENGTH_MAX = 40
PEOPLE_SHOWN = 5


class ReactionQuerySet(models.QuerySet["Reaction"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Who may read a message sees who has reacted to it."""
        return self.filter(Exists(Message.objects.visible_to(viewer).filter(pk=OuterRef("message"))))

    def first_of_each(self) -> Self:
        """Of each emoji of each message, those who chose it first. `total` says how many have, `began` which was the
        first."""
        alike = [F("message"), F("emoji")]
        return self.annotate(
            total=Window(Count("pk"), partition_by=alike),
            began=Window(Min("pk"), partition_by=alike),
            place=Window(RowNumber(), partition_by=alike, order_by=F("pk").asc()),
        ).filter(place__lte=PEOPLE_SHOWN)


class Reaction(models.Model):
    """A person answers a message with an emoji. `Message.reaction_count` says whether there are any to load."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reactions", db_index=False)
    conversation = models.ForeignKey("chat.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    emoji = models.CharField(max_length=EMOJI_LENGTH_MAX)
    created_at = models.DateTimeField(db_default=Now())

    objects = ReactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        constraints = [models.UniqueConstraint(fields=["message", "user", "emoji"], name="reaction_once")]

    def __str__(self) -> str:
        return f"{self.emoji} {self.message_id}"


@dataclass(frozen=True)
class Reacted:
    """One emoji under a message: how many have chosen it, and the first of them."""

    emoji: str
    count: int
    people: list[User]


def attach_reactions(messages: Iterable[Message], viewer_id: int | None = None) -> None:
    """Give messages what stands under them, and what of it is the viewer's own. Where nobody has reacted, nothing is
    asked."""
    reacted = {message.pk: message for message in messages if message.reaction_count}
    if not reacted:
        return
    groups: dict[int, dict[str, Reacted]] = defaultdict(dict)
    chosen: Any = Reaction.objects.filter(message__in=reacted).first_of_each().select_related("user")
    for reaction in chosen.order_by("began", "pk"):
        group = groups[reaction.message_id].setdefault(reaction.emoji, Reacted(reaction.emoji, reaction.total, []))
        group.people.append(reaction.user)
    for message in reacted.values():
        message.reacted = list(groups[message.pk].values())
    if viewer_id is not None:
        _attach_own(reacted, viewer_id)


def _attach_own(messages: dict[int, Message], viewer_id: int) -> None:
    own: dict[int, set[str]] = defaultdict(set)
    mine = Reaction.objects.filter(message__in=messages, user=viewer_id)
    for message_id, emoji in mine.values_list("message_id", "emoji"):
        own[message_id].add(emoji)
    for message in messages.values():
        message.own_reactions = own[message.pk]


def reactions_of(message: Message) -> list[Reacted]:
    """What stands under one message; from `attach_reactions` where that has been called."""
    if not message.reaction_count:
        return []
    if message.reacted is None:
        attach_reactions([message])
    return message.reacted or []


def own_reactions_of(message: Message, viewer_id: int) -> set[str]:
    if not message.reaction_count:
        return set()
    if message.own_reactions is None:
        _attach_own({message.pk: message}, viewer_id)
    return message.own_reactions or set()
