"""What Moments has to tell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notifications import kinds
from notifications.models import Notification

from .models import Comment, Moment


def _moment_url(notification: Notification) -> str:
    return reverse("moments:detail", args=[notification.target_id])


def _comment_url(notification: Notification) -> str:
    moment = notification.details().get("moment", 0)
    return f"{reverse('moments:detail', args=[moment])}#comment-{notification.target_id}"


def _visible_moments(recipient: User, target_ids: set[Any]) -> Iterable[int]:
    return Moment.objects.visible_to(recipient).filter(pk__in=target_ids).values_list("pk", flat=True)


def _visible_comments(recipient: User, target_ids: set[Any]) -> Iterable[int]:
    return Comment.objects.visible_to(recipient).filter(pk__in=target_ids).values_list("pk", flat=True)


def register() -> None:
    kinds.register(
        "moment_liked",
        sentence=_("%(actor)s liked your moment"),
        url=_moment_url,
        visible=_visible_moments,
        label=_("Likes of your moments"),
        icon="heart",
    )
    kinds.register(
        "moment_commented",
        sentence=_("%(actor)s commented on your moment: %(text)s"),
        url=_comment_url,
        visible=_visible_comments,
        label=_("Comments on your moments"),
        icon="message-circle",
    )
    kinds.register(
        "moment_replied",
        sentence=_("%(actor)s replied to your comment: %(text)s"),
        url=_comment_url,
        visible=_visible_comments,
        label=_("Replies to your comments"),
        icon="reply",
    )
    kinds.register(
        "moment_also_commented",
        sentence=_("%(actor)s also commented: %(text)s"),
        url=_comment_url,
        visible=_visible_comments,
        label=_("Comments of friends where you commented"),
        icon="messages-square",
    )
