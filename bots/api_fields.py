"""Bots in JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api_fields import PersonSerializer
from chat.above import Command

from .models import Bot, Delivery, SlashCommand, Webhook
from .models.bot import DESCRIPTION_LENGTH_MAX, EVENTS_OFFERED, URL_LENGTH_MAX

EVENT_CHOICES = [(event.value, event.label) for event in EVENTS_OFFERED]


class BotSerializer(serializers.ModelSerializer[Bot]):
    """A bot as its owner sees it. The token and the secret are told once, when they are made."""

    handle = serializers.CharField(source="user.handle")
    name = serializers.CharField(source="user.display_name")
    avatar = serializers.CharField(source="user.avatar_url", allow_null=True)
    events = serializers.ListField(child=serializers.CharField())
    token_hint = serializers.CharField(help_text="The last characters of the token; empty when there is none.")
    is_switched_off = serializers.SerializerMethodField(help_text="By the moderators.")
    paused_until = serializers.DateTimeField(
        allow_null=True, help_text="After failures in a row its address is left alone until then."
    )

    class Meta:
        model = Bot
        fields = [
            "handle",
            "name",
            "avatar",
            "description",
            "url",
            "events",
            "token_hint",
            "token_made_at",
            "is_switched_off",
            "failures",
            "paused_until",
            "created_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.BooleanField())
    def get_is_switched_off(self, bot: Bot) -> bool:
        return bot.switched_off_at is not None


class NewBotSerializer(serializers.Serializer[Any]):
    handle = serializers.CharField(max_length=30)
    name = serializers.CharField(max_length=50)
    description = serializers.CharField(max_length=DESCRIPTION_LENGTH_MAX, required=False, default="", allow_blank=True)


class ChangeBotSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=50, required=False)
    description = serializers.CharField(max_length=DESCRIPTION_LENGTH_MAX, required=False, allow_blank=True)
    url = serializers.CharField(
        max_length=URL_LENGTH_MAX, required=False, allow_blank=True, help_text="Where events go; empty for none."
    )
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=EVENT_CHOICES), required=False, max_length=len(EVENT_CHOICES)
    )


class ToldSerializer(serializers.Serializer[Any]):
    """Told once: it is kept as a hash, or shown nowhere again."""

    token = serializers.CharField()


class SecretSerializer(serializers.Serializer[Any]):
    secret = serializers.CharField(help_text="For a day events are signed with the one before it as well.")


class SlashCommandSerializer(serializers.ModelSerializer[SlashCommand]):
    class Meta:
        model = SlashCommand
        fields = ["name", "hint", "description"]
        read_only_fields = fields


class NewCommandSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=33)
    hint = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    description = serializers.CharField(max_length=120)


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    id = serializers.UUIDField(help_text="The id of the event.")
    conversation = serializers.CharField(source="conversation_id", allow_null=True)
    excerpt = serializers.CharField(help_text="How the answer begins.")

    class Meta:
        model = Delivery
        fields = [
            "id",
            "event",
            "conversation",
            "state",
            "attempts",
            "status",
            "reason",
            "milliseconds",
            "excerpt",
            "tried_at",
            "created_at",
        ]
        read_only_fields = fields


class CommandSerializer(serializers.Serializer[Command]):
    """A command that can be used in a conversation."""

    name = serializers.CharField()
    hint = serializers.CharField()
    description = serializers.CharField()
    bot = PersonSerializer()


class AddBotSerializer(serializers.Serializer[Any]):
    bot = serializers.CharField(max_length=30, help_text="The handle of one of your own bots.")


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    id = serializers.CharField()
    bot = PersonSerializer(source="bot.user")
    created_by = PersonSerializer()

    class Meta:
        model = Webhook
        fields = ["id", "bot", "token_hint", "created_by", "created_at", "used_at"]
        read_only_fields = fields


class NewWebhookSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=50, required=False, default="", allow_blank=True)
    bot = serializers.CharField(
        max_length=30, required=False, allow_null=True, default=None, help_text="One of your bots; else a new one."
    )


class MadeWebhookSerializer(WebhookSerializer):
    url = serializers.CharField(help_text="The secret address. It is told this once.")

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "url"]
        read_only_fields = fields
