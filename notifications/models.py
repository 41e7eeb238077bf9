from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from . import kinds


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> Self:
        return self.filter(read_at=None)

    def visible_to(self, viewer: User) -> Self:
        """Their own, as long as the one who caused it may be seen and what it is about may be seen.

        What it is about lies in apps above; each kind brings its own rule, asked once for all rows of this set.
        """
        mine = self.filter(recipient=viewer).from_visible_people(viewer)
        about: dict[str, set[str]] = {}
        for kind, target_id in mine.exclude(target_id="").order_by().values_list("kind", "target_id").distinct():
            about.setdefault(kind, set()).add(target_id)
        for codes, target_ids in kinds.hidden_targets(viewer, about):
            mine = mine.exclude(kind__in=codes, target_id__in=target_ids)
        return mine

    def from_visible_people(self, viewer: User) -> Self:
        """The half of `visible_to` that asks who caused it."""
        actor_is_visible = User.objects.active().not_blocked_with(viewer).filter(pk=OuterRef("actor"))
        return self.filter(kind__in=kinds.codes()).filter(Q(actor=None) | Exists(actor_is_visible))

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")


class Notification(models.Model):
    """Something a person is told, once: on the page, over the socket and, if they want it, by e-mail."""

    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    target_type = models.CharField(max_length=80, blank=True)  # "moments.moment"; apps above are known by name only
    target_id = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict, blank=True)
    # What makes two notifications the same. While one is unread there is no second.
    sameness = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "sameness"], condition=Q(read_at=None), name="notification_one_unread"
            )
        ]
        indexes = [models.Index(fields=["recipient", "-id"], name="notification_list")]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"

    @property
    def kind_info(self) -> kinds.Kind:
        return kinds.get(self.kind)

    def sentence(self) -> str:
        return self.kind_info.say(self)

    def sentence_html(self) -> SafeString:
        return self.kind_info.say_html(self)

    def url(self) -> str:
        """Where it leads: a path on this site."""
        return self.kind_info.url(self)

    def details(self) -> dict[str, Any]:
        return self.data if isinstance(self.data, dict) else {}


class EmailSwitch(models.Model):
    """A person's own word on whether a kind of notification also comes by e-mail. No row: the kind's default."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="email_switches")
    kind = models.CharField(max_length=40)
    is_on = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="email_switch_unique")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {'on' if self.is_on else 'off'}"
