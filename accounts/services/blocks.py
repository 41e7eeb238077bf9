from __future__ import annotations

from django.db import transaction

from accounts import events
from accounts.models import Block, FriendRequest, User

from .friendship import NotYourself, end_friendship, lock_people


@transaction.atomic
def block_person(*, blocker: User, blocked: User) -> Block:
    """Ends the friendship and every open request between the two. Blocking twice changes nothing."""
    if blocker == blocked:
        raise NotYourself
    lock_people(blocker, blocked)
    block, created = Block.objects.get_or_create(blocker=blocker, blocked=blocked)
    if created:
        end_friendship(blocker, blocked)
        FriendRequest.objects.between(blocker, blocked).exclude(state=FriendRequest.State.ACCEPTED).delete()
        for listener in events.on_block:
            listener(blocker, blocked)
    return block


@transaction.atomic
def unblock_person(*, blocker: User, blocked: User) -> None:
    """The two are strangers again; nothing that the block ended comes back."""
    lock_people(blocker, blocked)
    Block.objects.filter(blocker=blocker, blocked=blocked).delete()
