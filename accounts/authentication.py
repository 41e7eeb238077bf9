from __future__ import annotations

import re

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.request import Request


class SessionTokenAuthentication(XSessionTokenAuthentication):  # type: ignore[misc]
    """The token that /_allauth/app/v1/ hands out at sign-in. Without a valid one REST answers 401, not 403."""

    def get_session_token(self, request: Request) -> str | None:
        """What cannot be a token is not looked up."""
        token = super().get_session_token(request)
        return token if token and re.fullmatch("[a-z0-9]{32}", token) else None

    def authenticate_header(self, request: Request) -> str:
        return "X-Session-Token"


class SessionTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = SessionTokenAuthentication
    name = "sessionToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-Session-Token",
            "description": "From `POST /_allauth/app/v1/auth/login` or `/auth/signup`: `meta.session_token`.",
        }
