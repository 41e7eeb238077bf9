from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from superapp.kernel.rest import StrictJSONParser

from . import services
from .api_fields import UploadSerializer
from .models import Upload


class NewUploadSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(
        help_text="Of a picture (JPEG, PNG, WebP, GIF, HEIC) only the first frame is kept. A video or a voice message "
        "is `processing` until it has been converted. Anything else is kept as it is."
    )
    kind = serializers.ChoiceField(
        choices=Upload.Kind.choices, required=False, default="", help_text="Left out, the content decides."
    )
    alt = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class AltSerializer(serializers.Serializer[Any]):
    alt = serializers.CharField(max_length=500, allow_blank=True)


@extend_schema(tags=["uploads"])
@extend_schema_view(
    retrieve=extend_schema(operation_id="uploads_retrieve", summary="An upload of one's own"),
)
class UploadViewSet(mixins.RetrieveModelMixin, GenericViewSet[Upload]):
    """Files, sent before the moment or message that will carry them."""

    serializer_class = UploadSerializer
    queryset = Upload.objects.none()
    lookup_value_converter = "uuid"

    def get_queryset(self) -> Any:
        return Upload.objects.visible_to(self.request.user)

    def get_parsers(self) -> list[BaseParser]:
        creates = self.request and self.request.method == "POST" and "create" in self.action_map.values()
        return [MultiPartParser()] if creates else [StrictJSONParser()]

    @extend_schema(
        operation_id="uploads_create",
        summary="Send a file",
        request={"multipart/form-data": NewUploadSerializer},
        responses={201: UploadSerializer},
    )
    def create(self, request: Request) -> Response:
        form = NewUploadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        upload = services.receive_file(owner=request.user, **form.validated_data)
        return Response(self.get_serializer(upload).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="uploads_update",
        summary="Describe a picture for those who cannot see it",
        request=AltSerializer,
        responses=UploadSerializer,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        upload = get_object_or_404(self.get_queryset(), pk=pk)
        form = AltSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        upload = services.change_alt(owner=request.user, upload=upload, alt=form.validated_data["alt"])
        return Response(self.get_serializer(upload).data)

    @extend_schema(
        operation_id="uploads_retry",
        summary="Convert again what could not be converted",
        request=None,
        responses=UploadSerializer,
    )
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        upload = get_object_or_404(self.get_queryset(), pk=pk)
        upload = services.retry_upload(owner=request.user, upload=upload)
        return Response(self.get_serializer(upload).data)
