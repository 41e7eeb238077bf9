from __future__ import annotations

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .article import Article


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """All who may read the article see all its comments with their authors, other than between two people of
        whom one has blocked the other. Whoever runs the account sees every one."""
        if not viewer.is_authenticated:
            return self.none()
        articles = Article.objects.visible_to(viewer).filter(pk=OuterRef("article"))
        authors = User.objects.active().not_blocked_with(viewer).filter(pk=OuterRef("author"))
        return self.filter(Exists(articles), author__is_active=True).filter(
            Q(article__account__owner=viewer) | Exists(authors)
        )

    def oldest_first(self) -> Self:
        return self.order_by("pk")


class Comment(models.Model):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="article_comments")
    text = models.CharField(_("comment"), max_length=1000)
    reply_to = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replies")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [models.Index(fields=["article", "id"], name="article_comments")]

    def __str__(self) -> str:
        return self.text[:50]

    def is_visible_to(self, viewer: User | AnonymousUser) -> bool:
        return Comment.objects.visible_to(viewer).filter(pk=self.pk).exists()

    def deletable_by(self, person: User | AnonymousUser) -> bool:
        return person.pk in (self.author_id, self.article.account.owner_id)
