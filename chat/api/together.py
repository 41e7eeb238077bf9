"""Polls, sign-up lists and to-dos of groups."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import services
from chat.api_fields import MessageSerializer
from chat.lookup import find_conversation, find_membership, find_reply
from chat.models import Message, SignUp, Todo
from chat.models.message import MessageQuerySet
from chat.together_fields import (
    ChoiceSerializer,
    LineSerializer,
    NewListSerializer,
    NewPollSerializer,
    NewTodoSerializer,
    SignUpEntrySerializer,
    TodoDetailSerializer,
    TodoSerializer,
    VotesSerializer,
)
from superapp.kernel.errors import NotFound
from superapp.kernel.rest import CursorPages
from wallet.idempotency import answer

POLL = OpenApiExample(
    "A poll",
    {
        "client_id": "0f6a5a3f-1a11-4c58-9d5c-6f1d3f2e6a10",
        "question": "Where do we eat?",
        "options": ["Noodles", "Dumplings", "At home"],
        "multiple": True,
    },
    request_only=True,
)
LIST = OpenApiExample(
    "A sign-up list",
    {
        "client_id": "0f6a5a3f-1a11-4c58-9d5c-6f1d3f2e6a11",
        "title": "Lunch on Friday",
        "description": "Write what you bring.",
        "example": "Two salads",
    },
    request_only=True,
)
SENT_BEFORE = OpenApiResponse(MessageSerializer, "It had been sent before, under the same client_id.")


def _message(request: Request, pk: int) -> Message:
    """A message the caller may read. Whether it carries what is asked of it, the service looks."""
    messages: MessageQuerySet = Message.objects.visible_to(request.user)
    return get_object_or_404(messages.select_related("conversation"), pk=pk)


def _sent(request: Request, member: Any, message: Message, *, created: bool) -> Response:
    data = MessageSerializer(message, context={"request": request, "member": member}).data
    return answer(data, replayed=not created, status=status.HTTP_201_CREATED if created else status.HTTP_200_OK)


@extend_schema(tags=["together"])
class NewPollView(APIView):
    @extend_schema(
        operation_id="polls_create",
        summary="Ask a group",
        request=NewPollSerializer,
        responses={201: MessageSerializer, 200: SENT_BEFORE},
        examples=[POLL],
    )
    def post(self, request: Request, pk: int) -> Response:
        member = find_membership(request.user, pk)
        form = NewPollSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        message, created = services.send_poll(
            sender=request.user,
            conversation=member.conversation,
            client_id=wanted["client_id"],
            question=wanted["question"],
            options=wanted["options"],
            is_multiple=wanted["multiple"],
            is_anonymous=wanted["anonymous"],
            closes_at=wanted["closes_at"],
        )
        return _sent(request, member, message, created=created)


@extend_schema(tags=["together"])
class VotesView(APIView):
    def _shown(self, request: Request, message: Message) -> Response:
        poll = services.poll_of(request.user, message, held=False)
        votes = poll.votes.select_related("user").order_by("pk")
        data = {
            **poll.snapshot(),
            "mine": sorted(votes.filter(user=request.user).values_list("option", flat=True)),
            "votes": [] if poll.is_anonymous else votes,
        }
        return Response(VotesSerializer(data).data)

    @extend_schema(
        operation_id="votes_list",
        summary="A poll as it stands, and who has chosen what unless it is anonymous",
        responses=VotesSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        return self._shown(request, _message(request, pk))

    @extend_schema(
        operation_id="votes_create",
        summary="Choose, or choose anew",
        request=ChoiceSerializer,
        responses=VotesSerializer,
        examples=[OpenApiExample("The first", {"options": [1]}, request_only=True)],
    )
    def post(self, request: Request, pk: int) -> Response:
        message = _message(request, pk)
        form = ChoiceSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.vote(voter=request.user, message=message, **form.validated_data)
        return self._shown(request, message)

    @extend_schema(operation_id="votes_delete", summary="Take back one's vote", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        services.take_back_vote(voter=request.user, message=_message(request, pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["together"])
class CloseView(APIView):
    @extend_schema(
        operation_id="messages_close",
        summary="Close a poll or a sign-up list",
        request=None,
        responses={204: None},
    )
    def post(self, request: Request, pk: int) -> Response:
        message = _message(request, pk)
        if message.kind == Message.Kind.POLL:
            services.close_poll(actor=request.user, message=message)
        elif message.kind == Message.Kind.LIST:
            services.close_list(actor=request.user, message=message)
        else:
            raise NotFound
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["together"])
class NewListView(APIView):
    @extend_schema(
        operation_id="lists_create",
        summary="Begin a sign-up list in a group",
        request=NewListSerializer,
        responses={201: MessageSerializer, 200: SENT_BEFORE},
        examples=[LIST],
    )
    def post(self, request: Request, pk: int) -> Response:
        member = find_membership(request.user, pk)
        form = NewListSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        message, created = services.send_list(
            sender=request.user, conversation=member.conversation, **form.validated_data
        )
        return _sent(request, member, message, created=created)


class SignUpPages(CursorPages):
    page_size = 100
    ordering = ("pk",)  # type: ignore[assignment]


@extend_schema(tags=["together"])
class EntriesView(generics.GenericAPIView[SignUp]):
    serializer_class = SignUpEntrySerializer
    pagination_class = SignUpPages
    queryset = SignUp.objects.none()

    @extend_schema(
        operation_id="sign_ups_list", summary="The lines of a sign-up list", responses=SignUpEntrySerializer(many=True)
    )
    def get(self, request: Request, pk: int) -> Response:
        joined = services.list_of(request.user, _message(request, pk), held=False)
        page = self.paginate_queryset(joined.entries.numbered())
        return self.get_paginated_response(SignUpEntrySerializer(page, many=True).data)

    @extend_schema(
        operation_id="sign_ups_create",
        summary="Put oneself on the list, or change one's line",
        request=LineSerializer,
        responses=SignUpEntrySerializer,
        examples=[OpenApiExample("A line", {"text": "Two salads"}, request_only=True)],
        filters=False,
    )
    def post(self, request: Request, pk: int) -> Response:
        message = _message(request, pk)
        form = LineSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        line = services.sign_up(person=request.user, message=message, **form.validated_data)
        return Response(SignUpEntrySerializer(line.sign_up_list.entries.numbered().get(pk=line.pk)).data)

    @extend_schema(operation_id="sign_ups_delete", summary="Take one's line off", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        services.withdraw(person=request.user, message=_message(request, pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["together"])
class TodosView(generics.GenericAPIView[Todo]):
    serializer_class = TodoSerializer
    pagination_class = CursorPages
    queryset = Todo.objects.none()

    @extend_schema(
        operation_id="todos_list",
        summary="To-dos of a group, the newest first, finished ones too",
        responses=TodoSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        todos = Todo.objects.visible_to(request.user).filter(conversation=conversation)
        page = self.paginate_queryset(todos.with_progress(request.user).select_related("created_by", "conversation"))
        return self.get_paginated_response(TodoSerializer(page, many=True).data)

    @extend_schema(
        operation_id="todos_create",
        summary="Ask everybody to do something",
        request=NewTodoSerializer,
        responses={201: TodoDetailSerializer},
        examples=[OpenApiExample("Words", {"text": "Send me your passport number"}, request_only=True)],
        filters=False,
    )
    def post(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        form = NewTodoSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        todo = services.make_todo(
            actor=request.user,
            conversation=conversation,
            text=form.validated_data["text"],
            message=find_reply(request.user, conversation, form.validated_data["message"]),
        )
        return Response(_todo_shown(request, todo.pk), status=status.HTTP_201_CREATED)


def _todo(request: Request, pk: int) -> Any:
    todos = Todo.objects.visible_to(request.user).with_progress(request.user)
    return get_object_or_404(todos.select_related("created_by", "conversation"), pk=pk)


def _todo_shown(request: Request, pk: int) -> dict[str, Any]:
    data: dict[str, Any] = TodoDetailSerializer(_todo(request, pk)).data
    return data


@extend_schema(tags=["together"])
class TodoView(APIView):
    @extend_schema(
        operation_id="todos_retrieve", summary="A to-do, and who has done it", responses=TodoDetailSerializer
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(_todo_shown(request, pk))

    @extend_schema(operation_id="todos_delete", summary="Finish it, for all", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        services.finish_todo(actor=request.user, todo=_todo(request, pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["together"])
class TodoDoneView(APIView):
    @extend_schema(
        operation_id="todos_done", summary="Say that one has done it", request=None, responses=TodoDetailSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        services.tick(person=request.user, todo=_todo(request, pk))
        return Response(_todo_shown(request, pk))

    @extend_schema(operation_id="todos_undone", summary="Take that back", responses=TodoDetailSerializer)
    def delete(self, request: Request, pk: int) -> Response:
        services.untick(person=request.user, todo=_todo(request, pk))
        return Response(_todo_shown(request, pk))
