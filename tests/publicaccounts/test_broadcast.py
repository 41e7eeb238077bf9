from collections import Counter

import pytest
from django.db import transaction

from notifications.models import Notification
from notifications.services import mark_read
from publicaccounts import broadcast
from publicaccounts.broadcast import tell_next_followers
from publicaccounts.models import Broadcast, Follow
from publicaccounts.services import delete_article, publish_article, unfollow_account
from publicaccounts.tasks import tell_followers
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(alice):
    return make.public_account(alice)


@pytest.fixture
def followers(account, monkeypatch):
    """Seven of them, told two at a time."""
    monkeypatch.setattr(broadcast, "BATCH", 2)
    people = [make.person(f"reader{number}") for number in range(7)]
    for person in people:
        make.follower(account, person)
    return people


def told() -> Counter[str]:
    rows = Notification.objects.filter(kind="article_published")
    return Counter(rows.values_list("recipient__handle", flat=True))


def once(people) -> Counter[str]:
    return Counter({person.handle: 1 for person in people})


def test_each_follower_is_told_once(account, followers, bob, effects):
    with effects():
        make.article(account)
    assert told() == once(followers)
    assert Broadcast.objects.get().told == 7
    assert Broadcast.objects.get().finished_at is not None


def test_running_the_task_again_tells_nobody_twice_even_those_who_have_read(account, followers, effects):
    with effects():
        make.article(account)
    for person in followers:
        mark_read(person=person)
    with effects():
        tell_followers(broadcast_id=Broadcast.objects.get().pk)
    assert told() == once(followers)


def test_an_interruption_between_batches_loses_and_doubles_nobody(account, followers, effects):
    make.article(account)  # committed, and the process dies before the task runs
    owed = Broadcast.objects.get()
    assert tell_next_followers(broadcast_id=owed.pk)
    mark_read(person=followers[0])
    assert len(told()) == 2
    with effects():
        tell_followers(broadcast_id=owed.pk)
        tell_followers(broadcast_id=owed.pk)
    assert told() == once(followers)


class Killed(BaseException):
    pass


def test_an_interruption_within_a_batch_loses_and_doubles_nobody(account, followers, effects):
    make.article(account)
    owed = Broadcast.objects.get()
    tell_next_followers(broadcast_id=owed.pk)
    with pytest.raises(Killed), transaction.atomic():
        tell_next_followers(broadcast_id=owed.pk)
        assert len(told()) == 4
        raise Killed
    assert len(told()) == 2
    with effects():
        tell_followers(broadcast_id=owed.pk)
    assert told() == once(followers)


def test_who_leaves_before_their_turn_is_not_told_and_who_comes_after_is_not_either(account, followers, bob, effects):
    make.article(account)
    unfollow_account(follower=followers[5], account=account)
    make.follower(account, bob)
    with effects():
        tell_followers(broadcast_id=Broadcast.objects.get().pk)
    assert told() == once([person for person in followers if person != followers[5]])


def test_a_quiet_publication_tells_nobody(account, followers, effects):
    with effects():
        article = make.article(account, broadcast=False)
    assert told() == Counter()
    with effects():
        publish_article(author=account.owner, article=article, broadcast=True)
    assert told() == Counter()


def test_an_article_deleted_meanwhile_is_told_to_no_more(account, followers, effects):
    article = make.article(account)
    owed = Broadcast.objects.get().pk
    tell_next_followers(broadcast_id=owed)
    seen = Notification.objects.visible_to(followers[0])
    assert seen.count() == 1
    delete_article(author=account.owner, article=article)
    with effects():
        tell_followers(broadcast_id=owed)
    assert len(told()) == 2
    assert seen.all().visible_to(followers[0]).count() == 0


def test_the_number_of_queries_does_not_grow_with_the_batch(account, effects, django_assert_max_num_queries):
    for number in range(40):
        make.follower(account, make.person(f"reader{number}"))
    make.article(account)
    with django_assert_max_num_queries(14):
        tell_next_followers(broadcast_id=Broadcast.objects.get().pk)
    assert Follow.objects.count() == len(told()) == 40
