from .friends import accept_request, add, contacts, decline_request, request_friend, requests
from .own_profile import edit_profile
from .person import block, blocks, edit_friend, profile, remove_friend, unblock
from .pictures import avatar
from .privacy import privacy
from .tagging import delete_tag, tag, tags

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
    "privacy",
    "profile",
    "remove_friend",
    "request_friend",
    "requests",
    "tag",
    "tags",
    "unblock",
]
