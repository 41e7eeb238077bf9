from __future__ import annotations

import secrets
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Self

from babel.lists import format_list
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Exists, ExpressionWrapper, F, FilteredRelation, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest, Now
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, to_locale
from django.utils.translation import gettext as _

from accounts.models import Friendship, User
from superapp.kernel.prepared import Prepared

from .display import complete
from .member import Member
from .message import Message
from .retention import days_kept

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
        """What a list of conversations shows: `last_message_id`, `unread`, and the person's own place in each: `_OWN`,
        `muted` as it holds now, and whether it is `hidden`. `attach_list_facts` adds the rows themselves."""
        mine = FilteredRelation("members", condition=Q(members__user=user, members__left_at__isnull=True))
        newest = Message.objects.filter(conversation=OuterRef("pk"), seq__gte=OuterRef("mine__joined_seq")).kept()
        unread = (
            Message.objects.filter(
                conversation=OuterRef("pk"),
                seq__gt=Greatest(OuterRef("mine__read_seq"), OuterRef("head") - UNREAD_MAX),
                seq__gte=OuterRef("mine__joined_seq"),
            )
            .kept()
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
                muted=_fact(Q(mine__muted=True) & (Q(mine__muted_until=None) | Q(mine__muted_until__gt=Now()))),
                hidden=_fact(Q(mine__hidden_at__isnull=False, mine__hidden_at__gte=F("active_at"))),
                last_message_id=Subquery(newest.order_by("-seq").values("pk")[:1]),
                unread=Coalesce(Subquery(unread, output_field=IntegerField()), 0),
            )
        )

    def apart_from_requests(self, user: User) -> Self:
        """Without what strangers would like to say to this person: that lies in a box of its own."""
        return self.filter(Q(requested_by__isnull=True) | Q(requested_by=user) | Q(accepted_at__isnull=False))

    def requests_to(self, user: User) -> Self:
        """What strangers have said to this person, who has neither accepted nor declined it."""
        asker = User.objects.active().not_blocked_with(user).filter(pk=OuterRef("requested_by"))
        said = Message.objects.filter(conversation=OuterRef("pk"), sender=OuterRef("requested_by"))
        return (
            self.for_member(user)
            .filter(accepted_at__isnull=True, declined_at__isnull=True, requested_by__isnull=False)
            .exclude(requested_by=user)
            .filter(Exists(asker), Exists(said))
        )

    def standing_in_list(self, *, folded: bool = False) -> Self:
        """Of `with_list_facts`: what is not hidden, and not put away among the folded ones, or just those."""
        return self.filter(folded=folded, hidden=False)  # type: ignore[misc]

    def with_news(self) -> Self:
        """Of `with_list_facts`: with something unread, or marked as such."""
        return self.filter(Q(unread__gt=0) | Q(marked_unread=True))

    def called(self, words: str, viewer: User) -> Self:
        """By its title, or by whom it is with: name, handle, or what the viewer calls them."""
        remarked = Friendship.objects.filter(owner=viewer, remark__icontains=words).values("friend")
        people = User.objects.filter(
            Q(display_name__icontains=words) | Q(handle__startswith=words.lower()) | Q(pk__in=remarked)
        )
        others = Member.objects.active().filter(conversation=OuterRef("pk"), user__in=people).exclude(user=viewer)
        nameless = Q(title="") & Exists(others)
        return self.filter(Q(title__icontains=words) | nameless)

    def direct_between(self, one: User, other: User) -> Self:
        return self.filter(direct_key=direct_key_of(one.pk, other.pk))

    def changed_within(self, span: timedelta) -> Self:
        """By the database's clock, which is the same for every process."""
        return self.filter(changed_at__gt=Now() - span)


def _fact(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=models.BooleanField())


_OWN = ["muted_until", "pinned", "folded", "marked_unread", "mentioned_seq", "draft", "draft_reply_to", "drafted_at"]
_OWN += ["nickname", "read_seq", "joined_seq", "role", "announcement_seq"]


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
    announced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        editable=False,
    )
    announced_at = models.DateTimeField(null=True, blank=True, editable=False)
    announced_seq = models.BigIntegerField(default=0, db_default=0, editable=False)
    picture = models.CharField(max_length=120, blank=True, default="", db_default="", editable=False)  # storage name
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
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)  # heard from then on, friends or not
    declined_at = models.DateTimeField(null=True, blank=True, editable=False)  # who asked is not told
    # Rules of a group.
    joining_needs_approval = models.BooleanField(gettext_lazy("new members need approval"), default=False)
    only_admins_invite = models.BooleanField(gettext_lazy("only admins invite"), default=False)
    only_admins_speak = models.BooleanField(gettext_lazy("only admins may write"), default=False)
    history_for_new_members = models.BooleanField(gettext_lazy("new members see what was said before"), default=False)
    # What new members may see begins here: with the moment in which they were promised it.
    history_seq = models.BigIntegerField(default=1, db_default=1, editable=False)
    shows_readers = models.BooleanField(gettext_lazy("members see who has read"), default=False)
    retention_days = models.PositiveIntegerField(gettext_lazy("days messages are kept"), null=True, blank=True)
    dissolved_at = models.DateTimeField(null=True, blank=True, editable=False)
    open_todos = models.PositiveSmallIntegerField(default=0, editable=False)  # 0: nothing to load
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
        indexes = [
            models.Index(
                fields=["requested_by"],
                condition=Q(requested_by__isnull=False, accepted_at__isnull=True),
                name="conversation_requests",
            )
        ]

    def __str__(self) -> str:
        return self.title or f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("chat:detail", args=[self.pk])

    @property
    def is_direct(self) -> bool:
        return self.kind == self.Kind.DIRECT

    @property
    def is_own(self) -> bool:
        """A person's own place for notes and files: a conversation with oneself."""
        one, _, other = (self.direct_key or "").partition(":")
        return bool(one) and one == other

    @property
    def is_group(self) -> bool:
        return self.kind == self.Kind.GROUP

    @property
    def is_request(self) -> bool:
        """A stranger asks to be heard, and has not been accepted. The one who is asked shows nothing of himself: no
        presence, no marks of reading, no typing."""
        return self.requested_by_id is not None and self.accepted_at is None

    def awaits(self, person: User) -> bool:
        """Is it this person's to answer?"""
        return self.is_request and self.requested_by_id != person.pk

    @property
    def is_dissolved(self) -> bool:
        return self.dissolved_at is not None

    @property
    def avatar_url(self) -> str | None:
        """A path that changes with the picture of the group."""
        return reverse("accounts:avatar", args=[PurePosixPath(self.picture).stem]) if self.picture else None

    @property
    def days_kept(self) -> int | None:
        """How long what is said here is kept; None: for good."""
        return days_kept(self.retention_days)

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
        if self.is_own:
            return _("File Transfer")
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


_remarks = Prepared(
    lambda viewer, ids: (
        Friendship.objects.visible_to(viewer)
        .filter(friend__in=ids)
        .exclude(remark="")
        .values_list("friend_id", "remark")
    )
)
_latest = Prepared(lambda ids: Message.objects.filter(pk__in=ids))


def _as_known(viewer: User, ids: list[int]) -> models.QuerySet[User]:
    named = Friendship.objects.visible_to(viewer).filter(friend=OuterRef("pk"))
    return User.objects.filter(pk__in=ids).annotate(remark=Subquery(named.values("remark")[:1]))


_known = Prepared(_as_known)


def remarks_of(viewer: User, people_ids: Iterable[int]) -> dict[int, str]:
    """What the viewer calls those of the people whom he has given a name of his own."""
    return dict(_remarks.tuples(viewer=viewer, ids=list(people_ids)))


def attach_list_facts(conversations: Iterable[Conversation], viewer: User) -> list[Conversation]:
    """Give conversations of `with_list_facts` their `last_message`, `faces` and the viewer's remarks: a handful of
    queries, however many there are."""
    conversations = list(conversations)
    latest = [conversation.last_message_id for conversation in conversations if conversation.last_message_id]  # type: ignore[attr-defined]
    messages = {message.pk: message for message in _latest.objects(ids=latest)}
    people: dict[int, User] = {}

    def find_people(senders: set[int]) -> dict[int, User]:
        faces = {person_id for conversation in conversations for person_id in conversation.face_ids}
        people.update({person.pk: person for person in _known.objects(viewer=viewer, ids=sorted(faces | senders))})
        return people

    complete(list(messages.values()), find_people)
    if not people:  # nobody has said anything yet
        find_people(set())
    remarks = {person.pk: person.remark for person in people.values() if person.remark}  # type: ignore[attr-defined]
    for conversation in conversations:
        conversation.last_message = messages.get(conversation.last_message_id)  # type: ignore[attr-defined]
        conversation.faces = [people[person_id] for person_id in conversation.face_ids if person_id in people]
        conversation.remarks = remarks
    return conversations
