from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TypedDict, Unpack

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.models import FriendRequest, Friendship, User
from accounts.names import clean_line
from superapp.kernel import limits
from superapp.kernel.errors import Conflict, Invalid, NotFound

from .checking import check_fields
from .tags import own_tags


class NotYourself(Invalid):
    code = "not_yourself"
    sentence = _("This cannot be done with yourself.")


class AlreadyFriends(Conflict):
    code = "already_friends"
    sentence = _("You are friends already.")


class AlreadyRequested(Conflict):
    code = "already_requested"
    sentence = _("You have asked already. Give them a little time to answer.")


class YouBlockedThem(Conflict):
    code = "you_blocked_them"
    sentence = _("You have blocked this person. Unblock them first.")


class BotsHaveNoFriends(Conflict):
    code = "is_a_bot"
    sentence = _("This is a bot. Those who manage a group bring it in there.")


class TooManyFriends(Conflict):
    code = "too_many_friends"
    sentence = _("One of you already has as many friends as there can be.")


class RequestExpired(Conflict):
    code = "request_expired"
    sentence = _("This request has expired. You can ask them instead.")


class AlreadyAnswered(Conflict):
    code = "already_answered"
    sentence = _("This request has been answered already.")


class FriendFields(TypedDict, total=False):
    """What one may note about a friend."""

    remark: str
    starred: bool
    chat_only: bool
    hide_my_moments: bool
    hide_their_moments: bool
    tags: Iterable[int]


def request_friend(*, sender: User, receiver: User, greeting: str = "") -> FriendRequest:
    """Ask. Where the other has asked too, the two are friends, and the other's request comes back accepted."""
    if sender == receiver:
        raise NotYourself
    if receiver.is_bot or sender.is_bot:
        raise BotsHaveNoFriends
    limits.count("friend-request", sender.pk)
    return _record_request(sender, receiver, clean_line(greeting))


@transaction.atomic
def _record_request(sender: User, receiver: User, greeting: str) -> FriendRequest:
    lock_people(sender, receiver)
    if not User.objects.visible_to(sender).filter(pk=receiver.pk).exists():
        raise NotFound
    if sender.has_blocked(receiver):
        raise YouBlockedThem
    if sender.is_friend_of(receiver):
        raise AlreadyFriends
    crossing = FriendRequest.objects.standing().filter(sender=receiver, receiver=sender).last()
    if crossing:
        _befriend(crossing)
        return crossing
    if FriendRequest.objects.standing().filter(sender=sender, receiver=receiver).exists():
        raise AlreadyRequested
    _check_room(sender)
    FriendRequest.objects.filter(
        sender=sender, receiver=receiver, state=FriendRequest.State.PENDING
    ).delete()  # expired
    friend_request = FriendRequest(
        sender=sender,
        receiver=receiver,
        greeting=greeting,
        expires_at=now() + timedelta(days=settings.FRIEND_REQUEST_DAYS),
    )
    check_fields(friend_request, ["greeting"])
    friend_request.save()
    for listener in events.on_friend_request:
        listener(friend_request)
    return friend_request


@transaction.atomic
def accept_friend_request(*, receiver: User, friend_request: FriendRequest) -> Friendship:
    """The receiver's side of the friendship; the same one when it is accepted twice."""
    current = _locked_request(receiver, friend_request)
    existing = Friendship.objects.filter(owner=receiver, friend=current.sender).first()
    if current.state == FriendRequest.State.ACCEPTED and existing:
        return existing
    if current.state != FriendRequest.State.PENDING:
        raise AlreadyAnswered
    if current.expires_at <= now():
        raise RequestExpired
    return _befriend(current)


@transaction.atomic
def decline_friend_request(*, receiver: User, friend_request: FriendRequest) -> FriendRequest:
    """The sender is not told, and sees the request as unanswered until it expires."""
    current = _locked_request(receiver, friend_request)
    if current.state == FriendRequest.State.ACCEPTED:
        raise AlreadyAnswered
    if current.state == FriendRequest.State.PENDING:
        current.state = FriendRequest.State.DECLINED
        current.answered_at = now()
        current.save(update_fields=["state", "answered_at"])
    return current


@transaction.atomic
def remove_friend(*, owner: User, friend: User) -> None:
    """Ends the friendship for both."""
    lock_people(owner, friend)
    if not end_friendship(owner, friend):
        raise NotFound


@transaction.atomic
def change_friend(*, owner: User, friend: User, **fields: Unpack[FriendFields]) -> Friendship:
    friendship = Friendship.objects.filter(owner=owner, friend=friend).locked().first()
    if friendship is None:
        raise NotFound
    if "remark" in fields:
        fields["remark"] = clean_line(fields["remark"])
    columns = [name for name in fields if name != "tags"]
    for name in columns:
        setattr(friendship, name, fields[name])  # type: ignore[literal-required]
    check_fields(friendship, columns)
    friendship.save(update_fields=columns)
    if "tags" in fields:
        friendship.tags.set(own_tags(owner, fields["tags"]))
    return friendship


def lock_people(*people: User) -> None:
    """Hold these people's rows until the end of the transaction, always in the same order."""
    list(User.objects.filter(pk__in=[person.pk for person in people]).locked())


def end_friendship(one: User, other: User) -> bool:
    """Whether there was one. The caller holds both."""
    deleted = Friendship.objects.filter(owner=one, friend=other).delete()[0]
    Friendship.objects.filter(owner=other, friend=one).delete()
    return bool(deleted)


def _locked_request(receiver: User, friend_request: FriendRequest) -> FriendRequest:
    """The request as it is now, under the lock of both people."""
    lock_people(receiver, friend_request.sender)
    current = (
        FriendRequest.objects.visible_to(receiver)
        .filter(pk=friend_request.pk, receiver=receiver)
        .select_related("sender", "receiver")
        .locked()
        .first()
    )
    if current is None:
        raise NotFound
    return current


def _befriend(friend_request: FriendRequest) -> Friendship:
    """Both sides of the friendship, and an end to whatever the two had asked each other. The caller holds both."""
    asker, agreer = friend_request.sender, friend_request.receiver
    _check_room(asker)
    _check_room(agreer)
    Friendship.objects.create(owner=asker, friend=agreer)
    friendship = Friendship.objects.create(owner=agreer, friend=asker)
    friend_request.state = FriendRequest.State.ACCEPTED
    friend_request.answered_at = now()
    FriendRequest.objects.between(asker, agreer).standing().update(
        state=friend_request.state, answered_at=friend_request.answered_at
    )
    for listener in events.on_friendship:
        listener(asker, agreer)
    return friendship


def _check_room(person: User) -> None:
    if Friendship.objects.filter(owner=person).count() >= settings.FRIENDS_MAX:
        raise TooManyFriends
