import pytest
from django.core import mail

from accounts.models import User
from accounts.services import block_person, decline_friend_request, remove_friend, request_friend, suspend_person
from notifications.delivery import deliver
from notifications.models import Notification
from notifications.services import badges, change_email_settings, mark_read, notify
from publicaccounts.services import delete_article, delete_comment
from tests import make

pytestmark = pytest.mark.django_db


def told(person: User) -> list[str]:
    """The kinds of what the person sees, newest first."""
    return [row.kind for row in Notification.objects.visible_to(person)]


@pytest.fixture
def comment(alice, charlie):
    return make.article_comment(charlie, make.article(make.public_account(alice)))


def test_a_friend_request_is_told_to_its_receiver_alone(alice, charlie):
    request_friend(sender=charlie, receiver=alice)
    assert told(alice) == ["friend_request"]
    assert told(charlie) == []


def test_an_acceptance_is_told_to_the_one_who_asked(alice, charlie):
    make.friends(charlie, alice)
    assert told(charlie) == ["friend_accepted"]


def test_a_declined_request_is_no_longer_shown(alice, charlie):
    friend_request = request_friend(sender=charlie, receiver=alice)
    assert told(alice) == ["friend_request"]
    decline_friend_request(receiver=alice, friend_request=friend_request)
    assert told(alice) == []
    assert told(charlie) == []


def test_nobody_is_told_of_their_own_doing(alice):
    make.article_comment(alice, make.article(make.public_account(alice)))
    assert told(alice) == []


def test_people_with_a_block_between_them_are_not_told_of_each_other(alice, charlie, mallory):
    assert notify(recipient=alice, kind="friend_accepted", actor=charlie) is not None
    assert notify(recipient=alice, kind="friend_accepted", actor=mallory) is None
    assert notify(recipient=mallory, kind="friend_accepted", actor=alice) is None
    assert Notification.objects.count() == 1


def test_suspended_people_are_not_told(alice, charlie, mod):
    suspend_person(moderator=mod, person=charlie)
    charlie.refresh_from_db()
    assert notify(recipient=charlie, kind="friend_accepted", actor=alice) is None


def test_the_same_is_not_told_twice_while_unread_and_told_again_when_read(alice, charlie):
    first = notify(recipient=alice, kind="friend_accepted", actor=charlie)
    assert notify(recipient=alice, kind="friend_accepted", actor=charlie) is None
    mark_read(person=alice, ids=[first.pk])
    assert notify(recipient=alice, kind="friend_accepted", actor=charlie) is not None


def test_without_a_target_other_data_is_another_thing(alice, charlie):
    assert notify(recipient=alice, kind="friend_accepted", actor=charlie, data={"n": 1})
    assert notify(recipient=alice, kind="friend_accepted", actor=charlie, data={"n": 2})
    assert notify(recipient=alice, kind="friend_accepted", actor=charlie, data={"n": 2}) is None


def test_it_disappears_with_what_it_is_about(alice, charlie, comment):
    assert told(alice) == ["article_comment"]
    delete_comment(actor=charlie, comment=comment)
    assert told(alice) == []


def test_it_disappears_with_what_lies_above_what_it_is_about(alice, charlie, comment):
    answer = make.article_comment(alice, comment.article, "Thank you", reply_to=comment)
    assert told(charlie) == ["article_reply"]
    delete_article(author=alice, article=answer.article)
    assert told(charlie) == []


def test_it_disappears_when_its_cause_is_blocked_and_when_suspended(alice, bob, charlie, mod):
    notify(recipient=alice, kind="friend_accepted", actor=charlie)
    notify(recipient=alice, kind="friend_accepted", actor=bob)
    assert len(told(alice)) == 2
    block_person(blocker=alice, blocked=charlie)
    assert len(told(alice)) == 1
    suspend_person(moderator=mod, person=bob)
    assert told(alice) == []


def test_the_badge_counts_what_is_seen_and_unread(alice, charlie, comment):
    request_friend(sender=charlie, receiver=alice)
    assert badges(alice) == {"chats": 0, "notifications": 2, "contacts": 1}
    mark_read(person=alice, ids=[Notification.objects.filter(kind="friend_request").get().pk])
    assert badges(alice) == {"chats": 0, "notifications": 1, "contacts": 1}
    delete_comment(actor=charlie, comment=comment)
    assert badges(alice) == {"chats": 0, "notifications": 0, "contacts": 1}


def test_the_badge_costs_the_same_however_much_waits(alice, charlie, comment, django_assert_max_num_queries):
    for number in range(30):
        make.article_comment(charlie, comment.article, f"And {number}")
    with django_assert_max_num_queries(5):
        assert badges(alice)["notifications"] == 31


def test_marking_read_touches_only_ones_own(alice, bob, charlie):
    of_alice = notify(recipient=alice, kind="friend_accepted", actor=charlie)
    of_bob = notify(recipient=bob, kind="friend_accepted", actor=charlie)
    assert mark_read(person=bob, ids=[of_alice.pk]) == 0
    of_alice.refresh_from_db()
    assert of_alice.read_at is None
    mark_read(person=bob)
    of_bob.refresh_from_db()
    assert of_bob.read_at is not None
    assert badges(alice)["notifications"] == 2  # the other one: bob agreed to be her friend


class TestByMail:
    def test_it_is_written_once_in_the_recipients_language(self, alice, charlie, effects, settings):
        settings.SITE_URL = "https://our.example"
        alice.language = "ar"
        alice.save()
        with effects():
            request_friend(sender=charlie, receiver=alice)
        [letter] = mail.outbox
        assert letter.to == [alice.email]
        html = letter.alternatives[0][0]
        assert 'lang="ar" dir="rtl"' in html
        assert "Charlie" in letter.body
        notification = Notification.objects.get(recipient=alice)
        assert f"https://our.example/notifications/{notification.pk}/" in letter.body
        assert html.count("href=") == html.count('href="https://our.example/')

    def test_running_the_task_again_sends_nothing_more(self, alice, charlie, effects):
        with effects():
            request_friend(sender=charlie, receiver=alice)
        assert len(mail.outbox) == 1
        with effects():
            deliver(Notification.objects.get(recipient=alice).pk)
        assert len(mail.outbox) == 1

    def test_a_letter_that_the_post_refuses_is_tried_again(self, alice, charlie, effects, settings):
        request_friend(sender=charlie, receiver=alice)
        notification = Notification.objects.get(recipient=alice)
        settings.EMAIL_BACKEND = "no.such.Backend"
        with pytest.raises(ImportError):
            deliver(notification.pk)
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        deliver(notification.pk)
        assert len(mail.outbox) == 1

    def test_kinds_that_are_switched_off_are_not_sent(self, alice, charlie, effects):
        change_email_settings(person=alice, email={"friend_request": False})
        with effects():
            request_friend(sender=charlie, receiver=alice)
        assert mail.outbox == []
        assert told(alice) == ["friend_request"]

    def test_kinds_that_are_switched_on_are_sent(self, alice, charlie, effects):
        change_email_settings(person=alice, email={"article_comment": True})
        article = make.article(make.public_account(alice))
        with effects():
            make.article_comment(charlie, article, "Is <b>this</b> so?")
        [letter] = mail.outbox
        assert "Is <b>this</b> so?" in letter.body
        assert "<b>this</b>" not in letter.alternatives[0][0]

    def test_what_is_hidden_before_it_leaves_does_not_leave(self, alice, charlie, comment, effects):
        change_email_settings(person=alice, email={"article_comment": True})
        waiting = Notification.objects.get(recipient=alice)
        delete_comment(actor=charlie, comment=comment)
        with effects():
            deliver(waiting.pk)
        waiting.refresh_from_db()
        assert mail.outbox == []
        assert waiting.delivered_at is None

    def test_line_ends_in_a_name_do_not_reach_the_heading(self, alice, charlie, effects):
        User.objects.filter(pk=charlie.pk).update(display_name="Char\r\nBcc: x@example.org")
        charlie.refresh_from_db()
        with effects():
            request_friend(sender=charlie, receiver=alice)
        [letter] = mail.outbox
        assert "\n" not in letter.subject
        assert letter.message()["Bcc"] is None


def test_ending_a_friendship_leaves_what_was_told(alice, bob):
    assert told(alice) == ["friend_accepted"]
    remove_friend(owner=alice, friend=bob)
    assert told(alice) == ["friend_accepted"]
