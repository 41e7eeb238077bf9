from .cards import send_card
from .conversations import change_group, create_group, open_direct
from .members import add_members, change_conversation, change_own_membership, change_role, leave_group, remove_member
from .messages import send_message
from .reading import mark_read, tell_typing
from .red_envelopes import claim_red_envelope, red_envelopes_visible_to, send_red_envelope

__all__ = [
    "add_members",
    "change_conversation",
    "change_group",
    "change_own_membership",
    "change_role",
    "claim_red_envelope",
    "create_group",
    "leave_group",
    "mark_read",
    "open_direct",
    "red_envelopes_visible_to",
    "remove_member",
    "send_card",
    "send_message",
    "send_red_envelope",
    "tell_typing",
]
