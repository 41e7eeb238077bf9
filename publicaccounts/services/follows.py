from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notifications import services as notifications
from publicaccounts.models import Follow, PublicAccount
from superapp.kernel import limits
from superapp.kernel.errors import Conflict, Forbidden, NotFound


class NotWelcome(Forbidden):
    code = "not_welcome"
    sentence = _("This public account does not take part in conversations with you.")


class YourOwnAccount(Conflict):
    code = "your_own_account"
    sentence = _("This is your own public account.")


def follow_account(*, follower: User, account: PublicAccount) -> Follow:
    """The same follow when it is asked for twice."""
    limits.count("follow", follower.pk)
    with transaction.atomic():
        current = visible_account(follower, account)
        if current.run_by(follower):
            raise YourOwnAccount
        if not current.welcomes(follower):
            raise NotWelcome
        follow, created = Follow.objects.get_or_create(account=current, person=follower)
        if created:
            notifications.notify(
                recipient=current.owner,
                kind="account_followed",
                actor=follower,
                target=current,
                data={"account": current.name},
            )
        return follow


@transaction.atomic
def unfollow_account(*, follower: User, account: PublicAccount) -> None:
    """Twice is as good as once."""
    if Follow.objects.filter(account=account, person=follower).delete()[0]:
        notifications.take_back(kind="account_followed", target=account, actor=follower)


@transaction.atomic
def part_on_block(blocker: User, blocked: User) -> None:
    """Who is blocked stops following the accounts of the one who blocked."""
    Follow.objects.filter(account__owner=blocker, person=blocked).delete()


def visible_account(viewer: User, account: PublicAccount) -> PublicAccount:
    current = PublicAccount.objects.visible_to(viewer).select_related("owner").filter(pk=account.pk).first()
    if current is None:
        raise NotFound
    return current
