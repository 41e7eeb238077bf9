from __future__ import annotations

from pathlib import PurePosixPath
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.handles import validate_handle
from accounts.models import User

_PAGES = frozenset({"new", "mine", "following"})  # names of our own pages beside the accounts'


def validate_account_handle(value: str) -> None:
    validate_handle(value)
    if value in _PAGES:
        raise ValidationError(_("This handle is reserved."), code="reserved")


class PublicAccountQuerySet(models.QuerySet["PublicAccount"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Open accounts of active people, for everybody signed in; one's own always."""
        if not viewer.is_authenticated:
            return self.none()
        return self.filter(owner__is_active=True).filter(Q(is_closed=False) | Q(owner=viewer))

    def owned_by(self, person: User) -> Self:
        return self.filter(owner=person)

    def followed_by(self, person: User) -> Self:
        return self.filter(Exists(Follow.objects.filter(account=OuterRef("pk"), person=person)))

    def named(self, handle: str) -> Self:
        return self.filter(handle=handle.lower())

    def found_by(self, query: str) -> Self:
        """Whose handle is this, or whose name has these words in it."""
        query = query.strip().removeprefix("@").replace("\x00", "")
        return self.filter(Q(handle=query.lower()) | Q(name__icontains=query)) if query else self

    def with_facts_for(self, viewer: User) -> Self:
        """Adds `followers` and `is_followed`, which headers and lists show."""
        follows = Follow.objects.filter(account=OuterRef("pk"))
        count = follows.filter(person__is_active=True).order_by().values("account").annotate(n=Count("pk")).values("n")
        return self.annotate(
            followers=Coalesce(Subquery(count, output_field=models.IntegerField()), 0),
            is_followed=Exists(follows.filter(person=viewer)),
        )

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")


class PublicAccount(models.Model):
    """A public voice: a person publishes articles under its name, and whoever wishes follows it."""

    handle = models.CharField(
        _("handle"),
        max_length=30,
        unique=True,
        validators=[validate_account_handle],
        error_messages={"unique": _("This handle is taken.")},
    )
    name = models.CharField(_("name"), max_length=50)
    bio = models.CharField(_("about"), max_length=300, blank=True)
    avatar = models.CharField(max_length=120, blank=True, editable=False)  # storage name; empty: coloured initial
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="public_accounts")
    created_at = models.DateTimeField(auto_now_add=True)
    is_closed = models.BooleanField(_("closed"), default=False)

    objects = PublicAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("public account")
        verbose_name_plural = _("public accounts")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("publicaccounts:detail", args=[self.handle])

    @property
    def avatar_url(self) -> str | None:
        return reverse("accounts:avatar", args=[PurePosixPath(self.avatar).stem]) if self.avatar else None

    def is_visible_to(self, viewer: User | AnonymousUser) -> bool:
        return PublicAccount.objects.visible_to(viewer).filter(pk=self.pk).exists()

    def run_by(self, person: User | AnonymousUser) -> bool:
        return self.owner_id == person.pk

    def welcomes(self, person: User) -> bool:
        """Whether the person may follow and comment: reading is for all, company is not."""
        return not self.owner.has_blocked(person)


class Follow(models.Model):
    account = models.ForeignKey(PublicAccount, on_delete=models.CASCADE, related_name="follows")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="account_follows")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "person"], name="follow_unique")]
        indexes = [models.Index(fields=["account", "id"], name="follow_in_order")]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.account_id}"
