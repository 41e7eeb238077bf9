from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from wallet.models import RedEnvelope
from wallet.money import parse_amount, plain_amount

from .models import ChatPrivacy, Conversation, Member, StickerPack

PHOTOS_MAX = 9
FILES_MAX = 10


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files of one input."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(files) > PHOTOS_MAX:
            raise forms.ValidationError(_("Choose up to %(count)s photos.") % {"count": PHOTOS_MAX})
        return [super(PhotosField, self).clean(file, initial) for file in files]


class FilesField(forms.FileField):
    """The same for files of any kind."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(files) > FILES_MAX:
            raise forms.ValidationError(_("Choose up to %(count)s files.") % {"count": FILES_MAX})
        return [super(FilesField, self).clean(file, initial) for file in files]


class MessageForm(forms.Form):
    text = forms.CharField(required=False, strip=True)
    photos = PhotosField(required=False, widget=PhotosInput)
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    files = FilesField(required=False, widget=PhotosInput)  # type: ignore[assignment]
    voice = forms.FileField(required=False)
    client_id = forms.UUIDField()
    silent = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.get(name) for name in ("text", "photos", "files", "voice")):
            raise forms.ValidationError(_("Write something first."))
        return cleaned


class DraftForm(forms.Form):
    text = forms.CharField(required=False, strip=False)
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    written_at = forms.FloatField(required=False, min_value=0, max_value=4e9)  # seconds, as a browser's clock has it

    def clean_written_at(self) -> datetime | None:
        seconds = self.cleaned_data["written_at"]
        return datetime.fromtimestamp(seconds, UTC) if seconds else None


class EditForm(forms.Form):
    text = forms.CharField(label=_("Message"), required=False, strip=True, widget=forms.Textarea(attrs={"rows": 4}))


class ReactionForm(forms.Form):
    emoji = forms.CharField(max_length=40)


class ForwardForm(forms.Form):
    to = forms.ModelMultipleChoiceField(
        queryset=Conversation.objects.none(), error_messages={"required": _("Choose at least one chat.")}
    )
    merged = forms.BooleanField(required=False)
    client_id = forms.UUIDField()

    def __init__(self, *args: Any, conversations: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].queryset = conversations  # type: ignore[attr-defined]


class ShareForm(forms.Form):
    to = forms.ModelMultipleChoiceField(
        queryset=Conversation.objects.none(), error_messages={"required": _("Choose at least one chat.")}
    )
    client_id = forms.UUIDField()

    def __init__(self, *args: Any, conversations: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].queryset = conversations  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    latitude = forms.FloatField(
        label=_("Latitude"), min_value=-90, max_value=90, widget=forms.NumberInput(attrs={"step": "any", "dir": "ltr"})
    )
    longitude = forms.FloatField(
        label=_("Longitude"),
        min_value=-180,
        max_value=180,
        widget=forms.NumberInput(attrs={"step": "any", "dir": "ltr"}),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def wanted(self) -> dict[str, Any]:
        place = {name: self.cleaned_data[name] for name in ("name", "address", "latitude", "longitude")}
        return {"client_id": self.cleaned_data["client_id"], "place": place}


class ContactForm(forms.Form):
    person = forms.ModelChoiceField(
        queryset=User.objects.none(), to_field_name="handle", error_messages={"required": _("Choose a friend.")}
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, friends: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].queryset = friends  # type: ignore[attr-defined]


class SendStickerForm(forms.Form):
    sticker = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    client_id = forms.UUIDField()


class PackForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = StickerPack
        fields = ["name", "shared"]


class StickerForm(forms.Form):
    file = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG, WebP or GIF. It may move."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/webp,image/gif,image/jpeg"}),
    )
    words = forms.CharField(label=_("What it shows"), max_length=40)


class CustomEmojiForm(forms.Form):
    name = forms.CharField(label=_("Name"), help_text=_("Letters a to z, digits and underscores."), max_length=32)
    file = forms.FileField(
        label=_("Picture"), widget=forms.FileInput(attrs={"accept": "image/png,image/webp,image/gif,image/jpeg"})
    )


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
        fields = ["title"]
        labels = {"title": _("Group name")}


class GroupPictureForm(forms.Form):
    picture = forms.FileField(label=_("Picture"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"}))
    remove_picture = forms.BooleanField(label=_("Show the members’ faces again"), required=False)


class AnnouncementForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Conversation
        fields = ["announcement"]
        labels = {"announcement": _("Announcement")}
        widgets = {"announcement": forms.Textarea(attrs={"rows": 8})}


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Conversation
        fields = ["joining_needs_approval", "only_admins_invite", "only_admins_speak", "history_for_new_members"]


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Member.Role.choices)


class RemoveMemberForm(forms.Form):
    with_messages = forms.BooleanField(label=_("Also take back everything they have written here"), required=False)


class InviteForm(forms.Form):
    """How long a link works, and for how many."""

    HOURS = [
        ("1", _("1 hour")),
        ("24", _("1 day")),
        ("168", _("7 days")),
        ("720", _("30 days")),
        ("0", _("Without an end")),
    ]

    hours = forms.TypedChoiceField(label=_("Works for"), choices=HOURS, coerce=int, initial="168")
    max_uses = forms.IntegerField(
        label=_("How many people may use it"),
        help_text=_("Empty: as many as like."),
        min_value=1,
        max_value=100_000,
        required=False,
    )

    def clean_hours(self) -> int | None:
        hours: int = self.cleaned_data["hours"]
        return hours or None


class JoinForm(forms.Form):
    greeting = forms.CharField(label=_("Say who you are"), max_length=100, required=False)


class ChatPrivacyForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ChatPrivacy
        fields = ["strangers", "groups"]
        widgets = {"strangers": forms.RadioSelect, "groups": forms.RadioSelect}


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


class RetentionForm(forms.Form):
    """So many days of those that are offered, or another number."""

    OFFERED = (7, 30, 90, 365)

    choice = forms.ChoiceField(label=_("Messages are kept"), widget=forms.RadioSelect)
    days_chosen = forms.IntegerField(
        label=_("Days"), required=False, min_value=1, max_value=100_000, help_text=_("For another number of days.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [
            (str(days), ngettext("%(count)s day", "%(count)s days", days) % {"count": days}) for days in self.OFFERED
        ]
        self.fields["choice"].choices = [  # type: ignore[attr-defined]
            ("", _("as long as this place keeps them")),
            *offered,
            ("other", _("otherwise")),
        ]
        self.fields["choice"].required = False

    @classmethod
    def initial_of(cls, days: int | None) -> dict[str, Any]:
        if days is None or days in cls.OFFERED:
            return {"choice": str(days or "")}
        return {"choice": "other", "days_chosen": days}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("choice") == "other" and not cleaned.get("days_chosen") and "days_chosen" not in self.errors:
            self.add_error("days_chosen", _("Say how many days."))
        return cleaned

    @property
    def days(self) -> int | None:
        choice = self.cleaned_data["choice"]
        return self.cleaned_data["days_chosen"] if choice == "other" else int(choice) if choice else None
