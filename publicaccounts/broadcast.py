from __future__ import annotations

from django.db import transaction
from django.utils.timezone import now

from notifications import services as notifications
from publicaccounts.models import Broadcast, Follow

BATCH = 500


@transaction.atomic
def tell_next_followers(*, broadcast_id: int) -> bool:
    """Tell one batch of followers of an article; whether there may be more.

    Two workers at it at once take turns at the row. Neither meets a follower the other has told.
    """
    broadcast = (
        Broadcast.objects.filter(pk=broadcast_id)
        .unfinished()
        .select_related("article__account__owner")
        .locked()
        .first()
    )
    if broadcast is None:
        return False
    article = broadcast.article
    follows = list(
        Follow.objects.filter(account=article.account_id, pk__gt=broadcast.cursor, pk__lte=broadcast.through)
        .order_by("pk")
        .values_list("pk", "person_id")[:BATCH]
    )
    told = notifications.notify_many(
        recipients=article.audience()
        .filter(pk__in=[person for _follow, person in follows])
        .values_list("pk", flat=True),
        kind="article_published",
        actor=None,
        target=article,
        data={"account": article.account.name, "title": article.title},
    )
    broadcast.told += len(told)
    if follows:
        broadcast.cursor = follows[-1][0]
    if len(follows) < BATCH:
        broadcast.finished_at = now()
    broadcast.save(update_fields=["cursor", "told", "finished_at"])
    return broadcast.finished_at is None
