from __future__ import annotations

from django.db import transaction

from accounts.models import User
from moments.models import Like, Moment
from notifications.services import notify, take_back
from superapp.kernel import limits

from .loading import locked_moment


@transaction.atomic
def like_moment(*, person: User, moment: Moment) -> None:
    """Liking twice is liking."""
    limits.count("like", person.pk)
    moment = locked_moment(moment, person)
    _like, is_new = Like.objects.get_or_create(moment=moment, person=person)
    if is_new:
        notify(recipient=moment.author, kind="moment_liked", actor=person, target=moment)


@transaction.atomic
def unlike_moment(*, person: User, moment: Moment) -> None:
    moment = locked_moment(moment, person)
    if Like.objects.filter(moment=moment, person=person).delete()[0]:
        take_back(kind="moment_liked", target=moment, actor=person)
