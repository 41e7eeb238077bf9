from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from .models import Notification


def send(notification: Notification) -> None:
    """One letter in the recipient's language. Its links go to the notification itself, which asks again who may see."""
    recipient = notification.recipient
    settings_url = settings.SITE_URL + reverse("notifications:settings")
    with translation.override(recipient.language):
        sentence = notification.sentence()
        context: dict[str, Any] = {
            "recipient": recipient,
            "sentence": sentence,
            "sentence_html": notification.sentence_html(),
            "site_name": settings.SITE_NAME,
            "url": settings.SITE_URL + reverse("notifications:open", args=[notification.pk]),
            "settings_url": settings_url,
            "language": recipient.language,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
        }
        letter = EmailMultiAlternatives(
            subject=" ".join(sentence.split())[:200],
            body=render_to_string("notifications/email.txt", context),
            to=[recipient.email],
            headers={"List-Unsubscribe": f"<{settings_url}>", "Auto-Submitted": "auto-generated"},
        )
        letter.attach_alternative(render_to_string("notifications/email.html", context), "text/html")
    letter.send()
