from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from accounts.api_fields import PersonSerializer
from chat import events
from chat.lookup import find_conversation
from chat.models import Message
from chat.paging import read_number
from chat.search.finding import PAGE_SIZE, PAGE_SIZE_MAX, QUERY_LENGTH_MAX, Hit, find_messages, read_search


class HitSerializer(serializers.Serializer[Hit]):
    """A message that was found, and where it stands."""

    id = serializers.CharField()
    conversation = serializers.CharField()
    seq = serializers.IntegerField(
        help_text="Its number: `/conversations/{id}/messages/?before=` leads to its context."
    )
    sender = PersonSerializer()
    kind = serializers.ChoiceField(choices=Message.Kind.choices)
    text = serializers.CharField()
    snippet = serializers.CharField(help_text="HTML: the part of the text with the first hit, escaped, hits in <mark>.")
    created_at = serializers.DateTimeField()

    def to_representation(self, hit: Hit) -> dict[str, Any]:
        message = hit.message
        return {
            "id": str(message.pk),
            "conversation": str(message.conversation_id),
            "seq": message.seq,
            "sender": events.person_json(message.sender) if message.sender else None,
            "kind": message.kind,
            "text": message.text,
            "snippet": str(hit.snippet),
            "created_at": events.time_json(message.created_at),
        }


class FoundSerializer(serializers.Serializer[Any]):
    results = HitSerializer(many=True)
    next = serializers.URLField(allow_null=True, help_text="Older hits. A page may be short and still have a next one.")
    previous = serializers.URLField(allow_null=True, help_text="Always null: searches are read one way.")


@extend_schema(tags=["messages"])
class MessageSearchView(APIView):
    @extend_schema(
        operation_id="messages_search",
        summary="Find messages, newest first",
        description=(
            "Words are found by how they begin, whatever their case and accents; Chinese, Japanese, Korean, Thai and "
            'other scripts without spaces anywhere in the text; what stands in "quotation marks" as it stands. '
            "Filters: `from:handle`, `in:conversation` (an id, or the handle of a friend), "
            "`has:link|photo|file|voice`, `before:2026-12-31`, `after:2026-01-01`."
        ),
        parameters=[
            OpenApiParameter(
                "q", OpenApiTypes.STR, required=True, description=f"At most {QUERY_LENGTH_MAX} characters."
            ),
            OpenApiParameter("conversation", OpenApiTypes.STR, description="Only in this conversation."),
            OpenApiParameter("before", OpenApiTypes.INT64, description="A cursor: see `next`."),
            OpenApiParameter("limit", OpenApiTypes.INT, description=f"At most {PAGE_SIZE_MAX}."),
        ],
        responses=FoundSerializer,
        examples=[
            OpenApiExample(
                "A hit",
                {
                    "results": [
                        {
                            "id": "7012",
                            "conversation": "31",
                            "seq": 204,
                            "sender": {"handle": "mei", "display_name": "小梅", "avatar": None},
                            "kind": "text",
                            "text": "明天去北京吗？",
                            "snippet": "明天去<mark>北京</mark>吗？",
                            "created_at": "2026-11-20T08:15:30Z",
                        }
                    ],
                    "next": None,
                    "previous": None,
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        place = request.query_params.get("conversation")
        found = find_messages(
            searcher=request.user,  # type: ignore[arg-type]
            search=read_search(request.query_params.get("q", "")),
            conversation=find_conversation(request.user, place) if place is not None else None,
            before=read_number(request, "before"),
            limit=max(1, min(read_number(request, "limit", most=10**6) or PAGE_SIZE, PAGE_SIZE_MAX)),
        )
        following = found.next_before
        return Response(
            {
                "results": HitSerializer(found.hits, many=True).data,
                "next": replace_query_param(request.build_absolute_uri(), "before", following) if following else None,
                "previous": None,
            }
        )
