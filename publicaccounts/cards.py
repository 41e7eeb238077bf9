"""What an article and an account show of themselves where they are shared. A draft has none: it is for its author."""

from __future__ import annotations

from accounts.models import User
from chat.cards import Card

from .models import Article, PublicAccount

ID_DIGITS_MAX = 18


def article_card(sharer: User, name: str) -> Card | None:
    if not (name.isascii() and name.isdecimal() and len(name) <= ID_DIGITS_MAX):
        return None
    article = Article.objects.visible_to(sharer).select_related("account").filter(pk=int(name)).first()
    if article is None or not article.is_published:
        return None
    return Card(
        kind="article",
        title=str(article),
        text=article.account.name,
        image=article.account.avatar_url or "",
        url=article.get_absolute_url(),
    )


def account_card(sharer: User, name: str) -> Card | None:
    account = PublicAccount.objects.visible_to(sharer).filter(handle=name, is_closed=False).first()
    if account is None:
        return None
    return Card(
        kind="public_account",
        title=account.name,
        text=account.bio[:200],
        image=account.avatar_url or "",
        url=account.get_absolute_url(),
    )
