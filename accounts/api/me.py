from __future__ import annotations

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import services
from accounts.models import User
from superapp.kernel.rest import StrictJSONParser


class PrivacySerializer(serializers.ModelSerializer[User]):
    """What others see of one's comings and goings. It holds both ways."""

    class Meta:
        model = User
        fields = ["presence", "read_receipts"]


class MeSerializer(serializers.ModelSerializer[User]):
    avatar = serializers.CharField(source="avatar_url", allow_null=True)
    privacy = PrivacySerializer(source="*", read_only=True)

    class Meta:
        model = User
        fields = [
            "handle",
            "display_name",
            "avatar",
            "bio",
            "region",
            "email",
            "language",
            "timezone",
            "link_previews",
            "privacy",
            "joined_at",
        ]
        read_only_fields = fields


class MeChangeSerializer(serializers.ModelSerializer[User]):
    avatar = serializers.FileField(
        required=False, allow_null=True, help_text="A picture (multipart form), or null to go back to the initial."
    )
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    privacy = PrivacySerializer(required=False)

    class Meta:
        model = User
        fields = ["display_name", "bio", "region", "avatar", "language", "timezone", "link_previews", "privacy"]


class Me(APIView):
    parser_classes = [StrictJSONParser, MultiPartParser]

    @extend_schema(operation_id="me_retrieve", tags=["me"], summary="Your own profile", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(request.user).data)

    @extend_schema(
        operation_id="me_change",
        tags=["me"],
        summary="Change your profile",
        description="JSON, or a multipart form where a picture is sent along. What is left out stays as it is.",
        request={"application/json": MeChangeSerializer, "multipart/form-data": MeChangeSerializer},
        responses=MeSerializer,
        examples=[
            OpenApiExample("A new name", {"display_name": "Alice", "bio": "Reading."}, request_only=True),
            OpenApiExample("Shown to friends", {"privacy": {"presence": "friends"}}, request_only=True),
            OpenApiExample("No picture any more", {"avatar": None}, request_only=True),
        ],
    )
    def patch(self, request: Request) -> Response:
        change = MeChangeSerializer(request.user, data=request.data, partial=True)
        change.is_valid(raise_exception=True)
        return Response(MeSerializer(services.change_me(person=request.user, **change.validated_data)).data)
