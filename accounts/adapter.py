"""Where allauth meets the product."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.headless.adapter import DefaultHeadlessAdapter
from django.http import HttpRequest

from superapp.kernel import live

from .models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def set_password(self, user: User, password: str) -> None:
        """Changing or resetting a password ends every open socket; pages notice by the session's hash."""
        super().set_password(user, password)
        if user.pk:
            live.sign_out(user.pk)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        super().save_user(request, user, form, commit=False)
        user.display_name = form.cleaned_data.get("display_name") or user.handle
        user.language = getattr(request, "LANGUAGE_CODE", "") or user.language
        if commit:
            user.save()
        return user


class HeadlessAdapter(DefaultHeadlessAdapter):  # type: ignore[misc]
    def serialize_user(self, user: User) -> dict[str, Any]:
        return {**super().serialize_user(user), "handle": user.handle, "display_name": user.display_name}
