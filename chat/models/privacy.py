from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ChatPrivacy(models.Model):
    """Who may come to a person, and into which rooms they may be put. No row: as the defaults say."""

    class Strangers(models.TextChoices):
        ASK = "ask", _("Everyone, as a message request")
        NOBODY = "nobody", _("Friends only")

    class Groups(models.TextChoices):
        FRIENDS = "friends", _("Friends add me at once")
        ASK = "ask", _("I am asked first")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="chat_privacy"
    )
    strangers = models.CharField(_("who may write to me"), max_length=6, choices=Strangers, default=Strangers.ASK)
    groups = models.CharField(_("who may add me to groups"), max_length=7, choices=Groups, default=Groups.FRIENDS)

    class Meta:
        verbose_name = _("privacy in chats")
        verbose_name_plural = _("privacy in chats")

    def __str__(self) -> str:
        return f"{self.user_id}"
