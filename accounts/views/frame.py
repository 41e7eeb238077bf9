from __future__ import annotations

from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.contacts import contact_page
from accounts.models import Friendship, User
from superapp.kernel.errors import NotFound

Row = TypeVar("Row")


def render_with_contacts(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page beside the contact list."""
    friendships = Friendship.objects.visible_to(request.user)
    return render(request, template, {"contacts": contact_page(friendships), **context})


def visible_person(request: HttpRequest, handle: str) -> User:
    return found(User.objects.visible_to(request.user).named(handle).first())


def found(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row
