from __future__ import annotations

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api_fields import PersonSerializer
from accounts.models import User
from bots import services
from bots.api_fields import (
    AddBotSerializer,
    CommandSerializer,
    MadeWebhookSerializer,
    NewWebhookSerializer,
    WebhookSerializer,
)
from bots.models import Bot, Webhook
from chat import above
from chat.api_fields import MemberSerializer
from chat.lookup import find_conversation

from .bots import bot_of


@extend_schema(tags=["bots"])
class GroupBotsView(generics.GenericAPIView[User]):
    serializer_class = PersonSerializer
    queryset = User.objects.none()

    @extend_schema(
        operation_id="conversation_bots_list",
        summary="The bots of a conversation",
        responses=PersonSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        bots = Bot.objects.at_work().in_conversation(conversation)
        page = self.paginate_queryset(User.objects.visible_to(request.user).filter(bot__in=bots))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="conversation_bots_create",
        summary="Bring one of your bots into a group you manage; it leaves like any member",
        request=AddBotSerializer,
        responses={201: MemberSerializer},
        examples=[OpenApiExample("One's own", {"bot": "weather_bot"}, request_only=True)],
    )
    def post(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        form = AddBotSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        bot = bot_of(request, form.validated_data["bot"])
        member = services.add_bot(actor=request.user, conversation=conversation, bot=bot)
        return Response(MemberSerializer(member).data, status=status.HTTP_201_CREATED)


@extend_schema(tags=["bots"])
class CommandsView(APIView):
    @extend_schema(
        operation_id="conversation_commands_list",
        summary="The commands that can be used in a conversation",
        responses=CommandSerializer(many=True),
        filters=False,
    )
    def get(self, request: Request, pk: int) -> Response:
        commands = above.commands_in(find_conversation(request.user, pk))
        return Response(CommandSerializer(commands, many=True).data)


@extend_schema(tags=["bots"])
class WebhooksView(generics.GenericAPIView[Webhook]):
    serializer_class = WebhookSerializer
    queryset = Webhook.objects.none()

    @extend_schema(
        operation_id="webhooks_list",
        summary="Webhooks of a group you manage",
        responses=WebhookSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        webhooks = Webhook.objects.visible_to(request.user).filter(conversation=conversation)
        page = self.paginate_queryset(webhooks.select_related("bot__user", "created_by"))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="webhooks_create",
        summary="A secret address that programs post to, as to Slack",
        request=NewWebhookSerializer,
        responses={201: MadeWebhookSerializer},
        examples=[OpenApiExample("For builds", {"name": "Builds"}, request_only=True)],
    )
    def post(self, request: Request, pk: int) -> Response:
        conversation = find_conversation(request.user, pk)
        form = NewWebhookSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        handle = form.validated_data["bot"]
        webhook, token = services.create_webhook(
            actor=request.user,
            conversation=conversation,
            name=form.validated_data["name"],
            bot=bot_of(request, handle) if handle else None,
        )
        webhook.url = settings.SITE_URL + reverse("bots:hook", args=[token])
        return Response(MadeWebhookSerializer(webhook).data, status=status.HTTP_201_CREATED)


@extend_schema(tags=["bots"])
class WebhookView(APIView):
    @extend_schema(operation_id="webhooks_delete", summary="Close the address", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        webhook = get_object_or_404(Webhook.objects.visible_to(request.user), pk=pk)
        services.remove_webhook(actor=request.user, webhook=webhook)
        return Response(status=status.HTTP_204_NO_CONTENT)
