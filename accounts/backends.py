from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from superapp.kernel.prepared import Prepared

from .models import User

_person = Prepared(lambda pk: User.objects.filter(pk=pk))


class PersonBackend(AuthenticationBackend):
    """allauth's sign-in by handle or e-mail, which also checks permissions for the admin."""

    def get_user(self, user_id: Any) -> User | None:
        """Asked by every request."""
        person = _person.first(pk=int(user_id))
        return person if person is not None and self.user_can_authenticate(person) else None
