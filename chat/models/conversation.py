from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from babel.lists import format_list
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Exists, F, FilteredRelation, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest, Now
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, to_locale
from django.utils.translation import gettext as _

from accounts.models import Friendship, User

from .member import Member
from .message import Message

if TYPE_CHECKING:
    from datetime import timedelta

TITLE_LENGTH_MAX = 60
ANNOUNCEMENT_LENGTH_MAX = 2000
FACES_MAX = 9
UNREAD_MAX = 999  # counted no further


def new_epoch() -> int:
    """Names one state of the membership. Random, so that no two states of any time share a name."""
    return secrets.randbits(62)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def for_member(self, user: User | AnonymousUser) -> Self:
        """Those the person is in now. Who has left sees nothing of them."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Exists(Member.objects.active().filter(conversation=OuterRef("pk"), user=user)))

    visible_to = for_member

    def with_list_facts(self, user: User) -> Self:
        """What a list of conversations shows: `last_message_id`, `unread`, and the person's own settings (`muted`,
        `pinned`, `nickname`, `read_seq`, `joined_seq`, `role`). `attach_list_facts` adds the rows themselves."""
        mine = FilteredRelation("members", condition=Q(members__user=user, members__left_at__isnull=True))
        newest = Message.objects.filter(conversation=OuterRef("pk"), seq__gte=OuterRef("mine__joined_seq"))
        unread = (
            Message.objects.filter(
                conversation=OuterRef("pk"),
                seq__gt=Greatest(OuterRef("mine__read_seq"), OuterRef("head") - UNREAD_MAX),
                seq__gte=OuterRef("mine__joined_seq"),
            )
            .countable_for(user)
            .order_by()
            .values("conversation")
            .annotate(count=Count("pk"))
            .values("count")
        )
        return (
            self.annotate(mine=mine)
            .filter(mine__isnull=False)
            .annotate(
                **{name: F(f"mine__{name}") for name in _OWN},
                last_message_id=Subquery(newest.order_by("-seq").values("pk")[:1]),
                unread=Coalesce(Subquery(unread, output_field=IntegerField()), 0),
            )
        )

    def direct_between(self, one: User, other: User) -> Self:
        return self.filter(direct_key=direct_key_of(one.pk, other.pk))

    def changed_within(self, span: timedelta) -> Self:
        """By the database's clock, which is the same for every process."""
        return self.filter(changed_at__gt=Now() - span)


_OWN = ["muted", "pinned", "nickname", "read_seq", "joined_seq", "role"]


def direct_key_of(one_id: int, other_id: int) -> str:
    return f"{min(one_id, other_id)}:{max(one_id, other_id)}"


class Conversation(models.Model):
    """Two friends, or a group.

    `head` is the number of its latest change that members can see. Every such change takes the next number under the
    lock of this row and stores it on the row changed (docs/adr/0003).
    """

    class Kind(models.TextChoices):
        DIRECT = "direct", gettext_lazy("direct")
        GROUP = "group", gettext_lazy("group")

    kind = models.CharField(max_length=8, choices=Kind)
    title = models.CharField(gettext_lazy("title"), max_length=TITLE_LENGTH_MAX, blank=True)
    announcement = models.TextField(gettext_lazy("announcement"), max_length=ANNOUNCEMENT_LENGTH_MAX, blank=True)
    direct_key = models.CharField(max_length=41, unique=True, null=True, blank=True, editable=False)
    head = models.BigIntegerField(default=0, editable=False)
    changed_seq = models.BigIntegerField(default=0, editable=False)  # of title, announcement
    member_epoch = models.BigIntegerField(default=new_epoch, editable=False)
    member_count = models.PositiveIntegerField(default=0, editable=False)
    face_ids = models.JSONField(default=list, editable=False)  # the first members, for a title and a picture
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # A conversation that a stranger has opened, until the other one accepts it: who asks to be heard.
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # Rules of a group.
    joining_needs_approval = models.BooleanField(gettext_lazy("new members need approval"), default=False)
    only_admins_invite = models.BooleanField(gettext_lazy("only admins invite"), default=False)
    only_admins_speak = models.BooleanField(gettext_lazy("only admins may write"), default=False)
    history_for_new_members = models.BooleanField(gettext_lazy("new members see what was said before"), default=False)
    shows_readers = models.BooleanField(gettext_lazy("members see who has read"), default=False)
    retention_days = models.PositiveIntegerField(gettext_lazy("days messages are kept"), null=True, blank=True)
    dissolved_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now(), editable=False)  # when the last number was taken
    active_at = models.DateTimeField(db_default=Now(), editable=False)  # when the last message came

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("conversation")
        verbose_name_plural = gettext_lazy("conversations")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="direct", direct_key__isnull=False) | Q(kind="group", direct_key__isnull=True),
                name="conversation_kind",
            ),
            models.CheckConstraint(
                condition=Q(changed_seq__gte=0, head__gte=F("changed_seq")), name="conversation_numbers"
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("chat:detail", args=[self.pk])

    @property
    def is_direct(self) -> bool:
        return self.kind == self.Kind.DIRECT

    @property
    def is_group(self) -> bool:
        return self.kind == self.Kind.GROUP

    def is_visible_to(self, viewer: User | AnonymousUser) -> bool:
        return Conversation.objects.filter(pk=self.pk).for_member(viewer).exists()

    def member(self, user: User) -> Member | None:
        return Member.objects.active().filter(conversation=self, user=user).first()

    @cached_property
    def faces(self) -> list[User]:
        """The first members, the viewer among them. Lists fill this beforehand: `attach_list_facts`."""
        people = User.objects.in_bulk(self.face_ids)
        return [people[person_id] for person_id in self.face_ids if person_id in people]

    def others(self, viewer: User) -> list[User]:
        """The first members without the viewer: whose pictures stand for the conversation."""
        return [person for person in self.faces if person.pk != viewer.pk]

    def other(self, viewer: User) -> User | None:
        """Of a direct conversation, the one the viewer talks with."""
        return next(iter(self.others(viewer)), None) if self.is_direct else None

    def avatar_for(self, viewer: User) -> User | None:
        """The person whose picture stands for a direct conversation; a group is shown by its `others`."""
        return self.other(viewer)

    def title_for(self, viewer: User) -> str:
        """As the viewer calls it: by the remark name of the friend, by the group's title, by the members' names."""
        if self.title:
            return self.title
        names = [self._remarks(viewer).get(person.pk) or person.display_name for person in self.others(viewer)]
        if not names:
            return _("Group") if self.is_group else _("Conversation")
        return format_list(names, style="unit-short", locale=to_locale(get_language() or "en"))

    def _remarks(self, viewer: User) -> dict[int, str]:
        if not hasattr(self, "remarks"):
            self.remarks = remarks_of(viewer, [person.pk for person in self.others(viewer)])
        return self.remarks


def remarks_of(viewer: User, people_ids: Iterable[int]) -> dict[int, str]:
    """What the viewer calls those of the people whom he has given a name of his own."""
    named = Friendship.objects.visible_to(viewer).filter(friend__in=list(people_ids)).exclude(remark="")
    return dict(named.values_list("friend_id", "remark"))


def attach_list_facts(conversations: Iterable[Conversation], viewer: User) -> list[Conversation]:
    """Give conversations of `with_list_facts` their `last_message`, `faces` and the viewer's remarks: three queries,
    however many there are."""
    conversations = list(conversations)
    messages = Message.objects.select_related("sender", "red_envelope").in_bulk(
        [conversation.last_message_id for conversation in conversations if conversation.last_message_id]  # type: ignore[attr-defined]
    )
    people = User.objects.in_bulk({person_id for conversation in conversations for person_id in conversation.face_ids})
    remarks = remarks_of(viewer, people)
    for conversation in conversations:
        conversation.last_message = messages.get(conversation.last_message_id)  # type: ignore[attr-defined]
        conversation.faces = [people[person_id] for person_id in conversation.face_ids if person_id in people]
        conversation.remarks = remarks
    return conversations
