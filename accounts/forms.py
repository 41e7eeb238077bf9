from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import Friendship, FriendTag, User
from .names import clean_line


class SignupFields(forms.Form):
    """What sign-up asks beyond allauth's own fields."""

    display_name = forms.CharField(label=_("Name"), max_length=50, required=False)

    field_order = ["display_name", "username", "email", "password1"]

    def clean_display_name(self) -> str:
        return clean_line(self.cleaned_data["display_name"])

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth's hook; the adapter has already stored the name."""


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Handle or name"), max_length=50, required=False)


class GreetingForm(forms.Form):
    greeting = forms.CharField(
        label=_("Greeting"),
        max_length=100,
        required=False,
        help_text=_("Say who you are. They see it with your request."),
    )


class AvatarInput(forms.FileInput):
    """A plain file input; the page shows the picture beside it."""

    def __init__(self) -> None:
        super().__init__(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif,image/heic"})


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    avatar = forms.FileField(label=_("Picture"), required=False, widget=AvatarInput)
    remove_avatar = forms.BooleanField(label=_("Remove the picture"), required=False)

    class Meta:
        model = User
        fields = ["display_name", "bio", "region"]

    def changes(self) -> dict[str, Any]:
        """What the service is to write; the picture only when one was chosen or removed."""
        fields = {name: self.cleaned_data[name] for name in self._meta.fields or []}
        if self.cleaned_data["avatar"]:
            fields["avatar"] = self.cleaned_data["avatar"]
        elif self.cleaned_data["remove_avatar"]:
            fields["avatar"] = None
        return fields


class PrivacyForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ["presence", "read_receipts"]
        widgets = {"presence": forms.RadioSelect}


class RowsField(forms.ModelMultipleChoiceField):
    """Boxes to tick. Ids that no row can have are refused before the database is asked, which would break on them."""

    widget = forms.CheckboxSelectMultiple

    def _check_values(self, value: Any) -> Any:
        for pk in value:
            if not (str(pk).isascii() and str(pk).isdecimal() and len(str(pk)) < 19):
                raise forms.ValidationError(self.error_messages["invalid_pk_value"], params={"pk": pk})
        return super()._check_values(value)  # type: ignore[misc]


class FriendForm(forms.ModelForm):  # type: ignore[type-arg]
    tags = RowsField(FriendTag.objects.none(), label=_("Tags"), required=False)

    class Meta:
        model = Friendship
        fields = ["remark", "tags", "starred", "chat_only", "hide_my_moments", "hide_their_moments"]
        widgets = dict.fromkeys(
            ["starred", "chat_only", "hide_my_moments", "hide_their_moments"],
            forms.CheckboxInput(attrs={"role": "switch"}),
        )

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tags"].queryset = FriendTag.objects.visible_to(owner).order_by("name")  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        return {**self.cleaned_data, "tags": [tag.pk for tag in self.cleaned_data["tags"]]}


class TagForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=30)


class TagMembersForm(TagForm):
    """A tag with the friends who carry it."""

    friends = RowsField(User.objects.none(), label=_("Friends"), required=False)

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        friends = User.objects.friends_of(owner).active().order_by("display_name")
        self.fields["friends"].queryset = friends  # type: ignore[attr-defined]
