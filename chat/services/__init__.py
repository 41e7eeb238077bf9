from .admissions import accept_invitation, accept_join_request, decline_invitation, decline_join_request
from .announcing import announce_owed
from .bots import seat_bot
from .cards import send_card, share_card, share_widely
from .conversations import change_group, open_direct
from .custom_emoji import make_custom_emoji, remove_custom_emoji
from .drafts import clear_draft, keep_draft
from .edits import edit_message
from .exports import build_export, purge_expired_exports, request_export
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
from .reading import mark_read, tell_typing
from .recall import forget_recalled_texts, recall_message
from .red_envelopes import claim_red_envelope, red_envelopes_visible_to, send_red_envelope
from .requests import accept_message_request, change_chat_privacy, chat_privacy_of, decline_message_request
from .retention import change_retention, purge_expired_messages
from .rules import change_group_picture, change_rules, dissolve_group, put_away_announcement
from .saved import remove_saved, save_messages
from .scheduled import (
    change_scheduled,
    delete_scheduled,
    schedule_message,
    send_due_message,
    send_scheduled,
)
from .sign_ups import close_list, list_of, send_list, sign_up, withdraw
from .stickers import (
    add_pack,
    add_sticker,
    change_pack,
    forget_sticker,
    keep_sticker,
    make_pack,
    put_pack_away,
    remove_pack,
    remove_sticker,
)
from .things import send_place, send_sticker
from .todos import finish_todo, make_todo, tick, untick
from .voices import mark_heard

__all__ = [
    "accept_invitation",
    "accept_join_request",
    "accept_message_request",
    "add_members",
    "add_pack",
    "add_sticker",
    "announce_owed",
    "ask_for_preview",
    "await_preview",
    "build_export",
    "change_chat_privacy",
    "change_conversation",
    "change_group",
    "change_group_picture",
    "change_own_membership",
    "change_own_place",
    "change_pack",
    "change_retention",
    "change_role",
    "change_rules",
    "change_scheduled",
    "chat_privacy_of",
    "claim_preview",
    "claim_red_envelope",
    "clear_draft",
    "close_due_polls",
    "close_list",
    "close_poll",
    "create_group",
    "create_invite",
    "decline_invitation",
    "decline_join_request",
    "decline_message_request",
    "delete_scheduled",
    "dissolve_group",
    "edit_message",
    "finish_todo",
    "forget_recalled_texts",
    "forget_sticker",
    "forget_unused_previews",
    "forward_messages",
    "join_by_invite",
    "keep_draft",
    "keep_preview",
    "keep_sticker",
    "leave_group",
    "list_of",
    "make_custom_emoji",
    "make_pack",
    "make_todo",
    "mark_heard",
    "mark_read",
    "may_close",
    "open_direct",
    "poll_of",
    "purge_expired_exports",
    "purge_expired_messages",
    "put_away_announcement",
    "put_pack_away",
    "react",
    "recall_message",
    "red_envelopes_visible_to",
    "remove_custom_emoji",
    "remove_member",
    "remove_pack",
    "remove_preview",
    "remove_saved",
    "remove_sticker",
    "request_export",
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
