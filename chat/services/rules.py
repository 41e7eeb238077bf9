"""What a group is: its rules, its picture, its announcement put away, its end."""

from __future__ import annotations

import secrets
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat import events
from chat.models import Conversation, Member
from superapp.kernel import limits, live
from superapp.kernel.errors import Forbidden, Invalid
from superapp.kernel.images import read_picture

from .conversations import NotAllowedInGroup, lock_group, membership
from .lines import Line, announce_message, write_line
from .numbering import members_at, take_number

PICTURE_EDGE = 384

# What is said when a rule begins, and when it ends.
RULES = {
    "joining_needs_approval": (Line.APPROVAL_NEEDED, Line.APPROVAL_NOT_NEEDED),
    "only_admins_invite": (Line.ONLY_ADMINS_INVITE, Line.EVERYBODY_INVITES),
    "only_admins_speak": (Line.ONLY_ADMINS_SPEAK, Line.EVERYBODY_SPEAKS),
    "history_for_new_members": (Line.HISTORY_SHOWN, Line.HISTORY_HIDDEN),
}


class UnknownRule(Invalid):
    code = "unknown_rule"
    sentence = _("There is no such rule.")


class OwnerOnly(Forbidden):
    code = "not_allowed"
    sentence = _("Only the owner of the group may do this.")


@transaction.atomic
def change_rules(*, actor: User, conversation: Conversation, rules: dict[str, bool]) -> Conversation:
    """Begin or end rules of the group, each with a line that says so. What is as it was stays."""
    if not rules.keys() <= RULES.keys():
        raise UnknownRule
    conversation = lock_group(conversation)
    if not membership(conversation, actor).may_manage:
        raise NotAllowedInGroup
    changed = {name: holds for name, holds in rules.items() if getattr(conversation, name) != holds}
    if not changed:
        return conversation
    numbers = take_number(conversation, count=1 + len(changed))
    for name, holds in changed.items():
        setattr(conversation, name, holds)
    if changed.get("history_for_new_members"):
        # Whoever spoke before was promised that who comes later does not read it.
        conversation.history_seq = numbers.first
    conversation.changed_seq = numbers.first
    conversation.save(update_fields=[*changed, "history_seq", "changed_seq"])
    recipients = list(members_at(conversation.pk, numbers.member_epoch))
    live.publish(recipients, events.conversation_changed(conversation))
    for seq, (name, holds) in enumerate(changed.items(), start=numbers.first + 1):
        begins, ends = RULES[name]
        line = begins if holds else ends
        announce_message(write_line(conversation, line, seq=seq, at=numbers.taken_at, actor=actor), recipients)
    return conversation


@transaction.atomic
def dissolve_group(*, owner: User, conversation: Conversation) -> Conversation:
    """The end of a group: its members keep what they have, and nothing in it changes any more."""
    conversation = lock_group(conversation)
    if not membership(conversation, owner).is_owner:
        raise OwnerOnly
    numbers = take_number(conversation, count=2)
    conversation.dissolved_at, conversation.changed_seq = numbers.taken_at, numbers.first
    conversation.save(update_fields=["dissolved_at", "changed_seq"])
    recipients = list(members_at(conversation.pk, numbers.member_epoch))
    live.publish(recipients, events.conversation_changed(conversation))
    line = write_line(conversation, Line.DISSOLVED, seq=numbers.last, at=numbers.taken_at, actor=owner)
    announce_message(line, recipients)
    return conversation


def change_group_picture(*, actor: User, conversation: Conversation, file: IO[bytes] | None) -> Conversation:
    """Another picture for the group, newly encoded; None: its members' faces again."""
    stored = ""
    if file is not None:
        limits.count("upload", actor.pk)
        square = ContentFile(read_picture(file).square(PICTURE_EDGE))
        stored = default_storage.save(f"avatars/{secrets.token_urlsafe(24)}.webp", square)
    try:
        return _hang_up(actor, conversation, stored)
    except BaseException:
        _delete_file(stored)
        raise


@transaction.atomic
def _hang_up(actor: User, conversation: Conversation, stored: str) -> Conversation:
    conversation = lock_group(conversation)
    if not membership(conversation, actor).may_manage:
        raise NotAllowedInGroup
    old = conversation.picture
    if stored == old:
        return conversation
    numbers = take_number(conversation, count=2)
    conversation.picture, conversation.changed_seq = stored, numbers.first
    conversation.save(update_fields=["picture", "changed_seq"])
    recipients = list(members_at(conversation.pk, numbers.member_epoch))
    live.publish(recipients, events.conversation_changed(conversation))
    line = write_line(conversation, Line.PICTURE_CHANGED, seq=numbers.last, at=numbers.taken_at, actor=actor)
    announce_message(line, recipients)
    transaction.on_commit(lambda: _delete_file(old), robust=True)
    return conversation


def _delete_file(name: str) -> None:
    if name:
        default_storage.delete(name)


@transaction.atomic
def put_away_announcement(*, member: Member) -> None:
    """Read: its card does not stand over the conversation any more, on none of the member's devices."""
    announced_seq = member.conversation.announced_seq
    Member.objects.active().filter(pk=member.pk, announcement_seq__lt=announced_seq).update(
        announcement_seq=announced_seq
    )
