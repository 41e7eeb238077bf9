from __future__ import annotations

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .circle import known_to_both
from .moment import Moment


class LikeQuerySet(models.QuerySet["Like"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Under moments that the viewer sees, the likes of people known to both the viewer and the author."""
        if not viewer.is_authenticated:
            return self.none()
        return self.known_to(viewer).filter(moment__in=Moment.objects.visible_to(viewer))

    def known_to(self, viewer: User) -> Self:
        """Of people known to both sides. Only for moments that come from `Moment.objects.visible_to(viewer)`."""
        return self.filter(known_to_both("person", "moment__author", viewer))


class Like(models.Model):
    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="likes")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LikeQuerySet.as_manager()

    class Meta:
        verbose_name = _("like")
        verbose_name_plural = _("likes")
        constraints = [models.UniqueConstraint(fields=["moment", "person"], name="moment_like_unique")]

    def __str__(self) -> str:
        return f"{self.person_id} likes {self.moment_id}"
