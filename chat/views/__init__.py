from .actions import (
    edit,
    edits,
    forward,
    message,
    open_own,
    reactions,
    recall,
    record,
    save,
    select,
    take_back_reaction,
)
from .commands import commands
from .conversations import changes, conversation_detail, conversation_list, newer, older, open_direct, read, send
from .groups import (
    add_members,
    announcement,
    change_group,
    change_rules,
    change_settings,
    dissolve,
    info,
    leave,
    new_group,
    put_away_announcement,
)
from .invites import (
    accept_invitation,
    accept_join_request,
    decline_invitation,
    decline_join_request,
    invite,
    invites,
    join,
    joining,
    revoke_invite,
    scan,
)
from .members import change_role, hand_over, member, people, remove_member
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
    "close_list",
    "close_poll",
    "commands",
