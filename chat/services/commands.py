from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat import above
from chat.models import Conversation
from superapp.kernel.errors import Refused

HELP = "/help"


class CommandHelp(Refused):
    """Not a mistake: what was asked for, told to the one who asked, and not said to the others."""

    code = "command_help"
    sentence = _("You can use these commands here: %(commands)s")
    status = 422


def help_with_commands(*, sender: User, conversation: Conversation, text: str) -> None:
    """`/help` is answered to its sender alone, where there is a command that can be used."""
    if text.strip().lower() != HELP or not conversation.is_visible_to(sender):
        return
    if known := above.commands_in(conversation):
        listed = "; ".join(f"{' '.join(filter(None, [f'/{one.name}', one.hint]))} – {one.description}" for one in known)
        raise CommandHelp(CommandHelp.sentence % {"commands": listed})
