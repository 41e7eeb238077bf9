from __future__ import annotations

import re

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts.models import User

from .models import Bot
from .models.bot import hash_of

# What a bot may do: talk in the groups it is in. Money, Moments, friends and profiles are for people.
ALLOWED = {
    "api:bot-self": {"GET"},
    "api:conversations": {"GET"},
    "api:conversation": {"GET"},
    "api:members": {"GET"},
    "api:messages": {"GET", "POST"},
    "api:sync": {"GET"},
    "api:read": {"POST"},
    "api:message": {"GET", "PATCH"},
    "api:message-recall": {"POST"},
    "api:message-preview": {"DELETE"},
    "api:conversation-commands": {"GET"},
    "api:upload-list": {"POST"},
}
_BEARER = re.compile(r"Bearer (sab_[A-Za-z0-9_-]{43})")


class BotTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer sab_…`: the token that the owner of a bot has made."""

    def authenticate(self, request: Request) -> tuple[User, Bot] | None:
        given = request.headers.get("Authorization", "")
        if not given.startswith("Bearer "):
            return None
        token = _BEARER.fullmatch(given)
        bot = (
            Bot.objects.at_work().select_related("user").filter(token_hash=hash_of(token[1])).first() if token else None
        )
        if bot is None:
            raise AuthenticationFailed
        match = request.resolver_match
        if match is None or request.method not in ALLOWED.get(match.view_name, set()):
            raise PermissionDenied
        return bot.user, bot

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class BotTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = BotTokenAuthentication
    name = "botToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "The token of a bot, for what bots may do (docs/bots.md).",
        }
