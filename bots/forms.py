from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .models import Bot
from .models.bot import DESCRIPTION_LENGTH_MAX, EVENTS_OFFERED, URL_LENGTH_MAX


class NewBotForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=50)
    handle = forms.CharField(label=_("Handle"), max_length=30, help_text=_("Small letters, digits and underscores."))
    description = forms.CharField(label=_("What it is for"), max_length=DESCRIPTION_LENGTH_MAX, required=False)


class BotForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=50)
    description = forms.CharField(label=_("What it is for"), max_length=DESCRIPTION_LENGTH_MAX, required=False)
    url = forms.CharField(
        label=_("Address for events"),
        max_length=URL_LENGTH_MAX,
        required=False,
        help_text=_("What happens in its groups is sent there, signed. Empty: it hears nothing."),
        widget=forms.URLInput(attrs={"dir": "ltr", "placeholder": "https://"}),
    )
    events = forms.MultipleChoiceField(
        label=_("It hears when"),
        choices=[(event.value, event.label) for event in EVENTS_OFFERED],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class CommandForm(forms.Form):
    name = forms.CharField(label=_("Command"), max_length=33, widget=forms.TextInput(attrs={"placeholder": "/weather"}))
    hint = forms.CharField(label=_("What comes after it"), max_length=60, required=False)
    description = forms.CharField(label=_("What it does"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = "command_%s"  # beside the form of the bot itself
        super().__init__(*args, **kwargs)


class WebhookForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=50, required=False, help_text=_("What it is called in the group. For a new bot.")
    )
    bot = forms.ModelChoiceField(
        Bot.objects.none(), label=_("Speaks as"), required=False, empty_label=_("a new bot"), to_field_name="pk"
    )

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        kwargs["auto_id"] = "webhook_%s"  # beside the form that brings a bot in
        super().__init__(*args, **kwargs)
        self.fields["bot"].queryset = _bots_of(owner)  # type: ignore[attr-defined]
        self.fields["bot"].label_from_instance = lambda bot: bot.user.display_name  # type: ignore[attr-defined]


class AddBotForm(forms.Form):
    bot = forms.ModelChoiceField(Bot.objects.none(), label=_("One of your bots"), empty_label=_("Choose one"))

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bot"].queryset = _bots_of(owner)  # type: ignore[attr-defined]
        self.fields["bot"].label_from_instance = lambda bot: bot.user.display_name  # type: ignore[attr-defined]


def _bots_of(owner: User) -> Any:
    return Bot.objects.visible_to(owner).select_related("user").order_by("user__display_name")
