from .groups import add_bot, group, new_webhook, remove_webhook
from .hooks import hook
from .own import (
    add_command,
    bot_list,
    deliveries,
    detail,
    new_bot,
    ping,
    remove_bot,
    remove_command,
    revoke_token,
    secret,
    send_again,
    token,
)

__all__ = [
    "add_bot",
    "add_command",
    "bot_list",
    "deliveries",
    "detail",
    "group",
    "hook",
    "new_bot",
    "new_webhook",
    "ping",
    "remove_bot",
    "remove_command",
    "remove_webhook",
    "revoke_token",
    "secret",
    "send_again",
    "token",
]
