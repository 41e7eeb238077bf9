from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce

from .conversation import Conversation


class SearchProgressQuerySet(models.QuerySet["SearchProgress"]):
    def locked(self) -> Self:
        """Those that nobody else is working on. SQLite has one writer and needs no row locks."""
        return self.select_for_update(skip_locked=True, of=("self",)).order_by("pk")


class SearchProgress(models.Model):
    """Up to which number the words of a conversation are in the index. Whatever changed later (what is said, edited,
    recalled) has a higher number, and numbers become visible in their order: so nothing is ever passed over."""

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, primary_key=True, related_name="search_progress"
    )
    indexed_seq = models.BigIntegerField(default=0)

    objects = SearchProgressQuerySet.as_manager()

    class Meta:
        verbose_name = "search progress"
        verbose_name_plural = "search progress"

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.indexed_seq}"


def behind(conversations: models.QuerySet[Conversation]) -> models.QuerySet[Conversation]:
    """Those with changes that the index does not have yet, as `indexed_seq` and `head` tell."""
    return conversations.annotate(indexed_seq=Coalesce(F("search_progress__indexed_seq"), 0)).filter(
        head__gt=F("indexed_seq")
    )
