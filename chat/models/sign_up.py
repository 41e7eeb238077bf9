from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .announced import Announced
from .message import Message

if TYPE_CHECKING:
    from accounts.models import User

TITLE_LENGTH_MAX = 120
DESCRIPTION_LENGTH_MAX = 1000
EXAMPLE_LENGTH_MAX = 100
ENTRY_LENGTH_MAX = 200
ENTRIES_SHOWN = 8  # in the message; the rest on a page of its own


class SignUpListQuerySet(models.QuerySet["SignUpList"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Those in messages the viewer may read, and that have not been taken back."""
        carrying = Message.objects.visible_to(viewer).filter(pk=OuterRef("message"), recalled_at=None)
        return self.filter(Exists(carrying))

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")


class SignUpList(Announced):
    """A list that members put themselves on, one line each. Its latest lines stand in the payload of its message."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="sign_up_list")
    conversation = models.ForeignKey("chat.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False)
    title = models.CharField(max_length=TITLE_LENGTH_MAX)
    description = models.TextField(max_length=DESCRIPTION_LENGTH_MAX, blank=True)
    example = models.CharField(max_length=EXAMPLE_LENGTH_MAX, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = SignUpListQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up list")
        verbose_name_plural = _("sign-up lists")

    def __str__(self) -> str:
        return f"sign-up list {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.closed_at is not None

    def snapshot(self) -> dict[str, Any]:
        """What every reader may know: the payload of the message."""
        count = self.entries.count() if self.pk else 0
        latest = list(self.entries.select_related("user").order_by("-pk")[:ENTRIES_SHOWN]) if count else []
        first = count - len(latest) + 1
        return {
            "title": self.title,
            "description": self.description,
            "example": self.example,
            "count": count,
            "entries": [
                {"number": number, "handle": entry.user.handle, "name": entry.name, "text": entry.text}
                for number, entry in enumerate(reversed(latest), start=first)
            ],
            "closed": self.closed_at is not None,
        }


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def numbered(self) -> Self:
        """Each with its place among those that are there: `number`."""
        above = SignUp.objects.filter(sign_up_list=OuterRef("sign_up_list"), pk__lte=OuterRef("pk")).order_by()
        count = above.values("sign_up_list").annotate(count=Count("pk")).values("count")
        return self.annotate(number=Coalesce(Subquery(count), 0)).select_related("user")


class SignUp(models.Model):
    """Somebody's line. Its number is its place among those that are there."""

    sign_up_list = models.ForeignKey(SignUpList, on_delete=models.CASCADE, related_name="entries", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)  # what they are called in the group
    text = models.CharField(max_length=ENTRY_LENGTH_MAX, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a sign-up list")
        verbose_name_plural = _("lines of sign-up lists")
        constraints = [models.UniqueConstraint(fields=["sign_up_list", "user"], name="sign_up_once")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.sign_up_list_id}"
