from __future__ import annotations

import secrets
from typing import IO, TypedDict, Unpack

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_line
from accounts.services.checking import check_fields
from publicaccounts.models import PublicAccount
from superapp.kernel import limits
from superapp.kernel.errors import Conflict, Forbidden, NotFound
from superapp.kernel.images import read_picture

AVATAR_EDGE = 384


class NotYourAccount(Forbidden):
    code = "not_your_account"
    sentence = _("Only the person who runs this public account may do this.")


class HandleTaken(Conflict):
    code = "handle_taken"
    sentence = _("This handle is taken.")


class TooManyAccounts(Conflict):
    code = "too_many_public_accounts"
    sentence = _("You run as many public accounts as one person can.")


class AccountFields(TypedDict, total=False):
    name: str
    bio: str
    is_closed: bool


def open_account(*, owner: User, handle: str, name: str, bio: str = "") -> PublicAccount:
    account = PublicAccount(
        owner=owner, handle=handle.strip().lower(), name=clean_line(name), bio=" ".join(bio.replace("\x00", "").split())
    )
    check_fields(account, ["handle", "name", "bio"])
    limits.count("public-account", owner.pk)
    with transaction.atomic():
        list(User.objects.filter(pk=owner.pk).locked())  # counts and adds as one step
        if PublicAccount.objects.owned_by(owner).count() >= settings.PUBLIC_ACCOUNTS_MAX:
            raise TooManyAccounts
        try:
            with transaction.atomic():
                account.save()
        except IntegrityError as error:
            raise HandleTaken(errors={"handle": HandleTaken.sentence}) from error
    return account


@transaction.atomic
def change_account(*, owner: User, account: PublicAccount, **fields: Unpack[AccountFields]) -> PublicAccount:
    """A closed account is out of everybody's sight but its owner's, with its articles, until it is opened again."""
    current = own_account(owner, account)
    if "name" in fields:
        current.name = clean_line(fields["name"])
    if "bio" in fields:
        current.bio = " ".join(fields["bio"].replace("\x00", "").split())
    if "is_closed" in fields:
        current.is_closed = fields["is_closed"]
    check_fields(current, fields)
    current.save(update_fields=list(fields))
    return current


def change_account_avatar(*, owner: User, account: PublicAccount, file: IO[bytes]) -> PublicAccount:
    """Keeps a square of the picture, newly encoded, under a name nobody can guess."""
    limits.count("upload", owner.pk)
    square = read_picture(file).square(AVATAR_EDGE)
    name = default_storage.save(f"avatars/{secrets.token_urlsafe(24)}.webp", ContentFile(square))
    try:
        return _replace_avatar(owner, account, name)
    except BaseException:
        default_storage.delete(name)
        raise


@transaction.atomic
def _replace_avatar(owner: User, account: PublicAccount, name: str) -> PublicAccount:
    current = own_account(owner, account)
    old, current.avatar = current.avatar, name
    current.save(update_fields=["avatar"])
    if old:
        transaction.on_commit(lambda: default_storage.delete(old), robust=True)
    return current


def own_account(owner: User, account: PublicAccount) -> PublicAccount:
    """The account as it is now, held, for the one who runs it."""
    current = PublicAccount.objects.visible_to(owner).filter(pk=account.pk).locked().first()
    if current is None:
        raise NotFound
    if not current.run_by(owner):
        raise NotYourAccount
    return current
