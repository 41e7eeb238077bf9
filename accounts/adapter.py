"""Where allauth meets the product."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.headless.adapter import DefaultHeadlessAdapter
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from superapp.kernel import live
from superapp.kernel.errors import Conflict

from .models import User


class JustTaken(Conflict):
    """Two signed up at the same moment, and the database kept the other."""

    code = "just_taken"
    sentence = _("Somebody has just taken this handle or address. Please choose another.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The handle and the password do not belong together."),
        "email_password_mismatch": _("The e-mail address and the password do not belong together."),
    }

    def set_password(self, user: User, password: str) -> None:
        """Changing or resetting a password ends every open socket; pages and tokens notice by the session's hash."""
        super().set_password(user, password)
        if user.pk:
            live.sign_out(user.pk)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """A handle is kept in small letters, however it was typed. Letters that only look Latin stay, and are refused:
        lowering them first would turn the Kelvin sign into a k."""
        typed = username.lower() if username.isascii() else username
        return str(super().clean_username(typed, shallow))

    def logout(self, request: HttpRequest) -> None:
        """The sockets of this session close; those of the person's other devices stay."""
        person_id = request.user.pk
        super().logout(request)
        if person_id:
            live.doubt(person_id)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        super().save_user(request, user, form, commit=False)
        user.display_name = form.cleaned_data.get("display_name") or user.handle
        user.language = getattr(request, "LANGUAGE_CODE", "") or user.language
        if commit:
            try:
                with transaction.atomic():
                    user.save()
            except IntegrityError as error:
                raise JustTaken from error
        return user


class HeadlessAdapter(DefaultHeadlessAdapter):  # type: ignore[misc]
    """Signing up and in for apps, under /_allauth/app/v1/. allauth calls the handle `username` throughout:

    - `POST auth/signup` takes `username`, `email`, `password` and, if wished, `display_name`
    - `POST auth/login` takes `password` with either `username` or `email`
    - both answer `data.user` with `handle` and `display_name` added, and `meta.session_token`, which every later
      request carries as `X-Session-Token`
    """

    def serialize_user(self, user: User) -> dict[str, Any]:
        return {**super().serialize_user(user), "handle": user.handle, "display_name": user.display_name}
