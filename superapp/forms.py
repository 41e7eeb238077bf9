from __future__ import annotations

import zoneinfo

from django import forms
from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from superapp.appearance import Theme


class Renderer(TemplatesSetting):
    """Every form field of the product is drawn by one template."""

    field_template_name = "forms/field.html"


def _zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones()) if "/" in name] + [
        ("UTC", "UTC")
    ]


class SettingsForm(forms.Form):
    theme = forms.ChoiceField(label=_("Appearance"), choices=Theme.choices, widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=_zones)
    link_previews = forms.BooleanField(
        label=_("Show what my links lead to"),
        required=False,
        help_text=_("This place looks at the page for you, and shows its title and picture below your message."),
    )


class GuestLanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
