from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api_fields import PersonSerializer

from . import services
from .models import Notification

ID_MAX = 2**63 - 1


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    id = serializers.CharField()
    actor = PersonSerializer(allow_null=True)
    target = serializers.SerializerMethodField()
    text = serializers.CharField(source="sentence", help_text="A sentence in the caller's language.")
    url = serializers.CharField(help_text="The path of the page it leads to.")
    read = serializers.SerializerMethodField()

    class Meta:
        model = Notification
        fields = ["id", "kind", "actor", "target", "text", "url", "created_at", "read"]
        read_only_fields = fields

    @extend_schema_field(
        {
            "type": "object",
            "nullable": True,
            "properties": {"type": {"type": "string"}, "id": {"type": "string"}},
            "required": ["type", "id"],
        }
    )
    def get_target(self, notification: Notification) -> dict[str, str] | None:
        if not notification.target_type:
            return None
        return {"type": notification.target_type.rpartition(".")[2], "id": notification.target_id}

    def get_read(self, notification: Notification) -> bool:
        return notification.read_at is not None


class ReadSerializer(serializers.Serializer[Any]):
    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=ID_MAX),
        max_length=500,
        required=False,
        help_text="Which; all when left out. Ids as strings or numbers.",
    )


class BadgesSerializer(serializers.Serializer[Any]):
    chats = serializers.IntegerField()
    notifications = serializers.IntegerField()
    contacts = serializers.IntegerField()


class EmailSettingsSerializer(serializers.Serializer[Any]):
    email = serializers.DictField(child=serializers.BooleanField(), help_text="Kind of notification → by e-mail too?")


@extend_schema(tags=["notifications"])
class NotificationList(generics.ListAPIView[Notification]):
    """What the caller has been told, newest first, as far as it may still be seen."""

    serializer_class = NotificationSerializer
    queryset = Notification.objects.none()

    @extend_schema(operation_id="notifications_list", summary="What one has been told, newest first")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Notification]:
        return Notification.objects.visible_to(self.request.user).select_related("actor")


class NotificationsRead(APIView):
    @extend_schema(
        tags=["notifications"],
        operation_id="notifications_read",
        request=ReadSerializer,
        responses={200: BadgesSerializer},
        examples=[OpenApiExample("Some", {"ids": ["17", "18"]}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """Mark notifications read, and learn what still waits. Doing it again changes nothing."""
        form = ReadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.mark_read(person=request.user, ids=form.validated_data.get("ids"))
        return Response(services.badges(request.user), status=status.HTTP_200_OK)


@extend_schema(tags=["notifications"])
class NotificationSettings(APIView):
    @extend_schema(operation_id="notifications_settings", responses=EmailSettingsSerializer)
    def get(self, request: Request) -> Response:
        """Which kinds of notification come by e-mail as well."""
        return Response({"email": services.email_settings(request.user)})

    @extend_schema(
        operation_id="notifications_settings_change",
        request=EmailSettingsSerializer,
        responses=EmailSettingsSerializer,
        examples=[OpenApiExample("One", {"email": {"friend_request": False}}, request_only=True)],
    )
    def patch(self, request: Request) -> Response:
        """Switch single kinds on or off; the others stay."""
        form = EmailSettingsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.change_email_settings(person=request.user, email=form.validated_data["email"])
        return self.get(request)
