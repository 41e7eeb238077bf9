from datetime import timedelta

from celery import shared_task
from django.utils.timezone import now

from superapp.kernel import outbox

from .delivery import deliver
from .models import Notification

KEPT = timedelta(days=180)


@outbox.task
def deliver_notifications(*, notification_ids: list[int]) -> None:
    for notification_id in notification_ids:
        deliver(notification_id)


@shared_task
def forget_old_notifications() -> None:
    Notification.objects.filter(created_at__lt=now() - KEPT).delete()
