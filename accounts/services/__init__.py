from .blocks import block_person, unblock_person
from .friendship import (
    accept_friend_request,
    change_friend,
    decline_friend_request,
    remove_friend,
    request_friend,
)
from .privacy import change_me, change_privacy
from .profile import change_avatar, change_profile
from .suspension import restore_person, suspend_person
from .tags import assign_tags, change_tag, create_tag, delete_tag, rename_tag

__all__ = [
    "accept_friend_request",
    "assign_tags",
    "block_person",
    "change_avatar",
    "change_friend",
    "change_me",
    "change_privacy",
    "change_profile",
    "change_tag",
    "create_tag",
    "decline_friend_request",
    "delete_tag",
    "remove_friend",
    "rename_tag",
    "request_friend",
    "restore_person",
    "suspend_person",
    "unblock_person",
]
