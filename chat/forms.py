from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from wallet.models import RedEnvelope
from wallet.money import parse_amount, plain_amount

from .models import Conversation, Member

PHOTOS_MAX = 9


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files of one input."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(files) > PHOTOS_MAX:
            raise forms.ValidationError(_("Choose up to %(count)s photos.") % {"count": PHOTOS_MAX})
        return [super(PhotosField, self).clean(file, initial) for file in files]


class MessageForm(forms.Form):
    text = forms.CharField(required=False, strip=True)
    photos = PhotosField(required=False, widget=PhotosInput)
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    client_id = forms.UUIDField()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("text") and not cleaned.get("photos"):
            raise forms.ValidationError(_("Write something first."))
        return cleaned


class ReadForm(forms.Form):
    seq = forms.IntegerField(min_value=0, max_value=2**63 - 1)


class PeopleField(forms.ModelMultipleChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=User.objects.none(), to_field_name="handle", **options)


class NewGroupForm(forms.Form):
    title = forms.CharField(label=_("Group name"), max_length=60, required=False)
    members = PeopleField(label=_("Members"), error_messages={"required": _("Choose at least one friend.")})

    def __init__(self, *args: Any, friends: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["members"].queryset = friends  # type: ignore[attr-defined]


class AddMembersForm(forms.Form):
    members = PeopleField(label=_("Members"), error_messages={"required": _("Choose at least one friend.")})

    def __init__(self, *args: Any, friends: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["members"].queryset = friends  # type: ignore[attr-defined]


class GroupForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Conversation
        fields = ["title", "announcement"]
        labels = {"title": _("Group name"), "announcement": _("Announcement")}
        widgets = {"announcement": forms.Textarea(attrs={"rows": 3})}


class OwnMembershipForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Member
        fields = ["muted", "pinned", "nickname"]


class RedEnvelopeForm(forms.Form):
    """What a person types: a total for a lucky draw, an amount for each for equal shares."""

    kind = forms.ChoiceField(choices=RedEnvelope.Kind.choices)
    amount = forms.CharField(max_length=20)
    shares = forms.IntegerField(min_value=1, max_value=500)
    greeting = forms.CharField(label=_("Greeting"), max_length=60, required=False)
    key = forms.CharField(max_length=64)

    def clean_amount(self) -> int:
        amount = parse_amount(self.cleaned_data["amount"], settings.CURRENCY)
        if not amount:
            example = {"example": plain_amount(1234, settings.CURRENCY)}
            raise forms.ValidationError(_("Enter an amount such as %(example)s.") % example)
        return amount

    def total(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if self.cleaned_data["kind"] == RedEnvelope.Kind.LUCKY:
            return amount
        shares: int = self.cleaned_data["shares"]
        return amount * shares
