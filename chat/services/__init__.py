from .admissions import accept_invitation, accept_join_request, decline_invitation, decline_join_request
from .announcing import announce_owed
from .bots import seat_bot
from .cards import send_card, share_card, share_widely
from .conversations import change_group, open_direct
from .custom_emoji import make_custom_emoji, remove_custom_emoji
from .drafts import clear_draft, keep_draft
from .edits import edit_message
from .forwarding import forward_messages
from .invites import create_invite, join_by_invite, revoke_invite
from .members import (
    add_members,
    change_conversation,
    change_own_membership,
    change_role,
    create_group,
    leave_group,
    remove_member,
)
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
from .own import change_own_place
from .polls import close_due_polls, close_poll, may_close, poll_of, send_poll, take_back_vote, vote
from .previews import (
    ask_for_preview,
    await_preview,
    claim_preview,
    forget_unused_previews,
    keep_preview,
    remove_preview,
    show_to_waiting,
)
from .reactions import react, take_back_reaction
    "red_envelopes_visible_to",
    "remove_member",
    "send_card",
    "send_message",
    "send_red_envelope",
    "tell_typing",
]
    "announce_owed",
    "ask_for_preview",
    "await_preview",
    "change_chat_privacy",
    "change_rules",
    "change_scheduled",
    "chat_privacy_of",
    "claim_preview",
    "create_invite",
    "decline_invitation",
    "decline_join_request",
    "decline_message_request",
    "delete_scheduled",
    "dissolve_group",
    "edit_message",
    "finish_todo",
    "forget_recalled_texts",
    "forget_unused_previews",
    "forward_messages",
    "join_by_invite",
    "keep_draft",
    "keep_preview",
    "remove_preview",
    "remove_saved",
    "revoke_invite",
    "save_messages",
    "schedule_message",
    "seat_bot",
    "send_card",
    "send_due_message",
    "send_list",
    "send_message",
    "send_place",
    "send_poll",
    "send_red_envelope",
    "send_scheduled",
    "send_sticker",
    "share_card",
    "share_widely",
    "show_to_waiting",
    "sign_up",
    "take_back_reaction",
    "take_back_vote",
    "tell_typing",
    "tick",
    "untick",
    "vote",
    "withdraw",
]
