"""Who is at the other end of a socket, and whether they still may be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import parse_cookie
from django.http.request import validate_host
from django.utils.crypto import constant_time_compare

from accounts.models import User
from superapp.kernel.prepared import Prepared

PROTOCOL = "superapp.v1"
_TOKEN = "token."  # noqa: S105
_KEY = re.compile(r"[a-z0-9]{32}")


_active = Prepared(lambda pk: User.objects.active().filter(pk=pk))


@dataclass(frozen=True, slots=True)
class Credentials:
    session_key: str
    from_cookie: bool  # a browser sends it by itself, whoever asks it to


def credentials_of(scope: dict[str, Any]) -> Credentials:
    """A token that an app names comes before a cookie."""
    for offered in scope.get("subprotocols", []):
        if offered.startswith(_TOKEN):
            return Credentials(offered.removeprefix(_TOKEN), from_cookie=False)
    cookies = parse_cookie("; ".join(_headers(scope, b"cookie")))
    return Credentials(cookies.get(settings.SESSION_COOKIE_NAME, ""), from_cookie=True)


def subprotocol_of(scope: dict[str, Any]) -> str | None:
    return PROTOCOL if PROTOCOL in scope.get("subprotocols", []) else None


def comes_from_our_pages(scope: dict[str, Any]) -> bool:
    """The full origin, scheme and port included, is one of ours. Without one it is no page that asks."""
    origins = _headers(scope, b"origin")
    if len(origins) != 1:
        return False
    origin = origins[0].lower()
    if origin in {settings.SITE_URL.lower(), *(trusted.lower() for trusted in settings.CSRF_TRUSTED_ORIGINS)}:
        return True
    return settings.DEVELOPMENT and _is_own_host(scope, origin)


def person_of(session_key: str) -> User | None:
    """Whose session this is, by the rules that a page would apply, but without changing anything: a socket could not
    hand a renewed key back to the browser."""
    if not _KEY.fullmatch(session_key):
        return None
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user_id = session.get(SESSION_KEY)
    if user_id is None or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    person = _active.first(pk=int(user_id))
    return person if person is not None and _knows_password(session.get(HASH_SESSION_KEY), person) else None


def _knows_password(proof: str | None, person: User) -> bool:
    """The session was begun with the password the person has now (or proven with it since)."""
    valid = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    return proof is not None and any(constant_time_compare(proof, one) for one in valid)


def _is_own_host(scope: dict[str, Any], origin: str) -> bool:
    hosts = _headers(scope, b"host")
    if len(hosts) != 1:
        return False
    host = hosts[0].lower()
    parts = urlsplit(f"//{host}")
    return origin == f"http://{host}" and validate_host(parts.hostname or "", settings.ALLOWED_HOSTS)


def _headers(scope: dict[str, Any], wanted: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == wanted]
