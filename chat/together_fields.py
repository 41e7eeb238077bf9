"""Polls, sign-up lists, to-dos and scheduled messages in JSON."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api_fields import PersonSerializer

from . import events
from .api_fields import PollSerializer
from .api_input import MessageIdField
from .models import PollVote, ScheduledMessage, SignUp, Todo
from .models.poll import OPTION_LENGTH_MAX, OPTIONS_MAX, OPTIONS_MIN, QUESTION_LENGTH_MAX
from .models.sign_up import DESCRIPTION_LENGTH_MAX, ENTRY_LENGTH_MAX, EXAMPLE_LENGTH_MAX, TITLE_LENGTH_MAX
from .models.todo import TODO_LENGTH_MAX
from .services.mentions import MENTIONS_MAX


class VoteSerializer(serializers.Serializer[PollVote]):
    person = PersonSerializer()
    option = serializers.IntegerField()

    def to_representation(self, vote: PollVote) -> dict[str, Any]:
        return {"person": events.person_json(vote.user), "option": vote.option}


class VotesSerializer(PollSerializer):
    votes = VoteSerializer(many=True, help_text="Who has chosen what. Empty when the poll is anonymous.")


class NewPollSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField(help_text="Chosen by the client; the same on every try of this poll.")
    question = serializers.CharField(max_length=QUESTION_LENGTH_MAX)
    options = serializers.ListField(
        child=serializers.CharField(max_length=OPTION_LENGTH_MAX), min_length=OPTIONS_MIN, max_length=OPTIONS_MAX
    )
    multiple = serializers.BooleanField(required=False, default=False)
    anonymous = serializers.BooleanField(required=False, default=False)
    closes_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class ChoiceSerializer(serializers.Serializer[Any]):
    options = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=OPTIONS_MAX),
        max_length=OPTIONS_MAX,
        allow_empty=False,
        help_text="Numbers of the options, from 1.",
    )


class NewListSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField(help_text="Chosen by the client; the same on every try of this list.")
    title = serializers.CharField(max_length=TITLE_LENGTH_MAX)
    description = serializers.CharField(max_length=DESCRIPTION_LENGTH_MAX, required=False, default="", allow_blank=True)
    example = serializers.CharField(max_length=EXAMPLE_LENGTH_MAX, required=False, default="", allow_blank=True)


class LineSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=ENTRY_LENGTH_MAX, required=False, default="", allow_blank=True)


class SignUpEntrySerializer(serializers.Serializer[SignUp]):
    number = serializers.IntegerField()
    person = PersonSerializer()
    name = serializers.CharField(help_text="What the person is called in the group.")
    text = serializers.CharField()
    created_at = serializers.DateTimeField()

    def to_representation(self, line: Any) -> dict[str, Any]:
        return {
            "number": line.number,
            "person": events.person_json(line.user),
            "name": line.name,
            "text": line.text,
            "created_at": events.time_json(line.created_at),
        }


class NewTodoSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(
        max_length=TODO_LENGTH_MAX, required=False, default="", allow_blank=True, help_text="Or take it from `message`."
    )
    message = MessageIdField(required=False, allow_null=True, default=None, max_length=20)


class TodoSerializer(serializers.Serializer[Todo]):
    id = serializers.CharField()
    conversation = serializers.CharField()
    text = serializers.CharField()
    created_by = PersonSerializer()
    created_at = serializers.DateTimeField()
    done = serializers.IntegerField(help_text="How many of the members have done it.")
    members = serializers.IntegerField(help_text="Of how many; bots are not counted.")
    mine = serializers.BooleanField(help_text="The caller has done it.")
    finished = serializers.BooleanField()

    def to_representation(self, todo: Any) -> dict[str, Any]:
        return {
            "id": str(todo.pk),
            "conversation": str(todo.conversation_id),
            "text": todo.text,
            "created_by": events.person_json(todo.created_by),
            "created_at": events.time_json(todo.created_at),
            "done": todo.done,
            "members": todo.all,
            "mine": todo.mine,
            "finished": todo.closed_at is not None,
        }


class TodoDetailSerializer(TodoSerializer):
    people = PersonSerializer(many=True, help_text="Members who have done it, the first first.")

    def to_representation(self, todo: Any) -> dict[str, Any]:
        ticks = todo.ticks.present().select_related("user").order_by("pk")
        return {**super().to_representation(todo), "people": [events.person_json(tick.user) for tick in ticks]}


class ScheduledSerializer(serializers.Serializer[ScheduledMessage]):
    id = serializers.CharField()
    conversation = serializers.CharField()
    client_id = serializers.UUIDField(help_text="That of the message, when it is sent.")
    text = serializers.CharField()
    reply_to = extend_schema_field({"type": ["string", "null"]})(serializers.CharField)(allow_null=True)
    mentions = serializers.ListField(child=serializers.CharField())
    silent = serializers.BooleanField()
    send_at = serializers.DateTimeField()
    failure = serializers.CharField(
        help_text="Why it could not be sent: the code of the refusal; empty while it waits."
    )
    why = serializers.CharField(help_text="The same in words.")
    created_at = serializers.DateTimeField()

    def to_representation(self, scheduled: ScheduledMessage) -> dict[str, Any]:
        return {
            "id": str(scheduled.pk),
            "conversation": str(scheduled.conversation_id),
            "client_id": str(scheduled.client_id),
            "text": scheduled.text,
            "reply_to": str(scheduled.reply_to_id) if scheduled.reply_to_id else None,
            "mentions": scheduled.mentions,
            "silent": scheduled.silent,
            "send_at": events.time_json(scheduled.send_at),
            "failure": scheduled.failure,
            "why": str(scheduled.why_not),
            "created_at": events.time_json(scheduled.created_at),
        }


class NewScheduledSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField(help_text="Chosen by the client; the same on every try of this message.")
    text = serializers.CharField(max_length=settings.MESSAGE_LENGTH_MAX, trim_whitespace=False)
    send_at = serializers.DateTimeField()
    reply_to = MessageIdField(required=False, allow_null=True, default=None, max_length=20)
    mentions = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=MENTIONS_MAX, required=False, default=list
    )
    silent = serializers.BooleanField(required=False, default=False)


class ChangeScheduledSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=settings.MESSAGE_LENGTH_MAX, required=False, trim_whitespace=False)
    send_at = serializers.DateTimeField(required=False)
    silent = serializers.BooleanField(required=False)
