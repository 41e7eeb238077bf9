from .avatars import avatar
from .contacts import accept_request, add, contacts, decline_request, request_friend, requests
from .people import block, blocks, edit_friend, profile, remove_friend, unblock
from .profile import edit_profile
from .tags import delete_tag, tag, tags

__all__ = [
    "accept_request",
    "add",
    "avatar",
    "block",
    "blocks",
    "contacts",
    "decline_request",
    "delete_tag",
    "edit_friend",
    "edit_profile",
    "profile",
    "remove_friend",
    "request_friend",
    "requests",
    "tag",
    "tags",
    "unblock",
]
