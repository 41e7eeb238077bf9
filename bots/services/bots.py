from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_line
from accounts.services.checking import check_fields
from bots.models import Bot
from bots.models.bot import BOTH_SECRETS_FOR, EVENTS_OFFERED, hash_of
from chat.models import Conversation
from chat.services import leave_group
from superapp.kernel import limits
from superapp.kernel.errors import Conflict, Forbidden, Invalid, NotFound

TOKEN_MARK = "sab_"  # noqa: S105 (how a token begins, so that leaked ones are found)
_is_url = URLValidator(schemes=["http", "https"])


class HandleTaken(Conflict):
    code = "handle_taken"
    sentence = _("This handle is taken.")


class TooManyBots(Conflict):
    code = "too_many_bots"
    sentence = _("You have as many bots as one person can have.")


class BotsMakeNoBots(Forbidden):
    code = "bots_make_no_bots"
    sentence = _("A bot cannot make bots.")


class NotAModerator(Forbidden):
    code = "not_a_moderator"
    sentence = _("Only moderators may switch bots off and on.")


class BadUrl(Invalid):
    code = "bad_url"
    sentence = _("This is not an address on the web (https://…).")


@transaction.atomic
def create_bot(*, owner: User, handle: str, name: str, description: str = "") -> Bot:
    """A user that is a program. It has no password and no address, so nobody signs in as it."""
    if owner.is_bot:
        raise BotsMakeNoBots
    limits.count("bot", owner.pk)
    User.objects.filter(pk=owner.pk).locked().get()
    if Bot.objects.visible_to(owner).count() >= settings.BOTS_MAX:
        raise TooManyBots
    user = User(handle=handle.strip().lower(), display_name=clean_line(name), is_bot=True, language=owner.language)
    user.set_unusable_password()
    check_fields(user, ["handle", "display_name"])
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise HandleTaken(errors={"handle": HandleTaken.sentence}) from error
    return Bot.objects.create(user=user, owner=owner, description=_described(description), secret=_new_secret())


@transaction.atomic
def change_bot(
    *,
    owner: User,
    bot: Bot,
    name: str | None = None,
    description: str | None = None,
    url: str | None = None,
    events: Sequence[str] | None = None,
) -> Bot:
    """What is None stays. Another address ends a pause: it may be well."""
    bot = held(owner, bot)
    if name is not None:
        bot.user.display_name = clean_line(name)
        check_fields(bot.user, ["display_name"])
        bot.user.save(update_fields=["display_name"])
    if description is not None:
        bot.description = _described(description)
    if url is not None and url.strip() != bot.url:
        bot.url = _checked_url(url.strip())
        bot.failures, bot.paused_until = 0, None
    if events is not None:
        bot.events = [event.value for event in EVENTS_OFFERED if event.value in events]
        if unknown := set(events) - {event.value for event in EVENTS_OFFERED}:
            raise Invalid(errors={"events": _("There is no such event: %(name)s") % {"name": sorted(unknown)[0]}})
    bot.save(update_fields=["description", "url", "events", "failures", "paused_until"])
    return bot


@transaction.atomic
def make_token(*, owner: User, bot: Bot) -> str:
    """A new token for REST, told this once. The one before it ends."""
    bot = held(owner, bot)
    token = TOKEN_MARK + secrets.token_urlsafe(32)
    bot.token_hash, bot.token_hint, bot.token_made_at = hash_of(token), token[-4:], now()
    bot.save(update_fields=["token_hash", "token_hint", "token_made_at"])
    return token


@transaction.atomic
def revoke_token(*, owner: User, bot: Bot) -> Bot:
    bot = held(owner, bot)
    bot.token_hash, bot.token_hint, bot.token_made_at = None, "", None
    bot.save(update_fields=["token_hash", "token_hint", "token_made_at"])
    return bot


@transaction.atomic
def rotate_secret(*, owner: User, bot: Bot) -> str:
    """A new secret to sign events with, told this once. For a day they are signed with both."""
    bot = held(owner, bot)
    bot.old_secret, bot.old_secret_until = bot.secret, now() + BOTH_SECRETS_FOR
    bot.secret = _new_secret()
    bot.save(update_fields=["secret", "old_secret", "old_secret_until"])
    return bot.secret


@transaction.atomic
def remove_bot(*, owner: User, bot: Bot) -> None:
    """It leaves its groups and falls silent for good. What it has said stays, under its name."""
    bot = held(owner, bot)
    for conversation in Conversation.objects.for_member(bot.user).order_by("pk"):
        leave_group(person=bot.user, conversation=conversation)
    bot.webhooks.all().delete()
    bot.commands.all().delete()
    bot.removed_at, bot.token_hash, bot.url = now(), None, ""
    bot.save(update_fields=["removed_at", "token_hash", "url"])
    bot.user.is_active = False
    bot.user.session_epoch += 1
    bot.user.save(update_fields=["is_active", "session_epoch"])


@transaction.atomic
def switch_off_bot(*, moderator: User, bot: Bot) -> Bot:
    """It says nothing and hears nothing until it is switched on again."""
    return _switch(moderator, bot, is_off=True)


@transaction.atomic
def switch_on_bot(*, moderator: User, bot: Bot) -> Bot:
    return _switch(moderator, bot, is_off=False)


def held(owner: User, bot: Bot) -> Bot:
    """The owner's bot as it is now, until the transaction ends."""
    found = Bot.objects.visible_to(owner).select_related("user", "owner").filter(pk=bot.pk).locked().first()
    if found is None:
        raise NotFound
    return found


def _switch(moderator: User, bot: Bot, *, is_off: bool) -> Bot:
    if not moderator.has_perm("bots.switch_off_bot"):
        raise NotAModerator
    current = Bot.objects.select_related("user", "owner").filter(pk=bot.pk).locked().get()
    current.switched_off_at = now() if is_off else None
    current.save(update_fields=["switched_off_at"])
    return current


def _checked_url(url: str) -> str:
    if not url:
        return ""
    try:
        _is_url(url)
    except ValidationError as error:
        raise BadUrl(errors={"url": BadUrl.sentence}) from error
    return url


def _described(description: str) -> str:
    return clean_line(description)[:300]


def _new_secret() -> str:
    return secrets.token_urlsafe(32)
