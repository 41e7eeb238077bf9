"""The forms of signing in and up, in the product's own words. What they check is allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _


def _speak(form: BaseForm, words: dict[str, tuple[Any, Any]]) -> None:
    """Give fields our label and help; a label above the field needs no placeholder in it."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in words:
            field.label, help_text = words[name]
            field.help_text = field.help_text if help_text is None else help_text


class LoginForm(allauth.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _speak(self, {"login": (_("Handle or e-mail"), None), "password": (_("Password"), None)})


class SignupForm(allauth.SignupForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "display_name": (_("Name"), _("As your friends know you. You can change it at any time.")),
            "username": (_("Handle"), _("Your address here, as in @lin_yue: small letters, digits and underscores.")),
            "email": (_("E-mail"), _("For a forgotten password. Nobody else sees it.")),
            "password1": (_("Password"), _("At least 8 characters, and not one that everybody uses.")),
        }
        _speak(self, words)
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["display_name"].required = True
        self.fields["display_name"].widget.attrs |= {"autocomplete": "name", "dir": "auto"}


class ResetPasswordForm(allauth.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _speak(self, {"email": (_("E-mail"), None)})


class ResetPasswordKeyForm(allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _speak(
            self,
            {
                "password1": (_("New password"), _("At least 8 characters, and not one that everybody uses.")),
                "password2": (_("New password, once more"), None),
            },
        )


class ChangePasswordForm(allauth.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _speak(
            self,
            {
                "oldpassword": (_("Present password"), None),
                "password1": (_("New password"), _("At least 8 characters, and not one that everybody uses.")),
                "password2": (_("New password, once more"), None),
            },
        )


class ReauthenticateForm(allauth.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _speak(self, {"password": (_("Password"), None)})


class AddEmailForm(allauth.AddEmailForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _speak(self, {"email": (_("Another e-mail address"), None)})
