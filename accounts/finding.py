"""People somebody looks for by name: his friends by whatever he calls them, others by how their names begin."""

from __future__ import annotations

from superapp.kernel.words import read_query

from .models import Friendship, User


def find_people(*, searcher: User, words: str, limit: int) -> list[User]:
    query = read_query(words)
    if not query:
        return []
    friends = Friendship.objects.visible_to(searcher).select_related("friend").order_by("-starred", "friend__handle")
    found = [
        friendship.friend
        for friendship in friends.iterator(chunk_size=1000)
        if query.matches(f"{friendship.remark}\n{friendship.friend.display_name}\n{friendship.friend.handle}")
    ][:limit]
    others = User.objects.visible_to(searcher).found_by(words).exclude(pk__in=[searcher.pk, *(one.pk for one in found)])
    return [*found, *others.order_by("handle")[: limit - len(found)]]
