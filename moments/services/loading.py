"""Loading for a change: what the actor may see, locked, as it is now."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from moments.models import Moment
from superapp.kernel.errors import Forbidden, NotFound


class NotYours(Forbidden):
    code = "not_yours"
    sentence = _("Only the one who wrote it can do this.")


def locked_moment(moment: Moment, person: User) -> Moment:
    """The moment, if `person` may see it at this moment; nobody changes it until the end of the transaction."""
    found = Moment.objects.visible_to(person).filter(pk=moment.pk).locked().first()
    if found is None:
        raise NotFound
    return found


def own_moment(moment: Moment, person: User) -> Moment:
    found = locked_moment(moment, person)
    if not found.changeable_by(person):
        raise NotYours
    return found
