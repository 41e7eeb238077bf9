"""How an upload looks in JSON, wherever something carries one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from .models import Upload, Variant

EXAMPLE = {
    "id": "6f1d3f2e-6a0e-4c58-9d5c-0f6a5a3f1a11",
    "kind": "image",
    "state": "ready",
    "url": "/files/6f1d3f2e-6a0e-4c58-9d5c-0f6a5a3f1a11/large.webp?s=…",
    "variants": {
        "thumb": "/files/6f1d3f2e-6a0e-4c58-9d5c-0f6a5a3f1a11/thumb.webp?s=…",
        "medium": "/files/6f1d3f2e-6a0e-4c58-9d5c-0f6a5a3f1a11/medium.webp?s=…",
        "large": "/files/6f1d3f2e-6a0e-4c58-9d5c-0f6a5a3f1a11/large.webp?s=…",
    },
    "width": 2048,
    "height": 1365,
    "duration": None,
    "peaks": [],
    "blurhash": "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
    "alt": "A lake in the evening",
    "name": "",
    "bytes": 482113,
    "failure": None,
}
VOICE_EXAMPLE = EXAMPLE | {
    "kind": "voice",
    "url": "/files/6f1d3f2e-6a0e-4c58-9d5c-0f6a5a3f1a11/voice.m4a?s=…",
    "variants": {},
    "width": 0,
    "height": 0,
    "duration": 4.2,
    "peaks": [3, 41, 87, 100, 52, 9],
    "blurhash": "",
    "alt": "",
    "bytes": 34187,
}


@extend_schema_serializer(
    examples=[
        OpenApiExample("A photo", value=EXAMPLE, response_only=True),
        OpenApiExample("A voice message", value=VOICE_EXAMPLE, response_only=True),
    ]
)
class UploadSerializer(serializers.ModelSerializer[Upload]):
    """Needs the request in its context: the addresses open for the caller alone, and for five minutes at most."""

    id = serializers.UUIDField(read_only=True)
    url = serializers.SerializerMethodField(help_text=_("The largest form. null unless ready."))
    variants = serializers.SerializerMethodField(help_text=_("Of a picture its sizes; of a video those of its poster."))
    duration = serializers.FloatField(
        read_only=True, allow_null=True, help_text=_("In seconds, for what has a duration.")
    )
    peaks = serializers.ListField(
        child=serializers.IntegerField(), read_only=True, help_text=_("How loud a voice is over its time, 0 to 100.")
    )
    failure = serializers.SerializerMethodField(help_text=_("Why it failed: one of the codes."))

    class Meta:
        model = Upload
        fields = [
            "id", "kind", "state", "url", "variants", "width", "height", "duration", "peaks", "blurhash", "alt", "name",
            "bytes", "failure",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_url(self, upload: Upload) -> str | None:
        if upload.state != Upload.State.READY:
            return None
        viewer = self.context["request"].user
        return upload.form_url_for(viewer) if upload.form else upload.url_for(viewer, Variant.LARGE)

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_variants(self, upload: Upload) -> dict[str, str]:
        if not upload.has_picture:
            return {}
        viewer = self.context["request"].user
        return {variant.value: upload.url_for(viewer, variant) for variant in Variant}

    @extend_schema_field(serializers.ChoiceField(choices=Upload.Failure.choices, allow_null=True))
    def get_failure(self, upload: Upload) -> str | None:
        return upload.failure or None
