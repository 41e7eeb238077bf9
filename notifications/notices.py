"""What accounts, which stands below, has to tell."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.models import FriendRequest, User

from . import kinds, services
from .models import Notification


def _requests_url(notification: Notification) -> str:
    return reverse("accounts:requests")


def _actor_url(notification: Notification) -> str:
    return reverse("accounts:profile", args=[notification.actor.handle]) if notification.actor else "/"


def _open_requests(recipient: User, target_ids: set[int]) -> Iterable[int]:
    requests = FriendRequest.objects.pending().filter(receiver=recipient, pk__in=target_ids)
    return requests.visible_to(recipient).values_list("pk", flat=True)


def tell_friend_request(friend_request: FriendRequest) -> None:
    services.notify(
        recipient=friend_request.receiver, kind="friend_request", actor=friend_request.sender, target=friend_request
    )


def tell_friendship(asked: User, agreed: User) -> None:
    services.notify(recipient=asked, kind="friend_accepted", actor=agreed)


def register() -> None:
    kinds.register(
        "friend_request",
        sentence=_("%(actor)s wants to be your friend"),
        url=_requests_url,
        visible=_open_requests,
        email_default=True,
        label=_("Friend requests"),
        icon="user-plus",
    )
    kinds.register(
        "friend_accepted",
        sentence=_("%(actor)s accepted your friend request"),
        url=_actor_url,
        label=_("Friend requests that were accepted"),
        icon="user-check",
    )
    events.on_friend_request.append(tell_friend_request)
    events.on_friendship.append(tell_friendship)
