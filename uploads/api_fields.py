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
    "blurhash": "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
    "alt": "A lake in the evening",
}


@extend_schema_serializer(examples=[OpenApiExample("A photo", value=EXAMPLE, response_only=True)])
class UploadSerializer(serializers.ModelSerializer[Upload]):
    """Needs the request in its context: the addresses open for the caller alone, and for five minutes at most."""

    id = serializers.UUIDField(read_only=True)
    url = serializers.SerializerMethodField(help_text=_("The largest form. null while processing."))
    variants = serializers.SerializerMethodField()
    duration = serializers.SerializerMethodField(help_text=_("In seconds, for what has a duration."))

    class Meta:
        model = Upload
        fields = ["id", "kind", "state", "url", "variants", "width", "height", "duration", "blurhash", "alt"]
        read_only_fields = fields

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_url(self, upload: Upload) -> str | None:
        return self.get_variants(upload).get("large")

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_variants(self, upload: Upload) -> dict[str, str]:
        if upload.state != Upload.State.READY:
            return {}
        viewer = self.context["request"].user
        return {variant.value: upload.url_for(viewer, variant) for variant in Variant}

    @extend_schema_field(serializers.FloatField(allow_null=True))
    def get_duration(self, upload: Upload) -> float | None:
        return None
