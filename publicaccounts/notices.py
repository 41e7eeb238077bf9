"""What this app has to tell, and who may still be told."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.models import User
from notifications import kinds
from notifications.models import Notification

from . import services
from .models import Article, Comment, PublicAccount


def _visible_articles(recipient: User, target_ids: set[int]) -> Iterable[int]:
    return Article.objects.visible_to(recipient).filter(pk__in=target_ids).values_list("pk", flat=True)


def _visible_comments(recipient: User, target_ids: set[int]) -> Iterable[int]:
    return Comment.objects.visible_to(recipient).filter(pk__in=target_ids).values_list("pk", flat=True)


def _visible_accounts(recipient: User, target_ids: set[int]) -> Iterable[int]:
    return PublicAccount.objects.visible_to(recipient).filter(pk__in=target_ids).values_list("pk", flat=True)


def _article_url(notification: Notification) -> str:
    return reverse("publicaccounts:article", args=[notification.target_id])


def _comment_url(notification: Notification) -> str:
    return reverse("publicaccounts:comment", args=[notification.target_id])


def _follower_url(notification: Notification) -> str:
    assert notification.actor is not None
    return reverse("accounts:profile", args=[notification.actor.handle])


def register() -> None:
    kinds.register(
        "article_published",
        sentence=_("%(account)s published “%(title)s”"),
        url=_article_url,
        visible=_visible_articles,
        label=_("New articles of public accounts you follow"),
        icon="newspaper",
    )
    kinds.register(
        "article_comment",
        sentence=_("%(actor)s commented on “%(title)s”: %(text)s"),
        url=_comment_url,
        visible=_visible_comments,
        label=_("Comments on your articles"),
        icon="message-circle",
    )
    kinds.register(
        "article_reply",
        sentence=_("%(actor)s answered your comment on “%(title)s”: %(text)s"),
        url=_comment_url,
        visible=_visible_comments,
        label=_("Answers to your comments on articles"),
        icon="reply",
    )
    kinds.register(
        "account_followed",
        sentence=_("%(actor)s now follows %(account)s"),
        url=_follower_url,
        visible=_visible_accounts,
        label=_("New followers of your public accounts"),
        icon="user-plus",
    )
    events.on_block.append(services.part_on_block)
