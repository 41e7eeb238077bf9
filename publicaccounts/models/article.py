from __future__ import annotations

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from uploads.models import Upload

from .account import Follow, PublicAccount


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """What is published by an account that may be seen; drafts only for the one who runs the account."""
        if not viewer.is_authenticated:
            return self.none()
        accounts = PublicAccount.objects.visible_to(viewer).filter(pk=OuterRef("account"))
        return self.filter(Exists(accounts)).filter(Q(state=Article.State.PUBLISHED) | Q(account__owner=viewer))

    def published(self) -> Self:
        return self.filter(state=Article.State.PUBLISHED)

    def drafts(self) -> Self:
        return self.filter(state=Article.State.DRAFT)

    def inbox_of(self, person: User) -> Self:
        """What the accounts that the person follows have published, newest first."""
        followed = Follow.objects.filter(account=OuterRef("account"), person=person)
        return self.visible_to(person).published().filter(Exists(followed)).newest_first()

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def for_cards(self) -> Self:
        """With what a list shows, and without the bodies."""
        return self.select_related("account", "cover").defer("body_html")

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")


class Article(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    account = models.ForeignKey(PublicAccount, on_delete=models.CASCADE, related_name="articles")
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="articles")
    title = models.CharField(_("title"), max_length=100, blank=True)
    digest = models.CharField(_("summary"), max_length=160, blank=True)  # the author's own; else `excerpt` stands in
    excerpt = models.CharField(max_length=160, blank=True, editable=False)
    cover = models.ForeignKey(Upload, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    body_html = models.TextField(blank=True)  # only ever what rich_text.clean has made
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)  # after it was published
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", published_at=None) | Q(state="published", published_at__isnull=False),
                name="article_published_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-published_at", "-id"], name="article_by_account"),
            models.Index(fields=["-published_at", "-id"], name="article_inbox", condition=Q(state="published")),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Untitled"))

    def get_absolute_url(self) -> str:
        return reverse("publicaccounts:article", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def summary(self) -> str:
        return self.digest or self.excerpt

    @property
    def body(self) -> SafeString:
        return mark_safe(self.body_html)  # noqa: S308  (rich_text.clean made it)

    def is_visible_to(self, viewer: User | AnonymousUser) -> bool:
        return Article.objects.visible_to(viewer).filter(pk=self.pk).exists()

    def audience(self) -> models.QuerySet[User]:
        """Who may see it: `visible_to` asked from the other side."""
        people = User.objects.active().filter(Exists(User.objects.active().filter(pk=self.account.owner_id)))
        everybody = self.is_published and not self.account.is_closed
        return people if everybody else people.filter(pk=self.account.owner_id)

    def commentable_by(self, person: User) -> bool:
        return self.is_published and self.account.welcomes(person)


class BroadcastQuerySet(models.QuerySet["Broadcast"]):
    def unfinished(self) -> Self:
        return self.filter(finished_at=None)

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")


class Broadcast(models.Model):
    """The followers of one moment being told of one article, a batch at a time.

    Each batch moves the cursor in the transaction that writes its notifications: whatever is interrupted goes on
    where it was, and nobody is told twice.
    """

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="broadcast")
    cursor = models.PositiveBigIntegerField(default=0)  # the last follow that has been told
    through = models.PositiveBigIntegerField()  # the last follow there was when the article came out
    told = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = BroadcastQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.article_id}: {self.told}"
