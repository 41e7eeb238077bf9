"""Cards of links. A message with a link is sent at once; what the link leads to is fetched by a task and comes as a
change of the message. One fetch at a time for an address; all messages that wait for it are shown it together."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat import events, tasks
from chat.links import first_link, is_ours
from chat.models import AwaitedPreview, Conversation, LinkPreview, Message
from chat.models.link_preview import URL_LENGTH_MAX, key_of
from chat.page_words import PageWords
from superapp.kernel import limits, live, outbox
from superapp.kernel.errors import Forbidden, NotFound, RateLimited
from superapp.kernel.images import Picture, fitted

from .numbering import members_at, take_number, who_may_see

CLAIM = timedelta(seconds=60)  # longer than a fetch with its picture may take
PICTURE_EDGE = 640


class NotYourMessage(Forbidden):
    code = "not_your_message"
    sentence = _("Only the one who sent the message may do this.")


def ask_for_preview(message: Message) -> None:
    """Owe the message a look at its first link. Called in the transaction that has written its text."""
    if settings.LINK_PREVIEWS and _link_of(message) and _is_wanted(message):
        outbox.enqueue(tasks.preview_link, message_id=message.pk)


@transaction.atomic
def await_preview(*, message_id: int) -> LinkPreview | None:
    """Put a message on the list of those that wait for its link. None when there is nothing to show (any more)."""
    message = Message.objects.filter(pk=message_id).first()
    url = _link_of(message) if message is not None else None
    if message is None or url is None or message.preview_id is not None:
        return None
    LinkPreview.objects.bulk_create(
        [LinkPreview(key=key_of(url), url=url, is_fetched=False)], ignore_conflicts=True
    )  # another message may bring the same address at this moment
    preview = LinkPreview.objects.get(key=key_of(url))
    AwaitedPreview.objects.update_or_create(message=message, defaults={"preview": preview})
    return preview


def claim_preview(*, preview: LinkPreview) -> bool:
    """Whether the caller is the one to fetch it: nobody is at it, or has been since the caller looked. A claim ends by
    itself, should its holder die."""
    unclaimed = Q(claimed_until=None) | Q(claimed_until__lt=now())
    as_seen = LinkPreview.objects.filter(unclaimed, pk=preview.pk, fetched_at__lte=preview.fetched_at)
    return bool(as_seen.update(claimed_until=now() + CLAIM))


def keep_preview(*, preview: LinkPreview, words: PageWords, picture: Picture | None = None) -> None:
    """Write down what was found, with a copy of the picture that is ours. A page that says nothing today keeps what it
    said before."""
    if not words.title and picture is None and preview.says_something:
        LinkPreview.objects.filter(pk=preview.pk).update(fetched_at=now(), claimed_until=None)
        return
    old_image = preview.image
    preview.title, preview.description, preview.site_name = words.title, words.description, words.site_name
    preview.image, preview.image_width, preview.image_height = "", 0, 0
    if picture is not None:
        small = picture.variant(PICTURE_EDGE)
        preview.image = default_storage.save(f"previews/{secrets.token_urlsafe(24)}.webp", ContentFile(small))
        preview.image_width, preview.image_height = fitted(picture.size, PICTURE_EDGE)
    preview.is_fetched, preview.fetched_at, preview.claimed_until = True, now(), None
    preview.save()
    if old_image:
        default_storage.delete(old_image)


def show_to_waiting(*, preview: LinkPreview) -> None:
    for awaited in AwaitedPreview.objects.filter(preview=preview).order_by("pk"):
        _show(awaited, preview)


@transaction.atomic
def remove_preview(*, sender: User, message: Message) -> Message:
    """Take the card off one's own message, for all who read it."""
    if message.sender_id != sender.pk:
        raise NotYourMessage
    conversation = _conversation_of(message.pk)
    if conversation is None:
        raise NotFound
    current = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    AwaitedPreview.objects.filter(message=current).delete()
    if current.preview_id is not None:
        _change(conversation, current, None)
    return current


def forget_unused_previews(limit: int = 500) -> int:
    """Delete what no message shows any more, with its picture; how many."""
    unused = list(LinkPreview.objects.unused()[:limit])
    for preview in unused:
        if LinkPreview.objects.unused().filter(pk=preview.pk).delete()[0] and preview.image:
            default_storage.delete(preview.image)
    return len(unused)


@transaction.atomic
def _show(awaited: AwaitedPreview, preview: LinkPreview) -> None:
    """Give one message its card, once: whoever strikes it off the list tells the members."""
    conversation = _conversation_of(awaited.message_id)
    if not AwaitedPreview.objects.filter(pk=awaited.pk).delete()[0] or conversation is None:
        return
    message = Message.objects.select_for_update(no_key=True).get(pk=awaited.message_id)
    if preview.says_something and _link_of(message) == preview.url:  # not written anew, or taken back, meanwhile
        _change(conversation, message, preview)


def _conversation_of(message_id: int) -> Conversation | None:
    """Held until the transaction ends: numbers of one conversation are taken one after the other."""
    holding = Message.objects.filter(pk=message_id).values("conversation")
    return Conversation.objects.select_for_update(no_key=True).filter(pk__in=holding).first()


def _change(conversation: Conversation, message: Message, preview: LinkPreview | None) -> None:
    number = take_number(conversation, speaks=False)
    message.preview = preview
    message.changed_seq = number.last
    message.save(update_fields=["preview", "changed_seq"])
    recipients = who_may_see(members_at(conversation.pk, number.member_epoch), message.seq)
    live.publish(recipients, events.message_changed(Message.objects.for_display().get(pk=message.pk)))


def _link_of(message: Message) -> str | None:
    """The address whose card a message shows: the first of its text. Our own places have cards of their own."""
    if message.kind != Message.Kind.TEXT or message.recalled_at is not None:
        return None
    url = first_link(message.text)
    return url if url and len(url) <= URL_LENGTH_MAX and not is_ours(url) else None


def _is_wanted(message: Message) -> bool:
    """Not by those who have switched it off, not for what a stranger sends before being accepted, and so often only."""
    sender = message.sender
    if sender is None or not sender.link_previews or message.conversation.is_request:
        return False
    try:
        limits.count("link-preview", sender.pk)
    except RateLimited:
        return False
    return True
