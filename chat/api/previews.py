from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import services
from chat.models import Message


@extend_schema(tags=["messages"])
class PreviewView(APIView):
    @extend_schema(
        operation_id="message_preview_delete",
        summary="Take the card of its link off one's own message",
        responses={204: None},
    )
    def delete(self, request: Request, pk: int) -> Response:
        message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
        services.remove_preview(sender=request.user, message=message)
        return Response(status=status.HTTP_204_NO_CONTENT)
