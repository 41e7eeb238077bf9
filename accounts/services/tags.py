from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Friendship, FriendTag, User
from accounts.names import clean_line
from superapp.kernel.errors import Conflict, Invalid, NotFound

from .checking import check_fields


class DuplicateTag(Conflict):
    code = "duplicate_tag"
    sentence = _("You have a tag of this name already.")


class TooManyTags(Conflict):
    code = "too_many_tags"
    sentence = _("You have as many tags as there can be.")


class UnknownTag(Invalid):
    code = "unknown_tag"
    sentence = _("One of these tags is not yours, or no longer there.")


@transaction.atomic
def create_tag(*, owner: User, name: str) -> FriendTag:
    list(User.objects.filter(pk=owner.pk).locked())
    if FriendTag.objects.filter(owner=owner).count() >= settings.FRIEND_TAGS_MAX:
        raise TooManyTags
    return _write(FriendTag(owner=owner), name)


@transaction.atomic
def rename_tag(*, owner: User, tag: FriendTag, name: str) -> FriendTag:
    return _write(_current(owner, tag), name)


@transaction.atomic
def delete_tag(*, owner: User, tag: FriendTag) -> None:
    _current(owner, tag).delete()


@transaction.atomic
def assign_tags(*, owner: User, friend: User, tags: Iterable[int]) -> None:
    """The friend carries these tags of the owner's, and no others."""
    friendship = Friendship.objects.filter(owner=owner, friend=friend).locked().first()
    if friendship is None:
        raise NotFound
    friendship.tags.set(own_tags(owner, tags))


@transaction.atomic
def change_tag(*, owner: User, tag: FriendTag, name: str, friends: Iterable[User]) -> FriendTag:
    """A new name, and exactly these friends. Who is no friend is left out."""
    current = rename_tag(owner=owner, tag=tag, name=name)
    current.friendships.set(Friendship.objects.filter(owner=owner, friend__in=list(friends)))
    return current


def own_tags(owner: User, ids: Iterable[int]) -> list[FriendTag]:
    wanted = set(ids)
    tags = list(FriendTag.objects.visible_to(owner).filter(pk__in=wanted))
    if len(tags) != len(wanted):
        raise UnknownTag
    return tags


def _current(owner: User, tag: FriendTag) -> FriendTag:
    current = FriendTag.objects.visible_to(owner).filter(pk=tag.pk).first()
    if current is None:
        raise NotFound
    return current


def _write(tag: FriendTag, name: str) -> FriendTag:
    tag.name = clean_line(name)
    check_fields(tag, ["name"])
    try:
        with transaction.atomic():
            tag.save()
    except IntegrityError as error:
        raise DuplicateTag from error
    return tag
