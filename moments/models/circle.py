"""Who meets whom under a moment: a viewer sees what those have left whom both he and the author know."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q

from accounts.models import Friendship, User


def known_to_both(person: str, author: str, viewer: User) -> Q:
    """The condition on `person` (a path to a user) under a moment of `author` (another path).

    The author always; everybody else only while a friend of the author, and the viewer himself or a friend of his.
    """
    of_author = Friendship.objects.filter(owner=OuterRef(author), friend=OuterRef(person))
    of_viewer = Friendship.objects.filter(owner=viewer, friend=OuterRef(person))
    in_common = Exists(of_author) & (Q(**{person: viewer}) | Exists(of_viewer))
    return Q(**{f"{person}__is_active": True}) & (Q(**{person: F(author)}) | in_common)
