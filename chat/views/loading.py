"""How a request reaches what it names: always through what the person may see."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.models import User
from chat.listing import ListPage, Part, list_page
from chat.models import Conversation, Member, Message
from chat.models.conversation import attach_list_facts

NUMBER_DIGITS_MAX = 18


def conversation_of(request: HttpRequest, pk: int) -> Any:
    """With the facts of `with_list_facts`, so that pages need no second query for the viewer's own place in it."""
    person: User = request.user  # type: ignore[assignment]
    return get_object_or_404(Conversation.objects.for_member(person).with_list_facts(person), pk=pk)


def own_place(conversation: Any, person: User) -> Member:
    """The viewer's membership as the facts of the conversation tell it. For reading; services load their own."""
    return Member(
        conversation=conversation,
        user=person,
        joined_seq=conversation.joined_seq,
        read_seq=conversation.read_seq,
        role=conversation.role,
        muted=conversation.muted,
        pinned=conversation.pinned,
        nickname=conversation.nickname,
        announcement_seq=conversation.announcement_seq,
    )


def number(text: str | None) -> int | None:
    """A number in a query string, or None for anything else."""
    if text and text.isascii() and text.isdecimal() and len(text) <= NUMBER_DIGITS_MAX:
        return int(text)
    return None


def conversation_and_list(request: HttpRequest, pk: int) -> tuple[Any, dict[str, Any]]:
    """A conversation, and the list beside it. Mostly it is in the list, and then that has loaded it."""
    page = list_page(request.user)  # type: ignore[arg-type]
    conversation = page.find(pk)
    if conversation is None:
        conversation = conversation_of(request, pk)
        attach_list_facts([conversation], request.user)  # type: ignore[arg-type]
    return conversation, _context(request, page, conversation)


def list_beside(
    request: HttpRequest, conversation: Any = None, *, offset: int = 0, part: Part = Part.ALL, named: str = ""
) -> dict[str, Any]:
    """The context of the list column that stands beside every page of chat. Gives `conversation` its people too."""
    page = list_page(request.user, offset=offset, part=part, named=named, beside=conversation)  # type: ignore[arg-type]
    return _context(request, page, conversation)


def part_of_list(request: HttpRequest) -> Part:
    asked = request.GET.get("only", "")
    return Part(asked) if asked in list(Part) else Part.ALL


def quoted(request: HttpRequest, conversation: Any, pk: int | None) -> Message | None:
    """A message of this conversation that is answered, with what a line about it takes."""
    if pk is None:
        return None
    visible = Message.objects.visible_to(request.user).filter(conversation=conversation).select_related("sender")
    return visible.select_related("red_envelope").filter(pk=pk).first()


def _context(request: HttpRequest, page: ListPage, conversation: Any) -> dict[str, Any]:
    return {
        "conversations": page.rows,
        "folded": page.folded,
        "part": page.part,
        "has_requests": page.has_requests,
        "next_url": f"{reverse('chat:list')}?only={page.part}&offset={page.next_offset}" if page.next_offset else "",
        "active": conversation.pk if conversation else None,
        "person": request.user,
    }
