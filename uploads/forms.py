"""Form fields for photos: sent with the form itself, or sent before and named by their ids."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

ACCEPT = "image/jpeg,image/png,image/webp,image/gif,image/heic,image/heif"


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Any number of files in one field. What is in them is the service's question."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", PhotosInput(attrs={"accept": ACCEPT, "multiple": True}))
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(PhotosField, self).clean(file, initial) for file in files if file]


class UploadIdsField(forms.Field):
    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[str]:
        return [str(one) for one in value or []]
