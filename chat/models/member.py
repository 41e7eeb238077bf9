from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User

    from .conversation import Conversation

NICKNAME_LENGTH_MAX = 50


class MemberQuerySet(models.QuerySet["Member"]):
    def active(self) -> Self:
        return self.filter(left_at__isnull=True)

    def loud(self) -> Self:
        """Those that the number on the tab counts: neither muted nor folded nor hidden."""
        hidden = Q(hidden_at__isnull=False, hidden_at__gte=F("conversation__active_at"))
        muted = Q(muted=True) & (Q(muted_until__isnull=True) | Q(muted_until__gt=Now()))
        return self.filter(~hidden, ~muted, folded=False)

    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Members see who is in it, and who has left since they came."""
        if not viewer.is_authenticated:
            return self.none()
        own = Member.objects.active().filter(conversation=OuterRef("conversation"), user=viewer)
        return self.filter(
            Exists(own.filter(joined_seq__lte=OuterRef("changed_seq"))) | (Q(left_at__isnull=True) & Exists(own))
        )

    def seen_by(self, member: Member) -> Self:
        """The same rule for one conversation, when the viewer's own membership has been loaded."""
        if member.left_at is not None:
            return self.none()
        here = self.filter(conversation=member.conversation_id)
        return here.filter(Q(left_at__isnull=True) | Q(changed_seq__gte=member.joined_seq))

    def apart_from_requests(self) -> Self:
        """Without the places of those who are asked by a stranger, and have not agreed to talk."""
        return self.filter(
            Q(conversation__requested_by__isnull=True)
            | Q(conversation__requested_by=F("user"))
            | Q(conversation__accepted_at__isnull=False)
        )

    def called(self, query: str) -> Self:
        """Whose name here, own name or handle begins so."""
        return self.filter(
            Q(nickname__istartswith=query)
            | Q(user__display_name__istartswith=query)
            | Q(user__handle__startswith=query.lower().removeprefix("@"))
        )

    def by_rank(self) -> Self:
        """The owner, the admins, the others."""
        rank = models.Case(models.When(role="owner", then=0), models.When(role="admin", then=1), default=2)
        return self.order_by(rank, "joined_at", "pk")

    def by_seniority(self) -> Self:
        return self.order_by("joined_at", "pk")

    def heirs(self) -> Self:
        """Who takes over when the owner goes: the oldest admin, else the oldest member; never a program."""
        people = self.active().filter(user__is_bot=False)
        return people.order_by(models.Case(models.When(role="admin", then=0), default=1), "joined_at", "pk")


class Member(models.Model):
    """A person's place in a conversation. Who leaves keeps the row, so that the others can be told; who comes back
    gets it again and sees what is said from then on."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        ADMIN = "admin", _("admin")
        MEMBER = "member", _("member")

    MANAGERS = ("owner", "admin")

    conversation = models.ForeignKey(
        "chat.Conversation", on_delete=models.CASCADE, related_name="members", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", db_index=False
    )
    role = models.CharField(max_length=6, choices=Role, default=Role.MEMBER)
    joined_seq = models.BigIntegerField()  # the first number this member may see
    changed_seq = models.BigIntegerField()
    read_seq = models.BigIntegerField(default=0)
    muted = models.BooleanField(_("muted"), default=False)
    pinned = models.BooleanField(_("pinned"), default=False)
    # The number of the announcement this member has put away.
    announcement_seq = models.BigIntegerField(default=0, db_default=0, editable=False)
    nickname = models.CharField(_("name in this group"), max_length=NICKNAME_LENGTH_MAX, blank=True)
    # The person's own list of conversations, the same on all devices.
    muted_until = models.DateTimeField(null=True, blank=True)  # empty: `muted` holds until it is taken back
    folded = models.BooleanField(_("folded"), default=False)
    hidden_at = models.DateTimeField(null=True, blank=True)  # hidden until something is said after this
    marked_unread = models.BooleanField(default=False)
    mentioned_seq = models.BigIntegerField(default=0)  # the last message that names this member
    draft = models.TextField(blank=True)
    draft_reply_to = models.BigIntegerField(null=True, blank=True)  # the id of the message the draft answers
    drafted_at = models.DateTimeField(null=True, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    joined_at = models.DateTimeField(db_default=Now())
    left_at = models.DateTimeField(null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["conversation", "user"], name="member_unique"),
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(role="owner", left_at__isnull=True), name="member_one_owner"
            ),
            models.CheckConstraint(
                condition=Q(joined_seq__gte=1, changed_seq__gte=F("joined_seq"), read_seq__gte=0),
                name="member_numbers",
            ),
            models.CheckConstraint(condition=Q(role__in=["owner", "admin", "member"]), name="member_role"),
        ]
        indexes = [
            models.Index(fields=["user", "conversation"], condition=Q(left_at__isnull=True), name="member_of"),
            models.Index(fields=["user"], name="member_user"),
            models.Index(fields=["conversation", "changed_seq"], name="member_changes"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.conversation_id}"

    @property
    def is_muted(self) -> bool:
        return self.muted and (self.muted_until is None or self.muted_until > timezone.now())

    @property
    def is_owner(self) -> bool:
        return self.role == self.Role.OWNER

    @property
    def may_manage(self) -> bool:
        """Change the title and the announcement, remove plain members."""
        return self.role in self.MANAGERS

    def may_bring(self, conversation: Conversation) -> bool:
        """Bring people in, by hand or by a link."""
        return self.may_manage or not conversation.only_admins_invite

    def may_promote(self, other: Member) -> bool:
        """The owner names admins, and may hand the group over."""
        return self.is_owner and other.user_id != self.user_id

    def may_remove(self, other: Member) -> bool:
        """The owner may remove anybody else, an admin plain members."""
        if other.user_id == self.user_id:
            return False
        return self.is_owner or (self.may_manage and other.role == self.Role.MEMBER)
