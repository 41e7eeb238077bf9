"""What groups have to tell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notifications import kinds
from notifications.models import Notification

from .models import Admission, Conversation, Member


def register() -> None:
    kinds.register(
        "group_announcement",
        sentence=_("%(actor)s made an announcement in %(group)s: %(text)s"),
        url=_group_url,
        visible=_visible_groups,
        label=_("Announcements in your groups"),
        icon="megaphone",
        details=_words,
    )
    kinds.register(
        "group_join_request",
        sentence=_("%(actor)s would like to join %(group)s"),
        url=_joining_url,
        visible=_answerable,
        label=_("People who ask to join your groups"),
        icon="user-plus",
        details=_words,
    )
    kinds.register(
        "group_joined",
        sentence=_("%(actor)s let you into %(group)s"),
        url=_group_url,
        visible=_visible_groups,
        label=_("Groups that let you in"),
        icon="users",
        details=_words,
    )
    kinds.register(
        "group_invitation",
        sentence=_("%(actor)s invites you to %(group)s"),
        url=_box_url,
        visible=_invitations,
        label=_("Invitations to groups"),
        icon="users",
        details=_words,
    )
    kinds.register(
        "group_left",
        sentence=_("%(actor)s left %(group)s"),
        url=_group_url,
        visible=_managed_groups,
        label=_("People who leave your groups"),
        icon="log-out",
        details=_words,
    )


def _words(notification: Notification) -> dict[str, Any]:
    details = notification.details()
    return {**details, "group": details.get("title") or gettext("a group")}


def _group_url(notification: Notification) -> str:
    return reverse("chat:detail", args=[notification.target_id])


def _joining_url(notification: Notification) -> str:
    return reverse("chat:joining", args=[notification.details().get("conversation", 0)])


def _box_url(_notification: Notification) -> str:
    return reverse("chat:requests")


def _visible_groups(recipient: User, target_ids: set[Any]) -> Iterable[int]:
    return Conversation.objects.for_member(recipient).filter(pk__in=target_ids).values_list("pk", flat=True)


def _managed_groups(recipient: User, target_ids: set[Any]) -> Iterable[int]:
    managed = Member.objects.active().filter(user=recipient, role__in=Member.MANAGERS, conversation__in=target_ids)
    return managed.values_list("conversation_id", flat=True)


def _answerable(recipient: User, target_ids: set[Any]) -> Iterable[int]:
    return Admission.objects.for_managers(recipient).filter(pk__in=target_ids).values_list("pk", flat=True)


def _invitations(recipient: User, target_ids: set[Any]) -> Iterable[int]:
    return Admission.objects.invited(recipient).filter(pk__in=target_ids).values_list("pk", flat=True)
