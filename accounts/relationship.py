from __future__ import annotations

from dataclasses import dataclass

from .models import FriendRequest, Friendship, User


@dataclass(frozen=True)
class Relationship:
    """How a viewer stands to a person, in the viewer's own eyes."""

    friendship: Friendship | None
    sent: FriendRequest | None
    received: FriendRequest | None
    blocked: bool

    @property
    def request(self) -> str | None:
        if self.received:
            return "received"
        return "sent" if self.sent else None

    @property
    def can_be_requested(self) -> bool:
        return not (self.friendship or self.sent or self.received or self.blocked)


def relationship_between(viewer: User, person: User) -> Relationship:
    standing = list(FriendRequest.objects.standing().between(viewer, person).select_related("sender", "receiver"))
    return Relationship(
        friendship=Friendship.objects.visible_to(viewer).filter(friend=person).prefetch_related("tags").first(),
        sent=next((row for row in standing if row.sender_id == viewer.pk), None),
        received=next((row for row in standing if row.answerable_by(viewer)), None),
        blocked=viewer.has_blocked(person),
    )
