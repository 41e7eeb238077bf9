from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from uploads.forms import PhotosField, UploadIdsField

from .models import Comment, Moment


class MomentForm(forms.Form):
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=settings.MOMENT_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": _("What is on your mind?"), "dir": "auto"}),
    )
    uploads = UploadIdsField(required=False)
    photos = PhotosField(label=_("Photos"), required=False)
    audience = forms.ChoiceField(
        label=_("Who can see it"),
        choices=Moment.Audience.choices,
        initial=Moment.Audience.FRIENDS,
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        if len(fields.get("uploads", [])) + len(fields.get("photos", [])) > settings.MOMENT_PHOTOS_MAX:
            self.add_error("photos", _("That is more photos than fit here."))
        return fields

    def new_photos(self) -> list[UploadedFile]:
        photos: list[UploadedFile] = self.cleaned_data["photos"]
        return photos


class AudienceForm(forms.Form):
    audience = forms.ChoiceField(choices=Moment.Audience.choices)


class CommentForm(forms.Form):
    text = forms.CharField(label=_("Comment"), max_length=settings.MOMENT_COMMENT_LENGTH_MAX)
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def answered(self) -> Comment | None:
        """The comment it answers; the service looks it up as the author may see it."""
        pk = self.cleaned_data["reply_to"]
        return Comment(pk=pk) if pk else None
