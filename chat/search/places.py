"""The conversations somebody finds by their names."""

from __future__ import annotations

from accounts.models import User
from chat.models import Conversation
from chat.models.conversation import remarks_of
from superapp.kernel.words import Query

LOOKED_AT_MAX = 2000


def find_conversations(*, searcher: User, query: Query, limit: int) -> list[Conversation]:
    """His conversations whose title, or the name of one of their first members, has the words. The latest first."""
    if not query:
        return []
    mine = Conversation.objects.for_member(searcher).apart_from_requests(searcher)
    latest = list(mine.order_by("-active_at")[:LOOKED_AT_MAX])
    found = []
    for conversation in named(latest, searcher):
        if query.matches(_names(conversation, searcher)):
            found.append(conversation)
        if len(found) == limit:
            break
    return found


def named(conversations: list[Conversation], viewer: User) -> list[Conversation]:
    """With what `title_for` and the pictures need: two queries, however many there are."""
    people = User.objects.in_bulk({person_id for one in conversations for person_id in one.face_ids})
    remarks = remarks_of(viewer, people)
    for conversation in conversations:
        conversation.faces = [people[person_id] for person_id in conversation.face_ids if person_id in people]
        conversation.remarks = remarks
    return conversations


def _names(conversation: Conversation, searcher: User) -> str:
    people = [[person.handle, person.display_name] for person in conversation.others(searcher)]
    return "\n".join([conversation.title_for(searcher), *(name for names in people for name in names)])
