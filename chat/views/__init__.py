from .conversations import changes, conversation_detail, conversation_list, older, open_direct, read, send
from .groups import add_members, change_group, change_settings, info, leave, new_group, remove_member
from .previews import preview_image, remove_preview
from .own import draft, own, readers, shortcuts
from .red_envelopes import claim_red_envelope, red_envelope, send_red_envelope

__all__ = [
    "add_members",
    "change_group",
    "change_settings",
    "changes",
    "claim_red_envelope",
    "conversation_detail",
    "conversation_list",
    "info",
    "leave",
    "new_group",
    "older",
    "open_direct",
    "read",
    "red_envelope",
    "own",
    "preview_image",
    "remove_member",
    "send",
    "send_red_envelope",
]
    "remove_preview",
