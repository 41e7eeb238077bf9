from .bots import (
    change_bot,
    create_bot,
    make_token,
    remove_bot,
    revoke_token,
    rotate_secret,
    switch_off_bot,
    switch_on_bot,
)
from .commands import add_command, remove_command
from .deliveries import begin_delivery, finish_delivery, forget_old_deliveries, owe_event, send_again, send_ping
from .places import add_bot
from .speaking import answer_privately, say
from .webhooks import create_webhook, receive_post, remove_webhook

__all__ = [
    "add_bot",
    "add_command",
    "answer_privately",
    "begin_delivery",
    "change_bot",
    "create_bot",
    "create_webhook",
    "finish_delivery",
    "forget_old_deliveries",
    "make_token",
    "owe_event",
    "receive_post",
    "remove_bot",
    "remove_command",
    "remove_webhook",
    "revoke_token",
    "rotate_secret",
    "say",
    "send_again",
    "send_ping",
    "switch_off_bot",
    "switch_on_bot",
]
