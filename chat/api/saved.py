from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import services
from chat.api_fields import SavedItemSerializer
from chat.api_input import NewSavedSerializer
from chat.lookup import find_message
from chat.models import Message, SavedItem
from chat.models.message import PORTABLE
from superapp.kernel.rest import CursorPages

QUERY_LENGTH_MAX = 100


class SavedPages(CursorPages):
    ordering = ("-pk",)  # type: ignore[assignment]


@extend_schema(tags=["messages"])
class SavedItemsView(generics.GenericAPIView[SavedItem]):
    serializer_class = SavedItemSerializer
    pagination_class = SavedPages
    queryset = SavedItem.objects.none()

    @extend_schema(
        operation_id="saved_list",
        summary="What one has kept of what was said, the latest first",
        parameters=[
            OpenApiParameter("kind", OpenApiTypes.STR, enum=sorted(PORTABLE)),
            OpenApiParameter("q", OpenApiTypes.STR, description="Words in it, or of who said it."),
        ],
        responses=SavedItemSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        items = SavedItem.objects.visible_to(request.user).for_display(request.user)
        if kind := request.query_params.get("kind"):
            items = items.of_kind(kind)
        items = items.saying(request.query_params.get("q", "").replace("\x00", "")[:QUERY_LENGTH_MAX])
        return self.get_paginated_response(self.get_serializer(self.paginate_queryset(items), many=True).data)

    @extend_schema(
        operation_id="saved_create",
        summary="Keep a message for oneself",
        request=NewSavedSerializer,
        responses={
            201: SavedItemSerializer,
            200: OpenApiResponse(SavedItemSerializer, "It had been kept before."),
        },
        examples=[OpenApiExample("Keep", {"message": "4711"}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        form = NewSavedSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        message: Message = find_message(request.user, form.validated_data["message"])
        known = SavedItem.objects.visible_to(request.user).filter(message=message).exists()
        [item] = services.save_messages(owner=request.user, messages=[message])
        found = SavedItem.objects.visible_to(request.user).for_display(request.user).get(pk=item.pk)
        code = status.HTTP_200_OK if known else status.HTTP_201_CREATED
        return Response(self.get_serializer(found).data, status=code)


@extend_schema(tags=["messages"])
class SavedItemView(APIView):
    @extend_schema(operation_id="saved_retrieve", summary="Something one has kept", responses=SavedItemSerializer)
    def get(self, request: Request, pk: int) -> Response:
        item = get_object_or_404(SavedItem.objects.visible_to(request.user).for_display(request.user), pk=pk)
        return Response(SavedItemSerializer(item, context={"request": request}).data)

    @extend_schema(operation_id="saved_delete", summary="Keep it no longer", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        item = get_object_or_404(SavedItem.objects.visible_to(request.user), pk=pk)
        services.remove_saved(owner=request.user, item=item)
        return Response(status=status.HTTP_204_NO_CONTENT)
