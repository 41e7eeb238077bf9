from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from chat import events, services
from chat.export.delivery import LINK_SECONDS, hand_out, is_good, sign
from chat.lookup import find_conversation
from chat.models import Export
from superapp.kernel import limits
from superapp.kernel.errors import Forbidden


class WrongPassword(Forbidden):
    code = "wrong_password"


class ExportSerializer(serializers.Serializer[Export]):
    id = serializers.UUIDField()
    conversation = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=Export.State.choices)
    done = serializers.IntegerField(help_text="Messages that are in it so far.")
    total = serializers.IntegerField()
    bytes = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    file = serializers.URLField(
        allow_null=True, help_text=f"When it is ready: a link for its owner alone, for {LINK_SECONDS // 60} minutes."
    )

    def to_representation(self, export: Export) -> dict[str, Any]:
        path = f"{reverse('api:export-file', args=[export.pk])}?s={sign(export)}"
        return {
            "id": str(export.pk),
            "conversation": str(export.conversation_id),
            "title": export.title,
            "state": export.state,
            "done": export.done,
            "total": export.total,
            "bytes": export.bytes,
            "created_at": events.time_json(export.created_at),
            "expires_at": events.time_json(export.expires_at),
            "file": self.context["request"].build_absolute_uri(path) if export.is_ready else None,
        }


class PasswordSerializer(serializers.Serializer[Any]):
    password = serializers.CharField(max_length=128, trim_whitespace=False, help_text="The caller's own, once more.")


class RetentionSerializer(serializers.Serializer[Any]):
    days = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, allow_null=True, help_text="Null: no rule of the group's own."
    )
    kept_days = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="What holds, with the rules of this place. Null: for good."
    )


@extend_schema(tags=["chat"])
class NewExportView(APIView):
    @extend_schema(
        operation_id="conversations_export",
        summary="Have a conversation put together, to take away",
        request=PasswordSerializer,
        responses={202: ExportSerializer},
        examples=[OpenApiExample("The password again", {"password": "correct horse battery"}, request_only=True)],
    )
    def post(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        form = PasswordSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        _check_password(request.user, form.validated_data["password"])  # type: ignore[arg-type]
        export = services.request_export(person=request.user, conversation=conversation)  # type: ignore[arg-type]
        return Response(ExportSerializer(export, context={"request": request}).data, status=status.HTTP_202_ACCEPTED)


@extend_schema(tags=["chat"])
class ExportView(APIView):
    @extend_schema(operation_id="exports_retrieve", summary="How far an export is", responses=ExportSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        export = get_object_or_404(Export.objects.visible_to(request.user), pk=pk)
        return Response(ExportSerializer(export, context={"request": request}).data)


@extend_schema(tags=["chat"])
class ExportFileView(APIView):
    @extend_schema(
        operation_id="exports_file",
        summary="The archive itself",
        parameters=[OpenApiParameter("s", OpenApiTypes.STR, required=True, description="As `file` has it.")],
        responses={(200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        export = get_object_or_404(Export.objects.visible_to(request.user), pk=pk)
        if not is_good(request.query_params.get("s", ""), export):
            raise Http404
        return hand_out(request, export)


@extend_schema(tags=["chat"])
class RetentionView(APIView):
    @extend_schema(
        operation_id="conversations_retention",
        summary="How many days a group keeps what is said in it",
        request=RetentionSerializer,
        responses=RetentionSerializer,
        examples=[
            OpenApiExample("A month", {"days": 30}, request_only=True),
            OpenApiExample("A month, held", {"days": 30, "kept_days": 30}, response_only=True),
        ],
    )
    def put(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        form = RetentionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        changed = services.change_retention(
            owner=request.user,  # type: ignore[arg-type]
            conversation=conversation,
            days=form.validated_data["days"],
        )
        return Response({"days": changed.retention_days, "kept_days": changed.days_kept})


def _check_password(person: User, password: str) -> None:
    limits.count("password-again", person.pk)
    if not person.check_password(password):
        raise WrongPassword(errors={"password": WrongPassword.sentence})
