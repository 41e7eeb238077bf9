"""Builds state the way people do: through services."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now
from PIL import Image

from accounts import services
from accounts.models import FriendRequest, User
from chat import services as chat
from chat.models import Conversation, Message
from moments.models import Comment, Moment
from moments.services import comment_on_moment, post_moment
from publicaccounts.models import Article, PublicAccount
from publicaccounts.models import Comment as ArticleComment
from publicaccounts.services import (
    comment_on_article,
    follow_account,
    open_account,
    publish_article,
    write_article,
)
from uploads.models import Upload
from uploads.services import receive_upload
from wallet.models import RedEnvelope
from wallet.services import send_red_envelope, top_up

PASSWORD = "correct horse battery"


def person(handle: str, **fields: Any) -> User:
    fields.setdefault("display_name", handle.capitalize())
    user: User = User.objects.create_user(handle, f"{handle}@example.org", PASSWORD, **fields)
    return user


def friend_request(sender: User, receiver: User, greeting: str = "") -> FriendRequest:
    return services.request_friend(sender=sender, receiver=receiver, greeting=greeting)


def friends(one: User, other: User) -> None:
    """One asks, the other agrees. Those who are friends already stay so."""
    if not one.is_friend_of(other):
        request = services.request_friend(sender=one, receiver=other)
        services.accept_friend_request(receiver=other, friend_request=request)


def picture_file(size: tuple[int, int] = (640, 480), kind: str = "JPEG", name: str = "photo.jpg") -> SimpleUploadedFile:
    """A small photo as a browser sends it."""
    buffer = BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(buffer, kind)
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


def upload(owner: User, alt: str = "", **picture: Any) -> Upload:
    return receive_upload(owner=owner, file=picture_file(**picture), alt=alt)


def funds(person: User, amount: int) -> None:
    """Play credit for a person, topped up in as many goes as the limit asks for."""
    while amount > 0:
        part = min(amount, settings.TOP_UP_MAX)
        top_up(person=person, amount=part, key=str(uuid4()))
        amount -= part


def red_envelope(sender: User, **fields: Any) -> RedEnvelope:
    """A lucky one of 10.00 in 5 shares, unless said otherwise; its sender is given the money first."""
    fields = {"kind": "lucky", "amount": 1000, "shares": 5, "scope": "test", "key": str(uuid4())} | fields
    funds(sender, fields["amount"])
    return send_red_envelope(sender=sender, **fields)


def expire(envelope: RedEnvelope) -> RedEnvelope:
    """As if a day and a minute had gone by since it was sent."""
    RedEnvelope.objects.filter(pk=envelope.pk).update(expires_at=now() - timedelta(minutes=1))
    envelope.refresh_from_db()
    return envelope


def moment(author: User, text: str = "A quiet day", photos: int = 0, **options: Any) -> Moment:
    ids = [str(upload(author, size=(64, 48)).pk) for _ in range(photos)]
    return post_moment(author=author, text=text, upload_ids=ids, **options)


def moment_comment(author: User, moment: Moment, text: str = "How nice", reply_to: Comment | None = None) -> Comment:
    return comment_on_moment(author=author, moment=moment, text=text, reply_to=reply_to)


def public_account(owner: User, handle: str = "tea_notes", name: str = "Tea Notes", bio: str = "") -> PublicAccount:
    return open_account(owner=owner, handle=handle, name=name, bio=bio)


def follower(account: PublicAccount, person: User) -> None:
    follow_account(follower=person, account=account)


def draft(
    account: PublicAccount, title: str = "First flush", body: str = "<p>Spring leaves.</p>", **rest: Any
) -> Article:
    return write_article(author=account.owner, account=account, title=title, body=body, **rest)


def article(account: PublicAccount, broadcast: bool = True, **words: Any) -> Article:
    return publish_article(author=account.owner, article=draft(account, **words), broadcast=broadcast)


def article_comment(
    author: User, article: Article, text: str = "Well said", reply_to: ArticleComment | None = None
) -> ArticleComment:
    return comment_on_article(
        author=author, article=article, text=text, reply_to=reply_to.pk if reply_to is not None else None
    )


def direct(one: User, other: User) -> Conversation:
    """The conversation of two friends."""
    return chat.open_direct(person=one, other=other)


def group(owner: User, *members: User, title: str = "") -> Conversation:
    return chat.create_group(owner=owner, members=members, title=title)


def message(sender: User, conversation: Conversation, text: str = "Hello", **more: Any) -> Message:
    return chat.send_message(sender=sender, conversation=conversation, client_id=uuid4(), text=text, **more)[0]
