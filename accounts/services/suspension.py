from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from superapp.kernel import live
from superapp.kernel.errors import Forbidden

from .friendship import lock_people


class NotAModerator(Forbidden):
    code = "not_a_moderator"
    sentence = _("Only moderators may suspend and restore people.")


class NotYourOwnRights(Forbidden):
    code = "not_your_own_rights"
    sentence = _("Nobody changes their own rights.")


class StaffIsProtected(Forbidden):
    code = "staff_is_protected"
    sentence = _("Only an administrator may suspend a moderator, and nobody an administrator.")


@transaction.atomic
def suspend_person(*, moderator: User, person: User) -> User:
    """Closes the account to its owner at once: sessions, tokens and sockets end, and do not come back when restored."""
    current = _person_for(moderator, person)
    if current.is_active:
        current.is_active = False
        current.session_epoch += 1
        current.save(update_fields=["is_active", "session_epoch"])
        live.sign_out(current.pk)
    return current


@transaction.atomic
def restore_person(*, moderator: User, person: User) -> User:
    current = _person_for(moderator, person)
    current.is_active = True
    current.save(update_fields=["is_active"])
    return current


def _person_for(moderator: User, person: User) -> User:
    """The person as they are now, held, if the moderator may decide about them."""
    if moderator.pk == person.pk:
        raise NotYourOwnRights
    lock_people(moderator, person)
    people = User.objects.in_bulk([moderator.pk, person.pk])
    if not people[moderator.pk].has_perm("accounts.suspend_user"):
        raise NotAModerator
    current = people[person.pk]
    if current.is_superuser or (current.is_staff and not people[moderator.pk].is_superuser):
        raise StaffIsProtected
    return current
