from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import User


class SignupFields(forms.Form):
    """What sign-up asks beyond allauth's own fields."""

    display_name = forms.CharField(label=_("Name"), max_length=50, required=False)

    field_order = ["display_name", "username", "email", "password1"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth's hook; the adapter has already stored the name."""
