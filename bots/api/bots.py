from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api_fields import PersonSerializer
from bots import services
from bots.api_fields import (
    BotSerializer,
    ChangeBotSerializer,
    DeliverySerializer,
    NewBotSerializer,
    NewCommandSerializer,
    SecretSerializer,
    SlashCommandSerializer,
    ToldSerializer,
)
from bots.models import Bot, Delivery, SlashCommand
from superapp.kernel.rest import CursorPages


def bot_of(request: Request, handle: str) -> Bot:
    """One's own."""
    return get_object_or_404(Bot.objects.visible_to(request.user).named(handle).select_related("user"))


class DeliveryPages(CursorPages):
    ordering = ("-created_at", "-pk")  # type: ignore[assignment]


@extend_schema(tags=["bots"])
class BotsView(generics.GenericAPIView[Bot]):
    serializer_class = BotSerializer
    queryset = Bot.objects.none()

    @extend_schema(operation_id="bots_list", summary="Your bots", responses=BotSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(Bot.objects.visible_to(request.user).select_related("user"))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="bots_create",
        summary="Make a bot",
        request=NewBotSerializer,
        responses={201: BotSerializer},
        examples=[OpenApiExample("A bot", {"handle": "weather_bot", "name": "Weather"}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        form = NewBotSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        bot = services.create_bot(owner=request.user, **form.validated_data)
        return Response(self.get_serializer(bot).data, status=status.HTTP_201_CREATED)


@extend_schema(tags=["bots"])
class SelfView(APIView):
    @extend_schema(operation_id="bot_self", summary="Who a token speaks for", responses=PersonSerializer)
    def get(self, request: Request) -> Response:
        return Response(PersonSerializer(request.user).data)


@extend_schema(tags=["bots"])
class BotView(APIView):
    @extend_schema(operation_id="bots_retrieve", summary="One of your bots", responses=BotSerializer)
    def get(self, request: Request, handle: str) -> Response:
        return Response(BotSerializer(bot_of(request, handle)).data)

    @extend_schema(
        operation_id="bots_change",
        summary="Change its name, its address, and what it hears",
        request=ChangeBotSerializer,
        responses=BotSerializer,
        examples=[
            OpenApiExample(
                "Hears messages",
                {"url": "https://bot.example.org/events", "events": ["message.created"]},
                request_only=True,
            )
        ],
    )
    def patch(self, request: Request, handle: str) -> Response:
        bot = bot_of(request, handle)
        form = ChangeBotSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(BotSerializer(services.change_bot(owner=request.user, bot=bot, **form.validated_data)).data)

    @extend_schema(operation_id="bots_delete", summary="It leaves its groups and falls silent", responses={204: None})
    def delete(self, request: Request, handle: str) -> Response:
        services.remove_bot(owner=request.user, bot=bot_of(request, handle))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["bots"])
class TokenView(APIView):
    @extend_schema(
        operation_id="bot_token_create",
        summary="A new token; the one before it ends",
        request=None,
        responses={201: ToldSerializer},
    )
    def post(self, request: Request, handle: str) -> Response:
        told = services.make_token(owner=request.user, bot=bot_of(request, handle))
        return Response({"token": told}, status=status.HTTP_201_CREATED)

    @extend_schema(operation_id="bot_token_delete", summary="End the token", responses={204: None})
    def delete(self, request: Request, handle: str) -> Response:
        services.revoke_token(owner=request.user, bot=bot_of(request, handle))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["bots"])
class SecretView(APIView):
    @extend_schema(
        operation_id="bot_secret_create",
        summary="A new secret to check signatures with",
        request=None,
        responses={201: SecretSerializer},
    )
    def post(self, request: Request, handle: str) -> Response:
        told = services.rotate_secret(owner=request.user, bot=bot_of(request, handle))
        return Response({"secret": told}, status=status.HTTP_201_CREATED)


@extend_schema(tags=["bots"])
class CommandsView(generics.GenericAPIView[SlashCommand]):
    serializer_class = SlashCommandSerializer
    queryset = SlashCommand.objects.none()

    @extend_schema(
        operation_id="bot_commands_list", summary="Its commands", responses=SlashCommandSerializer(many=True)
    )
    def get(self, request: Request, handle: str) -> Response:
        page = self.paginate_queryset(bot_of(request, handle).commands.all())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="bot_commands_create",
        summary="Teach it a command",
        request=NewCommandSerializer,
        responses={201: SlashCommandSerializer},
        examples=[
            OpenApiExample(
                "Weather", {"name": "weather", "hint": "[city]", "description": "The weather there"}, request_only=True
            )
        ],
    )
    def post(self, request: Request, handle: str) -> Response:
        bot = bot_of(request, handle)
        form = NewCommandSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        command = services.add_command(owner=request.user, bot=bot, **form.validated_data)
        return Response(self.get_serializer(command).data, status=status.HTTP_201_CREATED)


@extend_schema(tags=["bots"])
class CommandView(APIView):
    @extend_schema(operation_id="bot_commands_delete", summary="Take a command away", responses={204: None})
    def delete(self, request: Request, handle: str, name: str) -> Response:
        services.remove_command(owner=request.user, bot=bot_of(request, handle), name=name)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["bots"])
class DeliveriesView(generics.GenericAPIView[Delivery]):
    serializer_class = DeliverySerializer
    pagination_class = DeliveryPages
    queryset = Delivery.objects.none()

    @extend_schema(
        operation_id="bot_deliveries_list",
        summary="Its events of the last two weeks, newest first",
        responses=DeliverySerializer(many=True),
    )
    def get(self, request: Request, handle: str) -> Response:
        bot = bot_of(request, handle)
        page = self.paginate_queryset(Delivery.objects.visible_to(request.user).filter(bot=bot))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="bot_deliveries_ping",
        summary="Send an event that says nothing, to try the address out",
        request=None,
        responses={201: DeliverySerializer},
    )
    def post(self, request: Request, handle: str) -> Response:
        delivery = services.send_ping(owner=request.user, bot=bot_of(request, handle))
        return Response(self.get_serializer(delivery).data, status=status.HTTP_201_CREATED)


@extend_schema(tags=["bots"])
class AgainView(APIView):
    @extend_schema(
        operation_id="bot_deliveries_again",
        summary="Deliver an event once more, now",
        request=None,
        responses=DeliverySerializer,
    )
    def post(self, request: Request, handle: str, pk: UUID) -> Response:
        bot = bot_of(request, handle)
        delivery = get_object_or_404(Delivery.objects.visible_to(request.user).filter(bot=bot), pk=pk)
        return Response(DeliverySerializer(services.send_again(owner=request.user, delivery=delivery)).data)
