"""Who is told of likes and comments."""

from __future__ import annotations

import pytest

from moments.services import change_audience, comment_on_moment, delete_comment, like_moment, unlike_moment
from notifications.models import Notification
from tests import make

pytestmark = pytest.mark.django_db


def told(person) -> list[tuple[str, str]]:
    """Kind and actor of what a person finds on the page of notifications, oldest first."""
    rows = Notification.objects.visible_to(person).filter(kind__startswith="moment_").order_by("pk")
    return [(row.kind.removeprefix("moment_"), row.actor.handle) for row in rows]


def test_the_author_is_told_of_a_like_until_it_is_taken_back(alice, bob) -> None:
    moment = make.moment(alice)
    like_moment(person=bob, moment=moment)
    like_moment(person=bob, moment=moment)
    assert told(alice) == [("liked", "bob")]
    unlike_moment(person=bob, moment=moment)
    assert told(alice) == []


def test_nobody_is_told_of_what_they_do_themselves(alice) -> None:
    moment = make.moment(alice)
    like_moment(person=alice, moment=moment)
    comment_on_moment(author=alice, moment=moment, text="Me again")
    assert told(alice) == []


def test_earlier_commenters_are_told_only_of_comments_by_friends(alice, bob, charlie, dora) -> None:
    """Bob and dora are friends; charlie knows only alice."""
    for person in (charlie, dora):
        make.friends(alice, person)
    make.friends(bob, dora)
    moment = make.moment(alice)
    for author in (bob, charlie):
        comment_on_moment(author=author, moment=moment, text="First")
    assert told(alice) == [("commented", "bob"), ("commented", "charlie")]
    assert told(bob) == []
    comment_on_moment(author=dora, moment=moment, text="Second")
    assert told(bob) == [("also_commented", "dora")]
    assert told(charlie) == []
    comment_on_moment(author=alice, moment=moment, text="From me")
    assert told(charlie) == [("also_commented", "alice")]


def test_an_answer_is_told_once_to_whom_it_answers(alice, bob, dora) -> None:
    make.friends(alice, dora)
    make.friends(bob, dora)
    moment = make.moment(alice)
    of_bob = comment_on_moment(author=bob, moment=moment, text="First")
    comment_on_moment(author=dora, moment=moment, text="Indeed", reply_to=of_bob)
    assert told(bob) == [("replied", "dora")]
    of_alice = comment_on_moment(author=alice, moment=moment, text="Thanks", reply_to=of_bob)
    comment_on_moment(author=bob, moment=moment, text="Welcome", reply_to=of_alice)
    assert told(alice) == [("commented", "bob"), ("commented", "dora"), ("commented", "bob")]


def test_what_may_not_be_seen_any_more_is_not_told_any_more(alice, bob, dora) -> None:
    make.friends(alice, dora)
    make.friends(bob, dora)
    moment = make.moment(alice)
    comment_on_moment(author=bob, moment=moment, text="First")
    second = comment_on_moment(author=dora, moment=moment, text="Second")
    third = comment_on_moment(author=dora, moment=moment, text="Third")
    assert told(bob) == [("also_commented", "dora"), ("also_commented", "dora")]
    delete_comment(person=dora, comment=second)
    assert told(bob) == [("also_commented", "dora")]
    change_audience(author=alice, moment=moment, audience="private")
    assert told(bob) == []
    assert third.pk


def test_a_notice_leads_to_the_comment(alice, bob, web) -> None:
    moment = make.moment(alice)
    comment = comment_on_moment(author=bob, moment=moment, text="How nice")
    notice = Notification.objects.visible_to(alice).get(kind="moment_commented")
    assert notice.url() == f"/moments/{moment.pk}/#comment-{comment.pk}"
    assert "How nice" in notice.sentence()
