"""How a notification that has been written reaches its recipient."""

from __future__ import annotations

from django.db import transaction
from django.utils.timezone import now

from accounts.models import User
from superapp.kernel import live

from . import kinds, mail
from .badges import publish_badges
from .models import EmailSwitch, Notification


def deliver(notification_id: int) -> None:
    """Over the socket at once, then by e-mail. Whoever may no longer be told is not; running it again does nothing."""
    with transaction.atomic():
        notification = _for_delivery(notification_id)
        if notification is None:
            return
        if notification.delivered_at is None:
            notification.delivered_at = now()
            notification.save(update_fields=["delivered_at"])
            event = {"type": "notification", "id": str(notification.pk), "kind": notification.kind}
            live.publish([notification.recipient_id], event)
            publish_badges(notification.recipient)
    if notification.read_at is None and wants_mail(notification.recipient, notification.kind):
        _send_mail(notification)


def wants_mail(person: User, kind: str) -> bool:
    if not person.email:
        return False
    own_word = EmailSwitch.objects.filter(person=person, kind=kind).values_list("is_on", flat=True).first()
    return kinds.get(kind).email_default if own_word is None else own_word


def _for_delivery(notification_id: int) -> Notification | None:
    """The notification, locked, if its recipient may be told of it at this moment."""
    row = Notification.objects.select_related("recipient").filter(pk=notification_id).locked().first()
    if row is None or not row.recipient.is_active:
        return None
    visible = Notification.objects.filter(pk=row.pk).visible_to(row.recipient)
    return visible.select_related("recipient", "actor").first()


def _send_mail(notification: Notification) -> None:
    """The row is marked before the letter leaves, and unmarked if the post refuses it: no crash sends it twice, and
    one lost in a crash is still on the page."""
    mine = Notification.objects.filter(pk=notification.pk)
    if not mine.filter(mailed_at=None).update(mailed_at=now()):
        return
    try:
        mail.send(notification)
    except Exception:
        mine.update(mailed_at=None)
        raise
