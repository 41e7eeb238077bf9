from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_line
from accounts.services.checking import check_fields
from bots.models import Bot, SlashCommand
from superapp.kernel.errors import Conflict, NotFound

from .bots import held


class CommandTaken(Conflict):
    code = "command_taken"
    sentence = _("The bot has this command already.")


class TooManyCommands(Conflict):
    code = "too_many_commands"
    sentence = _("The bot has as many commands as it can have.")


class CommandReserved(Conflict):
    code = "command_reserved"
    sentence = _("This word means something to the product itself.")


RESERVED = {"help"}


@transaction.atomic
def add_command(*, owner: User, bot: Bot, name: str, description: str, hint: str = "") -> SlashCommand:
    bot = held(owner, bot)
    word = name.strip().removeprefix("/").lower()
    if word in RESERVED:
        raise CommandReserved(errors={"name": CommandReserved.sentence})
    if bot.commands.count() >= settings.BOT_COMMANDS_MAX:
        raise TooManyCommands
    command = SlashCommand(bot=bot, name=word, description=clean_line(description), hint=clean_line(hint))
    check_fields(command, ["name", "description", "hint"])
    try:
        with transaction.atomic():
            command.save(force_insert=True)
    except IntegrityError as error:
        raise CommandTaken(errors={"name": CommandTaken.sentence}) from error
    return command


@transaction.atomic
def remove_command(*, owner: User, bot: Bot, name: str) -> None:
    command = next((one for one in held(owner, bot).commands.all() if one.name == name), None)
    if command is None:
        raise NotFound
    command.delete()
